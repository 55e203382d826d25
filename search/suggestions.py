"""What to offer where nothing was found: only what leads to something live."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from articles.models import Edition, Section, Tag
from authors.models import Author
from renewz.lib.text import fold
from search.query import Query

_MOST = 4
_COMPARED = 1_500  # topics that begin alike
_ALIKE = 0.4


@dataclass(frozen=True)
class Suggestions:
    """Sections, topics and names that resemble the question, and the newest of all."""

    sections: list[Section]
    topics: list[Tag]
    authors: list[Author]
    newest: list[Edition]

    @property
    def nearest(self) -> str:
        """Return the topic that was probably meant."""
        return self.topics[0].name if self.topics else ""


def suggestions_for(query: Query, sections: Sequence[Section], at: dt.datetime) -> Suggestions:
    """Return what resembles the question."""
    live = Edition.objects.live(at)
    asked = [fold(word) for term in query.wanted for word in term.words]
    whole = " ".join(asked)
    return Suggestions(
        sections=[section for section in sections if _resembles(fold(section.name), whole, asked)][:_MOST],
        topics=_topics(asked, whole, at) if asked else [],
        authors=_authors(asked, at) if asked else [],
        newest=list(live.newest_first().for_lists()[:5]),
    )


def _topics(asked: list[str], whole: str, at: dt.datetime) -> list[Tag]:
    """Return the topics most alike by trigrams, of those that share a beginning."""
    beginnings = Q()
    for word in {whole, *asked}:
        beginnings |= Q(key__gte=word[0], key__lt=chr(ord(word[0]) + 1))
    keys = Tag.objects.filter(beginnings).values_list("pk", "key").order_by("key")[:_COMPARED]
    alike = sorted(((likeness(key, whole, asked), pk) for pk, key in keys), reverse=True)
    near = [pk for value, pk in alike if value >= _ALIKE][: 2 * _MOST]
    if not near:
        return []
    live = Edition.objects.live(at).filter(tag_rows__tag=OuterRef("pk"))
    found = {tag.pk: tag for tag in Tag.objects.filter(Exists(live), pk__in=near)}
    return [found[pk] for pk in near if pk in found][:_MOST]


def _authors(asked: list[str], at: dt.datetime) -> list[Author]:
    """Return those whose last name was asked for, or begins so."""
    names = Q()
    for word in asked:
        names |= Q(sort_key__startswith=word)
    live = Edition.objects.live(at).filter(bylines__author=OuterRef("pk"))
    return list(Author.objects.filter(names, Exists(live))[:_MOST])


def _resembles(key: str, whole: str, asked: list[str]) -> bool:
    return likeness(key, whole, asked) >= _ALIKE


def likeness(key: str, whole: str, asked: Sequence[str]) -> float:
    """Return how alike a name and a question are, from 0 to 1: the whole, or one of its words."""
    mine = _trigrams(key)
    return max((_shared(mine, _trigrams(word)) for word in {whole, *asked}), default=0.0)


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}
