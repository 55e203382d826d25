"""The index on PostgreSQL: tsvector with GIN. Entries and words are written by ``index``.

Every vector also holds its section („§5“) and its month („@202611“), signs that no word has:
so a frequent word is asked for in the newest months first, within the same index.
"""

from collections.abc import Sequence

from django.db import connection

from search.matching import Match
from search.models import month_at
from search.texts import Text

INSTALL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "ALTER TABLE search_entry ADD COLUMN headline tsvector NOT NULL DEFAULT '', "
    "ADD COLUMN top tsvector NOT NULL DEFAULT '', ADD COLUMN anywhere tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_entry_texts ON search_entry USING gin (headline, top, anywhere)",
    "CREATE INDEX search_word_parts ON search_word USING gin (word gin_trgm_ops)",
]
REMOVE = [
    "DROP INDEX IF EXISTS search_word_parts",
    "DROP INDEX IF EXISTS search_entry_texts",
    "ALTER TABLE search_entry DROP COLUMN IF EXISTS headline, DROP COLUMN IF EXISTS top, "
    "DROP COLUMN IF EXISTS anywhere",
]
EMPTY = ["DELETE FROM search_entry", "DELETE FROM search_word"]

_WINDOWS = (4_000, 32_000)  # articles: where a frequent word is looked for first
_MOST_MONTHS = 60
_GAP = 10  # positions between two fields, so that no phrase crosses


def insert(texts: Sequence[Text]) -> None:
    """Write texts; those that another process has written meanwhile stay."""
    rows: list[tuple[int | str, ...]] = []
    for text in texts:
        marks = f"'§{text.section_id}' '@{month_at(text.place)}'"
        vectors = [
            f"{_vector(*fields)} {marks}"
            for fields in ([text.headline], [text.headline, text.top], [text.headline, text.top, text.body])
        ]
        rows.append((text.place, text.edition_id, *vectors))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_entry(place, edition_id, headline, top, anywhere) "
            "VALUES (%s, %s, %s::tsvector, %s::tsvector, %s::tsvector) ON CONFLICT DO NOTHING",
            rows,
        )


def _vector(*fields: list[str]) -> str:
    """Return stems with their positions as PostgreSQL writes a tsvector."""
    positions: dict[str, list[int]] = {}
    place = 1
    for field in fields:
        for stem in field:
            positions.setdefault(stem, []).append(min(place, 16_383))
            place += 1
        place += _GAP
    return " ".join(f"'{stem}':{','.join(map(str, at[:255]))}" for stem, at in positions.items())


def words_holding(parts: Sequence[str], most: int) -> list[tuple[str, str, str]]:
    """Return (part, word, stem) of words that hold a part, the shortest first."""
    one = (
        "(SELECT %s::text, word, stem FROM search_word WHERE word LIKE %s "
        "ORDER BY length(word), word LIMIT %s)"
    )
    values = [value for part in parts for value in (part, f"%{part}%", most)]
    return _rows(" UNION ALL ".join([one] * len(parts)), values)


def newest(match: Match, fields: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Return (rank of the field, place) of the newest that match in each of the fields.

    GIN knows no order: a frequent word is asked for in the newest months first, in more of them
    where these are not enough. A field below one that has enough is left out.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    wanted = list(enumerate(fields))
    for months in [*_newest_months(), ""]:
        rows = _asked(match, wanted, most, months)
        full = None
        for rank, _ in wanted:
            found[rank] = [row for row in rows if row[0] == rank]
            if len(found[rank]) >= most:
                full = rank
                break
        if full is not None:
            found = {rank: found[rank] for rank in found if rank <= full}
            wanted = [(rank, field) for rank, field in wanted if rank < full]
        if not wanted:
            break
    return [row for rank in sorted(found) for row in found[rank]]


def _asked(match: Match, fields: Sequence[tuple[int, str]], most: int, months: str) -> list[tuple[int, int]]:
    # Materialized: sorted afterwards, else a plan may read the whole table backwards.
    one = (
        "(WITH hits AS MATERIALIZED (SELECT place FROM search_entry WHERE {} @@ %s::tsquery) "
        "SELECT %s::int, place FROM hits ORDER BY place DESC LIMIT %s)"
    )
    question = _expression(match) + months
    sql = " UNION ALL ".join(one.format(field) for _, field in fields)
    return _rows(sql, [value for rank, _ in fields for value in (question, rank, most)])


def _newest_months() -> list[str]:
    """Return „ & ('@202611' | …)“ for the months of the newest thousands, the fewest first."""
    one = "(SELECT place FROM search_entry ORDER BY place DESC OFFSET {} LIMIT 1)"
    columns = ", ".join(one.format(number) for number in _WINDOWS)
    [(last, *firsts)] = _rows(f"SELECT max(place), {columns} FROM search_entry", [])  # noqa: S608
    return [months for first in firsts if first is not None and (months := _months(first, last))]


def _months(first: int, last: int) -> str:
    months = [month_at(last)]
    while months[-1] > month_at(first) and len(months) <= _MOST_MONTHS:  # something may be planned for 2099
        year, number = divmod(int(months[-1]), 100)
        months.append(f"{year}{number - 1:02}" if number > 1 else f"{year - 1}12")
    return " & (" + " | ".join(f"'@{each}'" for each in months) + ")" if len(months) <= _MOST_MONTHS else ""


def _expression(match: Match) -> str:
    """Return the question in PostgreSQL's words. Stems are letters and digits, and stand in quotes."""
    asked = [_either(wanted) for wanted in match.wanted]
    if match.section_id is not None:
        asked.append(f"'§{match.section_id}'")
    asked += [f"!{_either(unwanted)}" for unwanted in match.unwanted]
    return " & ".join(asked)


def _either(phrases: Sequence[tuple[str, ...]]) -> str:
    quoted = (
        " <-> ".join("'" + stem.replace("'", "").replace("\\", "") + "'" for stem in p) for p in phrases
    )
    return "(" + " | ".join(f"({phrase})" for phrase in quoted) + ")"


def _rows(sql: str, values: Sequence[str | int]) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
