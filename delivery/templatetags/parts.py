"""``{% kept "name" … %}…{% endkept %}`` around what pages of one state have in common."""

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString

from delivery.parts import kept

register = template.Library()


class _Kept(Node):
    def __init__(self, words: list[FilterExpression], nodelist: NodeList) -> None:
        self.words = words
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        if not context.get("sections"):  # 500.html and 503.html have no menu, and ask for none
            return self.nodelist.render(context)
        name = tuple(word.resolve(context) for word in self.words)
        return kept(context["request"], name, lambda: self.nodelist.render(context))


@register.tag("kept")
def do_kept(parser: Parser, token: Token) -> _Kept:
    """Render what stands inside once for each state of the site.

    The arguments are a name and all that it depends on besides the moment.
    """
    words = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(words, nodelist)
