"""What the index remembers beside the database's own: which editions it holds, and all words.

The texts themselves stand in a table of FTS5 or in columns of PostgreSQL, see ``sqlite`` and
``postgres``.
"""

import datetime as dt

from django.db import models

from articles.models import Edition
from search.words import LONGEST

_BITS = 26  # for the number of the edition: 67 million of them
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Entry(models.Model):
    """An edition in the index. Its place tells the order of first publication, so that the
    newest are found without sorting, and the number of the edition."""

    place = models.BigIntegerField(primary_key=True)
    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="search_entry")

    class Meta:
        verbose_name = "Eintrag der Suche"
        verbose_name_plural = "Einträge der Suche"


class Word(models.Model):
    """A word of any text with its stem: what a part of a compound is looked up in."""

    word = models.CharField(max_length=LONGEST, unique=True)
    stem = models.CharField(max_length=LONGEST)

    class Meta:
        verbose_name = "Wort"
        verbose_name_plural = "Wörter"


def place_of(first_live_from: dt.datetime, edition_id: int) -> int:
    """Return where the edition stands in the index."""
    minutes = (first_live_from - _EPOCH) // dt.timedelta(minutes=1)
    return (minutes << _BITS) | edition_id


def edition_at(place: int) -> int:
    """Return the number of the edition that stands there."""
    return place & ((1 << _BITS) - 1)


def month_at(place: int) -> str:
    """Return „202611“, in universal time."""
    return f"{_EPOCH + dt.timedelta(minutes=place >> _BITS):%Y%m}"
