"""What a reader finds at a moment: the index says where, ``Edition.objects.live`` what may be seen."""

import datetime as dt
from dataclasses import dataclass

from articles.models import Edition, Section
from search import index
from search.excerpts import Excerpt, excerpt_of, marked
from search.matching import Match
from search.models import edition_at
from search.query import Query

PAGE_SIZE = 20
MOST = 10 * PAGE_SIZE  # who gets more adds a word
# Asked of the index for each field; more only where many of them are not live (any more).
_CANDIDATES = (MOST + 60, 2_000)


@dataclass(frozen=True)
class Hit:
    """A live edition and why it was found."""

    edition: Edition
    headline: Excerpt
    text: Excerpt


@dataclass(frozen=True)
class Results:
    """All that was found, best first, as numbers; a page of it as hits."""

    numbers: list[int]
    match: Match
    is_all: bool

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-len(self.numbers) // PAGE_SIZE))

    def page(self, number: int, at: dt.datetime) -> list[Hit]:
        """Return the hits of a page, counted from 1."""
        shown = self.numbers[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        live = Edition.objects.live(at).filter(pk__in=shown)
        rows = live.select_related("section", "lead_image__replacement")
        found = {row.pk: row for row in rows.defer("body", "note", "seo_title", "seo_description")}
        stems, enough = self.match.stems, len(self.match.wanted)
        return [
            Hit(e, marked(e.headline, stems), excerpt_of([e.lead, e.plain_text], stems, enough))
            for pk in shown
            if (e := found.get(pk))
        ]


def find(query: Query, at: dt.datetime, section: Section | None = None, *, by_date: bool = False) -> Results:
    """Find what is live at ``at``: hits in headlines first, then those above the text, then others;
    among equals, and with ``by_date`` among all, the newest first."""
    match = index.match_for(query, section.pk if section else None)
    if not match.wanted:
        return Results([], match, is_all=True)
    fields = index.FIELDS[-1:] if by_date else index.FIELDS
    numbers: list[int] = []
    for most in _CANDIDATES:
        rows = index.newest(match, fields, most)
        numbers = _seen_by_readers(rows, at)
        if len(numbers) > MOST or all(
            [row[0] for row in rows].count(rank) < most for rank in range(len(fields))
        ):
            break
    return Results(numbers[:MOST], match, len(numbers) <= MOST)


def _seen_by_readers(rows: list[tuple[int, int]], at: dt.datetime) -> list[int]:
    """Return the numbers of those editions that are live, in order."""
    ranks: dict[int, int] = {}
    for rank, place in rows:
        number = edition_at(place)
        ranks[number] = min(rank, ranks.get(number, rank))
    if not ranks:
        return []
    live = Edition.objects.live(at).filter(pk__in=ranks).order_by("-first_live_from", "-article_id")
    return sorted(live.values_list("pk", flat=True), key=lambda number: ranks[number])
