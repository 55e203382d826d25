"""Pages that the law asks for. The operator's data come from the settings and are never invented."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.views import respond


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Impressum: § 5 DDG, § 18 MStV, Art. 6 EMFA."""
    return respond(request, "frontpage/imprint.html", {"operator": settings.OPERATOR})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Datenschutzerklärung."""
    return respond(request, "frontpage/privacy.html", {"operator": settings.OPERATOR})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Erklärung zur Barrierefreiheit."""
    return respond(request, "frontpage/accessibility.html", {"operator": settings.OPERATOR})
