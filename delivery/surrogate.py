"""Which articles a page shows or links to, and the names by which a CDN can forget it.

Nothing depends on the names: a page lives for its second anyway (``delivery.answers``). They are for
the day on which something has to be gone from every edge at once, while we may not be there to be
asked. What we keep ourselves forgets by the same numbers (``delivery.pages``).
"""

import re

from django.conf import settings
from django.http import HttpResponse

# The end of an article's address, in HTML, feed, sitemap and „Location“ alike.
_ARTICLE = re.compile(rb'-(\d{1,18})/["<#]')
# Every page has the first; one that names more articles than fit into a header has the second.
SITE, MANY = "site", "many"
_MOST = 200


def articles_on(response: HttpResponse, path: str) -> frozenset[int]:
    """Return the numbers of the articles on a page; one too many forgets a page too many."""
    named = f'{path}"{response.headers.get("Location", "")}"'.encode()
    return frozenset(map(int, _ARTICLE.findall(named + response.content)))


def name_articles(response: HttpResponse, numbers: frozenset[int]) -> None:
    """Name in a header, if one is wanted, what is on a page."""
    name = settings.SURROGATE_HEADER
    if not name:
        return
    articles = [MANY] if len(numbers) > _MOST else [f"article-{number}" for number in sorted(numbers)]
    # What is called a tag, as in Cache-Tag, is separated by commas; what is called a key, by spaces.
    between = "," if name.lower().endswith("tag") else " "
    response.headers[name] = between.join([SITE, *articles])
