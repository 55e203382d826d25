"""Pages of a list without counting and without offsets: each begins below a named article.

``?vor=123`` is the page that follows article 123. The address stays true when new articles
come, and page 500 costs what page 1 costs.
"""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from articles.models import Edition
from articles.models.edition import EditionQuerySet

PAGE_SIZE = 20


@dataclass(frozen=True)
class Page:
    """One page of a list of editions."""

    editions: list[Edition]
    is_first: bool
    older: str  # query string of the next page, empty on the last

    def __bool__(self) -> bool:
        return bool(self.editions)


def page_of(editions: EditionQuerySet, request: HttpRequest, at: dt.datetime, size: int = PAGE_SIZE) -> Page:
    """Return the page that the request asks for. Raises Http404 for an address that never was."""
    anchor = request.GET.get("vor", "")
    if anchor:
        editions = editions.older_than(*_place_of(anchor, at))
    rows = list(editions.newest_first().for_lists()[: size + 1])
    if anchor and not rows:
        raise Http404
    older = f"?vor={rows[size - 1].article_id}" if len(rows) > size else ""
    return Page(rows[:size], not anchor, older)


def _place_of(anchor: str, at: dt.datetime) -> tuple[dt.datetime, int]:
    """Return where an article stands in lists; it may be gone, the place stays."""
    if not (anchor.isascii() and anchor.isdigit() and len(anchor) < 16 and anchor[0] != "0"):
        raise Http404  # one address for one page
    place = (
        Edition.objects.begun(at)
        .filter(article=int(anchor))
        .order_by("number")
        .values_list("first_live_from", "article_id")
        .first()
    )
    if place is None:
        raise Http404
    return place
