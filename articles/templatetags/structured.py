"""``{% article_data %}`` and the like: the data blocks of a page, and its share picture."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from articles import structured_data
from articles.models import ShareCard
from authors.models import Author
from images.models import Picture

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
def author_data(author: Author, portrait: Picture | None) -> SafeString:
    """Return the data of an author's page."""
    return structured_data.script(structured_data.profile(author, portrait))


@register.simple_tag
def path_data(last: str) -> SafeString:
    """Return the breadcrumbs of a list."""
    return structured_data.script([structured_data.breadcrumbs([], last)])


@register.simple_tag
def share_image(picture: Picture | str | None, card: ShareCard | str | None = None) -> dict[str, Any]:
    """Return what a link to the page shows elsewhere; templates give "" for what is not there."""
    return structured_data.share_image(picture or None, card or None)  # type: ignore[arg-type]


@register.simple_tag
def absolute(address: str) -> str:
    """Return the public address of a path."""
    return structured_data.absolute(address)
