"""``{% picture %}``: an <img> with its widths, its size and how eagerly it is fetched."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from images import renditions
from images.models import Image

register = template.Library()


@register.inclusion_tag("components/picture.html")
def picture(
    image: Image, sizes: str = "100vw", *, eager: bool = False, decorative: bool = False
) -> dict[str, Any]:
    """Show a picture. ``sizes`` as in HTML; ``eager`` for the one that leads the page.

    ``decorative`` gives an empty alt text: for teasers, where the headline beside it says it.
    """
    available = renditions.widths(image)
    fallback = min(available, key=lambda width: abs(width - 640))
    return {
        "src": renditions.url(image, fallback),
        "srcset": ", ".join(f"{renditions.url(image, width)} {width}w" for width in available),
        "sizes": sizes,
        "width": available[-1],
        "height": renditions.height_for(image, available[-1]),
        "alt": "" if decorative or image.decorative else image.alt,
        "eager": eager,
    }


@register.simple_tag
def small_picture(image: Image) -> SafeString:
    """Show the smallest rendition; the newsroom's lists use it."""
    width = renditions.small_width(image)
    height = renditions.height_for(image, width)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        renditions.url(image, width), width, height, image.alt,
    )  # fmt: skip
