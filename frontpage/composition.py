"""What stands where on the front page, worked out from what is live at one moment.

„Finde, was zählt“: one thing leads, a few stand beside it, sections follow, and nothing
stands twice. Two cheap steps: choose by number from the newest, then read those rows.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper

from articles.choices import Genre
from articles.models import Edition, EditionByline, Section
from authors.models import Author
from images.models import visible
from renewz.lib.prepared import Prepared

NEWEST_READ = 160  # candidates; a busy day has fewer
SECOND_ROW = 4
NEWEST_SHOWN = 7
OPINIONS = 3
PER_SECTION = 4


class _Candidate(NamedTuple):
    edition: int
    section: int
    genre: str
    has_picture: bool


_newest: Prepared[tuple[int, int, str, bool]] = Prepared(
    lambda at: (
        Edition.objects.live(at)
        .newest_first()
        .annotate(has_picture=ExpressionWrapper(visible("lead_image", at), output_field=BooleanField()))
        .values_list("pk", "section_id", "genre", "has_picture")[:NEWEST_READ]
    )
)
_chosen: Prepared[Edition] = Prepared(
    lambda editions: Edition.objects.filter(pk__in=editions).for_lists().order_by()
)
_names: Prepared[EditionByline] = Prepared(
    lambda editions: EditionByline.objects.filter(edition__in=editions).with_portraits()
)


class Opinion(NamedTuple):
    """A comment and who wrote it, with portrait; other teasers show no names."""

    edition: Edition
    author: Author | None


@dataclass(frozen=True)
class SectionBlock:
    """A section with its articles; ``layout`` 0 to 3 gives the page its rhythm."""

    section: Section
    editions: list[Edition]
    layout: int

    @property
    def is_thin(self) -> bool:
        """Say whether there is room for more than headlines."""
        return len(self.editions) <= 3

    @property
    def is_row(self) -> bool:
        """Say whether there is one to stand beside the first."""
        return len(self.editions) > 1


@dataclass(frozen=True)
class Front:
    """The front page as a tree of editions."""

    lead: Edition | None = None
    second: list[Edition] = field(default_factory=list)
    newest: list[Edition] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    blocks: list[SectionBlock] = field(default_factory=list)


def compose(at: dt.datetime, sections: list[Section]) -> Front:
    """Return the front page as of ``at``; three queries, and one for a section long silent."""
    pool = _candidates(at)
    lead = next((c for c in pool[:12] if c.has_picture and c.genre in {Genre.NEWS, Genre.BACKGROUND}), None)
    lead = lead or next((c for c in pool[:12] if c.genre != Genre.OPINION), None) or next(iter(pool), None)
    if lead is None:
        return Front()
    taken = {lead.edition}
    second = _take(pool, taken, SECOND_ROW, lambda c: c.genre != Genre.OPINION)
    opinions = _take(pool, taken, OPINIONS, lambda c: c.genre == Genre.OPINION)
    newest = _take(pool, taken, NEWEST_SHOWN, lambda c: True)
    chosen = {pk: _take(pool, taken, PER_SECTION, _in_section(pk)) for pk in [s.pk for s in sections]}
    if len(pool) == NEWEST_READ:
        for section in sections:
            if not chosen[section.pk]:
                chosen[section.pk] = _older_of(section, at, taken)
    rows = _rows(taken | {pk for pks in chosen.values() for pk in pks})
    return Front(
        lead=rows[lead.edition],
        second=[rows[pk] for pk in second],
        newest=[rows[pk] for pk in newest],
        opinions=_with_authors([rows[pk] for pk in opinions]),
        blocks=_blocks(sections, chosen, rows),
    )


def _candidates(at: dt.datetime) -> list[_Candidate]:
    return [_Candidate(*row) for row in _newest(at=at)]


def _take(
    pool: list[_Candidate], taken: set[int], number: int, fits: Callable[[_Candidate], bool]
) -> list[int]:
    """Take the first that fit and are not taken yet; marks them as taken."""
    fitting = (c.edition for c in pool if c.edition not in taken and fits(c))
    found = list(itertools.islice(fitting, number))
    taken.update(found)
    return found


def _in_section(pk: int) -> Callable[[_Candidate], bool]:
    return lambda candidate: candidate.section == pk


def _older_of(section: Section, at: dt.datetime, taken: set[int]) -> list[int]:
    live = Edition.objects.live(at).filter(section=section).newest_first()
    found = [pk for pk in live.values_list("pk", flat=True)[:PER_SECTION] if pk not in taken]
    taken.update(found)
    return found


def _rows(wanted: set[int]) -> dict[int, Edition]:
    return {edition.pk: edition for edition in _chosen(editions=sorted(wanted))}


def _with_authors(editions: list[Edition]) -> list[Opinion]:
    """Fetch who wrote them in one query; of several the one who is named first."""
    names = _names(editions=[edition.pk for edition in editions])
    authors = {name.edition_id: name.author for name in reversed(names)}
    return [Opinion(edition, authors.get(edition.pk)) for edition in editions]


def _blocks(
    sections: list[Section], chosen: dict[int, list[int]], rows: dict[int, Edition]
) -> list[SectionBlock]:
    filled = [section for section in sections if chosen[section.pk]]
    return [
        SectionBlock(section, [rows[pk] for pk in chosen[section.pk]], number % 4)
        for number, section in enumerate(filled)
    ]
