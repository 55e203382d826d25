"""Asks the application as a reader would: through all of its middleware, without a server."""

import io
from typing import cast
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse

from emergency.notice import Notice


class Application:
    """The application, asked by somebody with neither cookie nor session."""

    def __init__(self, notice: Notice) -> None:
        self._handler = WSGIHandler()
        self._notice = notice

    def get(self, address: str) -> HttpResponse:
        """Return the answer to an address under the public name of the site."""
        site = urlsplit(settings.SITE_URL)
        path, _, query = address.partition("?")
        request = WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
                "QUERY_STRING": query,
                "SERVER_NAME": site.hostname or "",
                "SERVER_PORT": str(site.port or (443 if settings.HTTPS else 80)),
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": site.netloc,
                "HTTP_X_FORWARDED_PROTO": site.scheme,
                "wsgi.url_scheme": site.scheme,
                "wsgi.input": io.BytesIO(),
            }
        )
        request.emergency = self._notice  # type: ignore[attr-defined]
        return cast("HttpResponse", self._handler.get_response(request))
