"""The picture desk's part of the newsroom: previews, and what waits for whom on the start page."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.requests import user_of
from images import permissions, renditions, uses
from images.admin.library import ending_soon, gaps
from images.models import Image
from images.templatetags.pictures import no_sizes

register = template.Library()

SHOWN = 8
# How many of the next ends are looked at for those that anybody would miss.
_LOOKED_AT = 40
# What the fields of a file are called here.
_LABELS = {
    "creators": "Urheberin oder Urheber", "credit_line": "Bildnachweis", "caption": "Bildunterschrift",
    "headline": "Überschrift", "title": "Titel", "copyright_notice": "Copyright-Vermerk",
    "usage_terms": "Nutzungsbedingungen", "rights_url": "Rechte im Netz", "licence_end": "Lizenz bis",
    "created": "Aufgenommen", "sublocation": "Ort", "city": "Stadt", "country": "Land",
    "keywords": "Stichwörter", "source": "Quelle", "source_type": "Entstehung", "alt_text": "Alternativtext",
}  # fmt: skip
# Name of the size, width by height, what it is for.
_CROPS = (
    ("wide", "16:9", "Aufmacher"), ("teaser", "3:2", "Listen"),
    ("standard", "4:3", "Teilen"), ("square", "1:1", "klein"),
)  # fmt: skip


@register.filter
def crops(image: Image) -> tuple[tuple[str, str, str], ...]:
    """Return the shapes in which readers meet a picture."""
    return _CROPS


@register.simple_tag
def desk_picture(image: Image, size: str, width: int) -> SafeString:
    """Show one size of a picture about as wide as asked."""
    if not image.rendered:
        return no_sizes(image)
    files = renditions.rendered(image, size)
    extension, widths = ("webp", files.widths) if files.widths else ("jpg", files.jpegs)
    best = min(widths, key=lambda one: abs(one - width))
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" data-natural="{}">',
        renditions.url(files, best, extension), best, files.height(best), image.alt, _natural(image),
    )  # fmt: skip


def _natural(image: Image) -> str:
    files = renditions.rendered(image, "natural")
    best = min(files.widths, key=lambda one: abs(one - 800))
    return renditions.url(files, best, "webp")


@register.filter
def field_label(name: str) -> str:
    """Return what the desk calls a field of a file."""
    return _LABELS.get(name, name)


@register.inclusion_tag("admin/images/image/desk.html", takes_context=True)
def picture_desk(context: Context, *, always: bool = False) -> dict[str, Any]:
    """Warn those who care for pictures of what ends and of what is missing; ``always``: also of nothing."""
    user = user_of(context["request"])
    if not permissions.may_enter(user):
        return {}
    now = timezone.now()
    incomplete = Image.objects.filter(is_complete=False).select_related("uploaded_by").order_by("-pk")
    if not permissions.cares_for_all(user):
        incomplete = incomplete.filter(uploaded_by=user)
        return {"incomplete": _rows(incomplete[:SHOWN])}
    soon = ending_soon(Image.objects.select_related("replacement"), now).order_by("licensed_until", "pk")
    images = list(soon[:_LOOKED_AT])
    found = uses.uses_of(images, user, now)
    ending = [{"image": image, "uses": found[image.pk]} for image in images if found[image.pk].rows]
    return {
        "always": always,
        "ending": ending[:SHOWN],
        "incomplete": _rows(incomplete[:SHOWN]),
    }


def _rows(images: Any) -> list[dict[str, Any]]:
    return [{"image": image, "gaps": "Es fehlt: " + ", ".join(gaps(image))} for image in images]
