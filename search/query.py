"""What a reader asks for: words, „ganze Sätze“ in quotation marks, -ohne. Knows no model."""

import re
from dataclasses import dataclass

from renewz.lib.text import clean_line
from search.words import STOP_WORDS, folded, words

LONGEST = 200  # signs; what comes after is not read
MOST_TERMS = 8

_PARTS = re.compile(r'(?<!\S)(-?)["„“”«»]([^"„“”«»]*)["“”«»]|(?<!\S)-(?=[^\W_])(\S+)|(\S+)')


@dataclass(frozen=True)
class Term:
    """One thing that must be in a text, or must not: a word, or several in this order."""

    words: tuple[str, ...]
    excluded: bool = False

    @property
    def is_phrase(self) -> bool:
        """Say whether it is more than one word."""
        return len(self.words) > 1


@dataclass(frozen=True)
class Query:
    """A question, read. ``text`` is what the field shows again."""

    text: str
    terms: tuple[Term, ...]
    was_cut: bool = False

    def __bool__(self) -> bool:
        return any(not term.excluded for term in self.terms)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Return what must be there."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """Return what must not be there."""
        return tuple(term for term in self.terms if term.excluded)


def read(text: str) -> Query:
    """Read a question of any length; nothing that a person types is an error."""
    # Cleaning costs time in proportion, so what is absurdly long is cut before.
    line = clean_line(text[: LONGEST * 4].replace("\n", " ").replace("\t", " "))
    was_cut = len(line) > LONGEST or len(text) > LONGEST * 4
    if len(line) > LONGEST:
        line = line[:LONGEST].rsplit(" ", 1)[0] if " " in line[:LONGEST] else line[:LONGEST]
    terms: dict[Term, None] = {}
    for found in _PARTS.finditer(line):
        minus, phrase, unwanted, word = found.groups()
        if phrase is not None:
            _add(terms, tuple(words(phrase)), excluded=bool(minus))
        elif unwanted is not None:
            _add(terms, tuple(words(unwanted)), excluded=True)
        else:
            for each in words(word):
                _add(terms, (each,), excluded=False)
    return Query(line, tuple(_without_stop_words(list(terms))[:MOST_TERMS]), was_cut)


def _add(terms: dict[Term, None], found: tuple[str, ...], *, excluded: bool) -> None:
    if found:
        terms[Term(found, excluded)] = None


def _without_stop_words(terms: list[Term]) -> list[Term]:
    """Leave out „der“ and „und“, unless nothing else was asked for."""
    telling = [
        term for term in terms if term.is_phrase or term.excluded or folded(term.words[0]) not in STOP_WORDS
    ]
    return telling if any(not term.excluded for term in telling) else terms
