"""What readers see of the breaking news at a moment. Reads one small table, in one query."""

import datetime as dt
from dataclasses import dataclass

from articles.models import Edition
from articles.models.edition import address_of
from frontpage.models import BreakingNews


@dataclass(frozen=True)
class Banner:
    """The line as the page shows it; ``address`` is empty while its article cannot be read."""

    number: int  # by it a browser remembers that its reader closed this one
    text: str
    since: dt.datetime
    address: str


def banner(at: dt.datetime) -> Banner | None:
    """Return the line of a moment."""
    row = BreakingNews.objects.with_address(at).live(at).first()
    if row is None:
        return None
    address = ""
    if row.section_slug:  # type: ignore[attr-defined]
        address = address_of(row.section_slug, row.article_slug, row.article_id)  # type: ignore[attr-defined, arg-type]
    return Banner(row.pk, row.text, row.starts_at, address)


def banner_of_draft(row: BreakingNews, at: dt.datetime) -> Banner:
    """Return the line of a row that is not stored: for the preview."""
    live = Edition.objects.live(at).select_related("section").filter(article=row.article_id)
    edition = live.first() if row.article_id else None
    return Banner(0, row.text, row.starts_at, edition.get_absolute_url() if edition else "")
