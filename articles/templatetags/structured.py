"""``{% article_data %}`` and the like: the data blocks of a page, and its share picture."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString

from articles import structured_data
from authors.models import Author
from images.models import Image

register = template.Library()


@register.simple_tag(takes_context=True)
def article_data(context: Context) -> SafeString:
    """Return the data of an article page."""
    page: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
    return structured_data.script(structured_data.article(page))


@register.simple_tag
def front_data() -> SafeString:
    """Return the data of the front page."""
    return structured_data.script(structured_data.front())


@register.simple_tag
def author_data(author: Author) -> SafeString:
    """Return the data of an author's page."""
    return structured_data.script(structured_data.profile(author))


@register.simple_tag
def path_data(last: str) -> SafeString:
    """Return the breadcrumbs of a list."""
    return structured_data.script([structured_data.breadcrumbs([], last)])


@register.simple_tag
def share_image(image: Image | str | None) -> dict[str, Any]:
    """Return the picture of the share card; the house's own where a page has none."""
    if isinstance(image, Image) and image.width >= structured_data.renditions.SHARE_WIDTH:
        return structured_data.share_image(image)
    return {
        "url": structured_data.absolute(static("img/share.png")),
        "width": 1200,
        "height": 630,
        "alt": settings.SITE_NAME,
    }


@register.simple_tag
def absolute(address: str) -> str:
    """Return the public address of a path."""
    return structured_data.absolute(address)
