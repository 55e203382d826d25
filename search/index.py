"""The index: which editions are in it, and where a question is found.

It holds every edition, live or not, as it was frozen; ``results`` asks which of them readers
may see. An edition never changes, so it is written once.
"""

import logging
from collections.abc import Iterator, Sequence
from itertools import batched
from types import ModuleType
from typing import Any

from django.apps.registry import Apps
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from articles.models import Edition
from search import postgres, sqlite
from search.matching import Match, Phrase
from search.models import Entry, Word
from search.query import Query, Term
from search.texts import Text, texts_of
from search.words import folded, stem

logger = logging.getLogger(__name__)

FIELDS = ("headline", "top", "anywhere")  # the weightiest first; each holds those before it
BATCH = 200
_SHORTEST_PART = 4  # signs; shorter ones are part of anything
_SHORTEST_FRONT = 3  # „produktion“ stands in „Munitionsproduktion“, „reise“ not in „Preise“
_MOST_LOOKED_UP = 300
_MOST_WORDS = 40  # that a part stands for


def install(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the database's own part; one that is there is replaced."""
    remove(apps, editor)
    for statement in _own(editor.connection.vendor).INSTALL:
        editor.execute(statement)


def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the database's own part."""
    for statement in _own(editor.connection.vendor).REMOVE:
        editor.execute(statement)


def _own(vendor: str) -> ModuleType:
    return postgres if vendor == "postgresql" else sqlite


# --- Writing -----------------------------------------------------------------------------------


def when_released(editions: Sequence[Edition], **_: Any) -> None:
    """Take in what was released. A fault here must not spoil a release that has happened."""
    try:
        add(editions)
    except DatabaseError:
        logger.exception("search not written", extra={"editions": [edition.pk for edition in editions]})


def add(editions: Sequence[Edition]) -> int:
    """Write those that are not in the index yet; return how many these were."""
    with transaction.atomic():
        known = set(
            Entry.objects.filter(edition__in=[e.pk for e in editions]).values_list("edition_id", flat=True)
        )
        missing = {edition.pk: edition for edition in editions if edition.pk not in known}
        if missing:
            texts = texts_of(list(missing.values()))
            _own(connection.vendor).insert(texts)
            _add_words(texts)
    return len(missing)


def _add_words(texts: Sequence[Text]) -> None:
    vocabulary = {word: each for text in texts for word, each in text.vocabulary.items()}
    # In one order, so that two processes cannot wait for each other.
    for words in batched(sorted(vocabulary), 5_000, strict=False):
        known = set(Word.objects.filter(word__in=words).values_list("word", flat=True))
        fresh = [Word(word=word, stem=vocabulary[word]) for word in words if word not in known]
        Word.objects.bulk_create(fresh, ignore_conflicts=True)


def add_missing() -> Iterator[int]:
    """Write all editions that are not in the index, the oldest first; yield how many so far."""
    missing = Edition.objects.filter(search_entry=None).order_by("first_live_from", "pk")
    numbers = list(missing.values_list("pk", flat=True))
    done = 0
    for batch in batched(numbers, BATCH, strict=False):
        done += add(list(Edition.objects.filter(pk__in=batch).defer("body")))
        yield done


@transaction.atomic
def empty() -> None:
    """Forget everything."""
    with connection.cursor() as cursor:
        for statement in _own(connection.vendor).EMPTY:
            cursor.execute(statement)


# --- Asking ------------------------------------------------------------------------------------


def match_for(query: Query, section_id: int | None = None) -> Match:
    """Say a question in stems: each word also as a part of the words that hold it."""
    parts = {
        plain
        for term in query.wanted
        if not term.is_phrase and len(plain := folded(term.words[0])) >= _SHORTEST_PART and plain.isalnum()
    }
    compounds = _compounds(sorted(parts))
    return Match(
        wanted=tuple(_phrases(term, compounds) for term in query.wanted),
        unwanted=tuple(_phrases(term, {}) for term in query.unwanted),
        section_id=section_id,
    )


def _phrases(term: Term, compounds: dict[str, list[str]]) -> tuple[Phrase, ...]:
    exact: Phrase = tuple(stem(word) for word in term.words)
    more = [] if term.is_phrase else compounds.get(folded(term.words[0]), [])
    return tuple(dict.fromkeys([exact, *((each,) for each in more)]))


def _compounds(parts: Sequence[str]) -> dict[str, list[str]]:
    """Return the stems of words that hold each part, those nearest to it first."""
    found: dict[str, list[str]] = {}
    if parts:
        for part, word, its_stem in _own(connection.vendor).words_holding(parts, _MOST_LOOKED_UP):
            front = word.find(part)
            if front == 0 or front >= _SHORTEST_FRONT:
                found.setdefault(part, []).append(its_stem)
    return {part: list(dict.fromkeys(stems))[:_MOST_WORDS] for part, stems in found.items()}


def newest(match: Match, fields: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Return (rank of the field, place) of the newest that match in each of the fields."""
    rows: list[tuple[int, int]] = _own(connection.vendor).newest(match, fields, most)
    return rows
