"""Loads a corpus: articles that were published elsewhere, one JSON object a line.

Each batch is one transaction, and the log of the newsroom remembers every line (action
„import“, note „corpus:12“): a load that was interrupted is simply started again. A bad line is
named and skipped; where a batch is refused, it is halved until the line at fault is alone.

A line: ``id``, ``slug``, ``headline``, ``lead``, ``body`` (blocks p, h2, ul), ``author``,
``category`` and ``tags`` (each with ``name`` and ``slug``), ``published`` (ISO 8601 with offset)
and, with a folder of pictures only, ``image`` (``file``, ``alt``, ``caption``).
"""

import datetime as dt
import html
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import batched
from pathlib import Path
from typing import Any, BinaryIO

from django.db import DatabaseError, OperationalError, connection, reset_queries, transaction
from django.utils import timezone

from accounts.models import User
from articles import editing, publishing
from articles.choices import AiUse, BylineRole
from articles.editing import Content
from articles.models import Transition
from importers.catalogue import BadEntry, Catalogue

logger = logging.getLogger(__name__)

BATCH = 500  # articles in one transaction: on SQLite nobody else can write for about a second
MAX_LINE = 2_000_000  # bytes
MAX_ID = 2**63 - 1
# Before that there was no web, and after it somebody has mistyped.
YEARS = range(1990, 2100)

Say = Callable[[str], object]
Row = dict[str, Any]


class BadLine(ValueError):
    """A line that cannot be loaded; ``str()`` is the reason in German."""


@dataclass(frozen=True)
class Line:
    """A line that could be read."""

    number: int
    source: str
    moment: dt.datetime
    content: Content


@dataclass
class Result:
    """How a load went."""

    loaded: int = 0
    known: int = 0
    bad: int = 0


class Loader:
    """Loads a corpus in the name of ``user``; ``complain`` hears of every bad line."""

    def __init__(self, user: User, images: Path | None, say: Say, complain: Say) -> None:
        self.user = user
        self.catalogue = Catalogue(user, images)
        self.say = say
        self.complain = complain
        self.result = Result()

    def load(self, file: BinaryIO) -> Result:
        """Load what is not there yet. Raises what the doors raise if the person has no right."""
        known = loaded_sources()
        begun = time.monotonic()
        for batch in batched(_numbered(file), BATCH, strict=False):
            self._store([line for number, raw in batch if (line := self._read(number, raw, known))])
            reset_queries()  # with DEBUG Django would keep them all
            rate = self.result.loaded / (time.monotonic() - begun)
            self.say(f"Zeile {batch[-1][0]}: {self.result.loaded} Artikel geladen, {rate:.0f} je Sekunde")
        if self.result.loaded:
            refresh_statistics()
        logger.info("corpus loaded", extra={"user": self.user.pk, **vars(self.result)})
        return self.result

    def _read(self, number: int, raw: bytes, known: set[str]) -> Line | None:
        """Return the line, or None for one that is bad, empty or loaded already."""
        if not raw.strip():
            return None
        try:
            row = _parse(raw)
            source = f"corpus:{_id(row)}"
            if source in known:
                self.result.known += 1
                return None
            line = Line(number, source, _moment(row), self._content(row))
        except (BadLine, BadEntry) as reason:
            self._refuse(number, str(reason))
            return None
        known.add(source)
        return line

    def _content(self, row: Row) -> Content:
        # What the line says by itself comes first: a bad one leaves no section or author behind.
        own = Content(
            slug=_text(row, "slug"),
            headline=_text(row, "headline"),
            lead=_text(row, "lead"),
            body=_body(row),
            ai_use=AiUse.NONE,  # older than the question
        )
        image = self.catalogue.image(_object(row, "image")) if row.get("image") else None
        return replace(
            own,
            section=self.catalogue.section(_object(row, "category")),
            bylines=[(self.catalogue.author(_object(row, "author")), BylineRole.TEXT)],
            tags=[self.catalogue.tag(entry).name for entry in _list(row, "tags")],
            lead_image=image,
            lead_caption=str(row["image"].get("caption", "")) if image else "",
        )

    def _store(self, lines: list[Line]) -> None:
        """Write a batch through the two doors, all of it or, if they refuse, its halves."""
        if not lines:
            return
        now = timezone.now()
        try:
            with transaction.atomic():
                begun = [(line.content, min(line.moment, now)) for line in lines]
                articles = editing.create_many(self.user, begun)
                pairs = zip(articles, lines, strict=True)
                published = [
                    publishing.Publication(article, line.moment, line.source) for article, line in pairs
                ]
                publishing.record_many(self.user, published)
        except (editing.NotYours, publishing.NotAllowed, OperationalError):
            raise
        except (editing.EditingRefused, publishing.Refusal, DatabaseError) as error:
            if len(lines) > 1:
                middle = len(lines) // 2
                self._store(lines[:middle])
                self._store(lines[middle:])
            else:
                says = (
                    "Die Datenbank nimmt diese Werte nicht an."
                    if isinstance(error, DatabaseError)
                    else str(error)
                )
                self._refuse(lines[0].number, says)
        else:
            self.result.loaded += len(lines)

    def _refuse(self, number: int, reason: str) -> None:
        self.result.bad += 1
        self.complain(f"Zeile {number}: {reason}")


def loaded_sources() -> set[str]:
    """Return what was loaded before; 100,000 of them are some 10 MB."""
    rows = Transition.objects.filter(action="import", note__startswith="corpus:")
    return set(rows.order_by().values_list("note", flat=True).iterator())


def refresh_statistics() -> None:
    """Tell PostgreSQL's planner at once how large the tables have become.

    SQLite plans better without: where one account has written all and every state is the same,
    its statistics say that no index is worth using (docs/leistung.md).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _numbered(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with their number; of one that is too long only the beginning."""
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        rest = raw
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE + 1)
        yield number, raw


def _parse(raw: bytes) -> Row:
    if len(raw) > MAX_LINE:
        raise BadLine("Die Zeile ist länger als 2 MB.")
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine("Das ist kein UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadLine("Das ist kein JSON.") from None
    if not isinstance(row, dict):
        raise BadLine("Das ist kein JSON-Objekt.")
    return row


def _id(row: Row) -> int:
    number = row.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= MAX_ID:
        raise BadLine("„id“ fehlt oder ist keine ganze Zahl ab 1.")
    return number


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadLine(f"„{name}“ fehlt oder ist kein Text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadLine(f"„{name}“ enthält halbe Zeichen (Surrogate).") from None
    return value


def _object(row: Row, name: str) -> Row:
    value = row.get(name)
    if not isinstance(value, dict):
        raise BadLine(f"„{name}“ fehlt oder ist kein Objekt.")
    return value


def _list(row: Row, name: str) -> list[Row]:
    value = row.get(name)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise BadLine(f"„{name}“ fehlt oder ist keine Liste von Objekten.")
    return value


def _moment(row: Row) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(_text(row, "published"))
    except ValueError as error:
        if isinstance(error, BadLine):
            raise
        raise BadLine("„published“ ist kein Zeitpunkt nach ISO 8601.") from None
    if moment.tzinfo is None:
        raise BadLine("„published“ nennt keine Zeitzone.")
    if moment.year not in YEARS:
        raise BadLine(f"„published“ liegt im Jahr {moment.year}; das kann nicht sein.")
    return moment.astimezone(dt.UTC)


def _body(row: Row) -> str:
    return "\n".join(_block(block) for block in _list(row, "body"))


def _block(block: Row) -> str:
    """Return a block as HTML: what looks like markup in a text is text."""
    kind = block.get("type")
    if kind in {"p", "h2"}:
        return f"<{kind}>{html.escape(_text(block, 'text'))}</{kind}>"
    if kind == "ul":
        items = block.get("items")
        if not isinstance(items, list):
            raise BadLine("„items“ fehlt oder ist keine Liste.")
        points = "".join(f"<li>{html.escape(_text({'items': item}, 'items'))}</li>" for item in items)
        return f"<ul>{points}</ul>"
    raise BadLine("„body“ enthält einen unbekannten Block; es gibt p, h2 und ul.")
