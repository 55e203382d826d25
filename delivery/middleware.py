"""What every request gets before any view runs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

View = Callable[[HttpRequest], HttpResponse]

# Nothing on these pages uses the reader's camera, place or payment; say so to the browser.
_FEATURES = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=(), browsing-topics=()"
)


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
