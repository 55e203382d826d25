"""Names by which a CDN can forget pages: those of the articles that a page shows or links to.

Nothing depends on it: a page lives for its second anyway (``delivery.answers``). It is for the day on
which something has to be gone from every edge at once, while we may not be there to be asked.
"""

import re

from django.conf import settings
from django.http import HttpResponse

# The end of an article's address, in HTML, feed and sitemap alike.
_ARTICLE = re.compile(rb'-(\d{1,18})/["<#]')
# Every page has the first; one that names more articles than fit into a header has the second.
SITE, MANY = "site", "many"
_MOST = 200


def name_articles(response: HttpResponse, path: str) -> None:
    """Name in a header, if one is wanted, what is on a page: a number too many forgets a page too many."""
    name = settings.SURROGATE_HEADER
    if not name:
        return
    numbers = {int(found) for found in _ARTICLE.findall(path.encode() + b'"' + response.content)}
    articles = [MANY] if len(numbers) > _MOST else [f"article-{number}" for number in sorted(numbers)]
    # What is called a tag, as in Cache-Tag, is separated by commas; what is called a key, by spaces.
    between = "," if name.lower().endswith("tag") else " "
    response.headers[name] = between.join([SITE, *articles])
