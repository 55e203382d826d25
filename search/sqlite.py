"""The index on SQLite: FTS5. Entries and words are written by ``index``."""

from collections.abc import Sequence

from django.db import connection

from search.matching import Match
from search.texts import Text

INSTALL = [
    # No copy of the texts: a hit is a place, and the place names the edition.
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "headline, top, body, section, content='', tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE search_parts USING fts5("
    "word, content='search_word', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER search_parts_insert AFTER INSERT ON search_word BEGIN "
    "INSERT INTO search_parts(rowid, word) VALUES (NEW.id, NEW.word); END",
]
REMOVE = [
    "DROP TRIGGER IF EXISTS search_parts_insert",
    "DROP TABLE IF EXISTS search_parts",
    "DROP TABLE IF EXISTS search_index",
]
EMPTY = [
    "INSERT INTO search_index(search_index) VALUES ('delete-all')",
    "DELETE FROM search_entry",
    "DELETE FROM search_word",
    "INSERT INTO search_parts(search_parts) VALUES ('rebuild')",
]
_COLUMNS = {"headline": "{headline}", "top": "{headline top}", "anywhere": "{headline top body}"}


def insert(texts: Sequence[Text]) -> None:
    """Write texts that are not there yet; the caller holds the transaction."""
    rows = [
        (text.place, " ".join(text.headline), " ".join(text.top), " ".join(text.body), f"r{text.section_id}")
        for text in texts
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO search_entry(place, edition_id) VALUES (%s, %s)",
                           [(text.place, text.edition_id) for text in texts])  # fmt: skip
        cursor.executemany(
            "INSERT INTO search_index(rowid, headline, top, body, section) VALUES (%s, %s, %s, %s, %s)", rows
        )


def words_holding(parts: Sequence[str], most: int) -> list[tuple[str, str, str]]:
    """Return (part, word, stem) of words that hold a part, the shortest first."""
    one = (
        "SELECT * FROM (SELECT %s, word, stem FROM search_word WHERE id IN "
        "(SELECT rowid FROM search_parts WHERE search_parts MATCH %s) ORDER BY length(word), word LIMIT %s)"
    )
    values = [value for part in parts for value in (part, f'"{part}"', most)]
    return _rows(" UNION ALL ".join([one] * len(parts)), values)


def newest(match: Match, fields: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Return (rank of the field, place) of the newest that match in each of the fields.

    FTS5 walks its lists from the newest backwards and stops: a frequent word costs no more.
    """
    one = (
        "SELECT * FROM (SELECT %s, rowid FROM search_index WHERE search_index MATCH %s "
        "ORDER BY rowid DESC LIMIT %s)"
    )
    values = [v for rank, field in enumerate(fields) for v in (rank, _expression(match, field), most)]
    return _rows(" UNION ALL ".join([one] * len(fields)), values)


def _expression(match: Match, field: str) -> str:
    """Return the question in FTS5's words. Stems are letters and digits, and stand in quotes."""
    columns = _COLUMNS[field]
    asked = " AND ".join(f"{columns} : ({_either(wanted)})" for wanted in match.wanted)
    if match.section_id is not None:
        asked += f' AND section : "r{match.section_id}"'
    for unwanted in match.unwanted:
        asked = f"({asked}) NOT {_COLUMNS['anywhere']} : ({_either(unwanted)})"
    return asked


def _either(phrases: Sequence[tuple[str, ...]]) -> str:
    return " OR ".join('"' + " ".join(phrase).replace('"', "") + '"' for phrase in phrases)


def _rows(sql: str, values: Sequence[str | int]) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
