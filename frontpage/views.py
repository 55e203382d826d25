"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.context import menu
from articles.views import moment_of, respond
from frontpage.composition import compose


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show what counts now."""
    at = moment_of(request)
    sections = menu(request)
    return respond(
        request, "frontpage/front.html", {"front": compose(at, sections), "sections": sections, "at": at}
    )
