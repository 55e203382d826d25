"""Finding rows by parts of words, fast with 100,000 of them.

The index holds trigrams, so „produktion“ finds „Munitionsproduktion“: FTS5 on SQLite,
pg_trgm on PostgreSQL, over a folded column of the table.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL

from renewz.lib.text import clean_text, fold

_SHORTEST = 3  # signs; shorter parts are in no trigram
_MAX_TERMS = 6
_INDEXED = 3  # the longest words ask the index on SQLite, the others only what it finds


class Trigrams:
    """The index ``name`` over the column ``lookup`` of one table."""

    def __init__(self, name: str, table: str) -> None:
        self.name = name
        self.table = table

    def install(self, apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        """Create the index; one that is there is replaced (SQLite loses triggers with a table)."""
        self.remove(apps, editor)
        for statement in self._postgres() if editor.connection.vendor == "postgresql" else self._sqlite():
            editor.execute(statement)

    def remove(self, apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        """Drop the index."""
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {self.name}")
            return
        for event in ("insert", "delete", "update"):
            editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}")
        editor.execute(f"DROP TABLE IF EXISTS {self.name}")

    def holding(self, rows: models.QuerySet[Any], words: str) -> models.QuerySet[Any]:
        """Return those rows that hold every one of the words, as part of a word too."""
        terms = terms_of(words)
        indexed: list[str] = []
        if connection.vendor == "sqlite":
            indexed = sorted((term for term in terms if len(term) >= _SHORTEST), key=len)[-_INDEXED:]
        for term in terms:
            if term not in indexed:
                rows = rows.filter(lookup__contains=term)
        if indexed:
            # One question for all words, and all that it finds: what else narrows the rows decides which of
            # them count. A word that stands in each of 100,000 rows costs less than a tenth of a second.
            phrases = " AND ".join('"' + term.replace('"', '""') + '"' for term in indexed)
            hits = f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH %s"  # noqa: S608
            rows = rows.filter(pk__in=RawSQL(hits, [phrases]))  # noqa: S611
        return rows

    def _sqlite(self) -> list[str]:
        name, table = self.name, self.table
        gone = f"INSERT INTO {name}({name}, rowid, lookup) VALUES ('delete', OLD.id, OLD.lookup); "  # noqa: S608
        come = f"INSERT INTO {name}(rowid, lookup) VALUES (NEW.id, NEW.lookup); "  # noqa: S608
        return [
            f"CREATE VIRTUAL TABLE {name} USING fts5("
            f"lookup, content='{table}', content_rowid='id', tokenize='trigram')",
            f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {come}END",
            f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {gone}END",
            f"CREATE TRIGGER {name}_update AFTER UPDATE OF lookup ON {table} "
            f"WHEN OLD.lookup IS NOT NEW.lookup BEGIN {gone}{come}END",
            f"INSERT INTO {name}({name}) VALUES ('rebuild')",  # noqa: S608
        ]

    def _postgres(self) -> list[str]:
        return [
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            f"CREATE INDEX {self.name} ON {self.table} USING gin (lookup gin_trgm_ops)",
        ]


def terms_of(words: str) -> list[str]:
    """Return the folded words of what somebody typed, a handful at most."""
    return fold(clean_text(words)).split()[:_MAX_TERMS]
