"""What every public template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import Section
from delivery.parts import kept


def site(request: HttpRequest) -> dict[str, Any]:
    """Return name, slogan, address and the sections of the menu (asked for when shown)."""
    return {
        "site_name": settings.SITE_NAME,
        "site_slogan": settings.SITE_SLOGAN,
        "site_url": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path,
        "sections": SimpleLazyObject(lambda: menu(request)),
    }


def menu(request: HttpRequest) -> list[Section]:
    """Return all sections in their order; pages of one state share them."""
    return kept(request, "sections", lambda: list(Section.objects.all()))
