"""What of an edition can be found: its words by how much they weigh."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from articles.models import Edition
from search.models import place_of
from search.words import folded, more_words, stem, words

_SHORTEST_COMPOUND = 5  # signs; no shorter word has parts worth finding
_MOST_WORDS = 12_000  # of a text; PostgreSQL counts no further than 16,383


@dataclass(frozen=True)
class Text:
    """An edition as the index holds it: stems in their order."""

    place: int
    edition_id: int
    section_id: int
    headline: list[str]
    top: list[str]  # kicker, lead, topics, names
    body: list[str]
    vocabulary: dict[str, str]  # word: stem


def texts_of(editions: list[Edition]) -> list[Text]:
    """Read what can be found, in a handful of queries for all."""
    prefetch_related_objects(editions, "tag_rows__tag", "bylines__author")
    return [_text_of(edition) for edition in editions]


def _text_of(edition: Edition) -> Text:
    names = [row.author.name for row in edition.bylines.all()]
    topics = [row.tag.name for row in edition.tag_rows.all()]
    # An end of a line that no phrase can cross.
    top = [edition.kicker, edition.lead, *topics, *names]
    vocabulary: dict[str, str] = {}
    return Text(
        place=place_of(edition.first_live_from, edition.pk),
        edition_id=edition.pk,
        section_id=edition.section_id,
        headline=_stems([edition.headline], vocabulary),
        top=_stems(top, vocabulary),
        body=_stems([edition.plain_text], vocabulary),
        vocabulary=vocabulary,
    )


def _stems(parts: Iterable[str], vocabulary: dict[str, str]) -> list[str]:
    found: list[str] = []
    more: list[str] = []
    for part in parts:
        found += words(part)
        more += more_words(part)
    found = found[:_MOST_WORDS] + more[: _MOST_WORDS // 10]
    for word in found:
        plain = folded(word)
        if len(plain) >= _SHORTEST_COMPOUND and plain.isalpha():
            vocabulary[plain] = stem(word)
    return [stem(word) for word in found]
