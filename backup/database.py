"""Database to file and back, each kind with its own means: ``sqlite`` and ``postgres``."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from backup import postgres, sqlite


class Means(NamedTuple):
    """How a kind of database is saved and brought back."""

    member: str  # what it is called in the archive
    dump: Callable[[Path], None]  # into this new file, packed with gzip
    load: Callable[[Path], None]  # from there; all of it, or nothing has changed
    last: Callable[[str], int]  # the last number that a row of this table was given
    skip: Callable[[str, int], None]  # give none up to this one any more


_MEANS = {
    "sqlite": Means("database.sqlite3.gz", sqlite.dump, sqlite.load, sqlite.last, sqlite.skip),
    "postgresql": Means("database.sql.gz", postgres.dump, postgres.load, postgres.last, postgres.skip),
}


def means() -> Means:
    """Return those of this site's database."""
    return _MEANS[connection.vendor]
