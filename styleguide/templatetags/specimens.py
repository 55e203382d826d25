"""``{% specimen %}`` frames a component on the style page; ``{% part %}`` shows a piece of a whole page."""

import re
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import escape
from lxml import html

register = template.Library()

_POINTS_AT_ID = "id|for|aria-labelledby|aria-controls|aria-describedby|popovertarget|href"


class SpecimenNode(template.Node):
    """A component on its stage, under its name."""

    def __init__(self, title: FilterExpression, form: FilterExpression | None, content: NodeList) -> None:
        self.title, self.form, self.content = title, form, content

    def render(self, context: Context) -> str:
        title = escape(self.title.resolve(context))
        form = self.form.resolve(context) if self.form else ""
        stage = _apart(self.content.render(context), next(context["specimen_numbers"]))
        return (
            f'<div class="specimen {form}"><p class="specimen-title">{title}</p>\n'
            f'<div class="specimen-stage">{stage}</div></div>'
        )


def _apart(markup: str, number: int) -> str:
    """Give the anchors of a specimen names of their own: a page has each component once, this one often."""
    known = set(re.findall(r'\sid="([^"]+)"', markup))

    def renamed(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        if name == "href":
            words = [f"#{value[1:]}~{number}" if value[:1] == "#" and value[1:] in known else value]
        else:
            words = [f"{word}~{number}" if word in known else word for word in value.split()]
        return f' {name}="{" ".join(words)}"'

    return re.sub(rf'\s({_POINTS_AT_ID})="([^"]*)"', renamed, markup)


@register.tag
def specimen(parser: Parser, token: Token) -> SpecimenNode:
    """``{% specimen "Titel" ["wide"|"half"] %}…{% endspecimen %}``."""
    title, *form = map(parser.compile_filter, token.split_contents()[1:])
    content = parser.parse(("endspecimen",))
    parser.delete_first_token()
    return SpecimenNode(title, form[0] if form else None, content)


class PartNode(template.Node):
    """What an XPath finds in a page that is rendered with the names in sight."""

    def __init__(self, page: FilterExpression, path: FilterExpression) -> None:
        self.page, self.path = page, path

    def render(self, context: Context) -> str:
        # Without sections the head of a page asks the database for nothing.
        values: dict[str, Any] = {str(name): value for name, value in context.flatten().items()} | {
            "sections": []
        }
        tree = html.document_fromstring(get_template(self.page.resolve(context)).render(values))
        found = tree.xpath(self.path.resolve(context))
        markup = "".join(html.tostring(element, encoding="unicode", with_tail=False) for element in found)
        return markup.replace("</source>", "")  # libxml2 does not know yet that it is empty


@register.tag
def part(parser: Parser, token: Token) -> PartNode:
    """``{% part "404.html" "//main/*" %}``."""
    _, page, path = token.split_contents()
    return PartNode(parser.compile_filter(page), parser.compile_filter(path))


class SourceNode(template.Node):
    """Markup as readers of markup see it."""

    def __init__(self, content: NodeList) -> None:
        self.content = content

    def render(self, context: Context) -> str:
        lines = [line.strip() for line in self.content.render(context).splitlines() if line.strip()]
        return f'<pre class="specimen-source" tabindex="0"><code>{escape(chr(10).join(lines))}</code></pre>'


@register.tag
def markup(parser: Parser, token: Token) -> SourceNode:
    """``{% markup %}…{% endmarkup %}`` shows what machines read."""
    content = parser.parse(("endmarkup",))
    parser.delete_first_token()
    return SourceNode(content)
