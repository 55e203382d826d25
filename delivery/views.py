"""What machines ask about this process, and what everybody is told when it cannot answer."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from delivery.readiness import obstacles


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the process can do its work, and in a word each what is in the way."""
    found = obstacles()
    status = HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK
    words = f"not ready: {', '.join(found)}\n" if found else "ready\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the site will be back; asks nothing of the database, which is what is away."""
    response = render(request, "503.html", {"sections": []}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "10"
    response.headers["Cache-Control"] = "no-store"
    return response
