"""What machines ask about this process."""

from django.http import HttpRequest, HttpResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
