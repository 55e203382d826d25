"""What every request gets before any view runs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from delivery import state
from delivery.views import service_unavailable

View = Callable[[HttpRequest], HttpResponse]

# Nothing on these pages uses the reader's camera, place or payment; say so to the browser.
_FEATURES = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=(), browsing-topics=()"
)
# Questions about this process, and files: they are answered without a database.
_ASKS_NO_DATABASE = ("/healthz", "/readyz", "/media/")


def moment(get_response: View) -> View:
    """Give the request its one moment, ``request.at``: every query of a page asks for the same."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def browser_features(get_response: View) -> View:
    """Switch off the browser features that no page of ours needs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _FEATURES)
        return response

    return middleware


def unavailable(get_response: View) -> View:
    """Ask no view for what it would have to ask of a database that does not answer.

    The last middleware, so that this answer too gets every header that the others add.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        in_vain = state.is_away() or getattr(request, "database_away", False)
        if in_vain and not request.path_info.startswith(_ASKS_NO_DATABASE):
            return service_unavailable(request)
        return get_response(request)

    return middleware
