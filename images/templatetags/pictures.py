"""``{% picture %}``: a <picture> in AVIF, WebP and JPEG, with its size and how eagerly it is fetched."""

import datetime as dt
import functools

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from images import renditions
from images.models import Image, Picture

register = template.Library()

_SOURCE = '<source type="image/{}" srcset="{}" sizes="{}">'
_IMG = '<img src="{}" width="{}" height="{}" alt="{}" {}="{}" decoding="async" data-colour="{}">'
_EAGER, _LAZY = ("fetchpriority", "high"), ("loading", "lazy")


@register.filter
def shown(image: Image | None, at: dt.datetime) -> Picture | None:
    """Return what readers see of an image at the moment of their request, if anything."""
    return image.shown(at) if image else None


@register.simple_tag
def picture(
    shown: Picture, size: str, sizes: str = "100vw", *, eager: bool = False, decorative: bool = False
) -> SafeString:
    """Show a picture in one of the sizes of ``images/renditions.py``; ``sizes`` as in HTML.

    ``eager`` is for the one that leads the page. ``decorative`` gives an empty alt text: for
    teasers, where the headline beside it says it.
    """
    files = renditions.rendered(shown.image, size)
    return _picture(files, sizes, "" if decorative else shown.alt, shown.image.colour, bool(eager))


@functools.lru_cache(maxsize=2048)  # the same few pictures stand on most pages
def _picture(files: renditions.Rendered, sizes: str, alt: str, colour: str, eager: bool) -> SafeString:
    """Return the <picture>: the better format first, then an <img> for what knows neither."""
    base = renditions.base(files)
    rows = (
        (format_, ", ".join(f"{base}-{width}.{format_} {width}w" for width in files.widths), sizes)
        for format_ in renditions.MODERN
    )
    width = files.jpegs[0]
    how = _EAGER if eager else _LAZY
    img = format_html(_IMG, f"{base}-{width}.jpg", width, files.height(width), alt, *how, colour)
    return format_html("<picture>{}{}</picture>", format_html_join("", _SOURCE, rows), img)


# So long a worker may need for the sizes of a new picture before anybody worries.
_PATIENCE = dt.timedelta(minutes=2)


def no_sizes(image: Image) -> SafeString:
    """Say in the newsroom why there is nothing to see."""
    has_worker = settings.TASKS_RUN == "worker"
    is_new = image.uploaded_at > timezone.now() - _PATIENCE
    words = "Bildgrößen entstehen, gleich neu laden" if has_worker and is_new else "Bildgrößen fehlen"
    return format_html('<span class="picture-missing">{}</span>', words)


@register.simple_tag
def small_picture(image: Image, size: str = "natural") -> SafeString:
    """Show the smallest file of a size; the newsroom's lists use it."""
    if not image.rendered:
        return no_sizes(image)
    address, width, height = renditions.small(image, size)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">', address, width, height, image.alt
    )
