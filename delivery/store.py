"""Rendered pages in the memory of this process.

An entry carries the state that it was rendered in. Whoever looks it up compares that with the
present one: nothing has to be purged, and what is no longer true is only of use without a database. For
that day alone pages are forgotten that name an article which readers are not to see any more.
"""

import datetime as dt
import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus

import brotli

from delivery.build import build
from delivery.state import State

# Scheme, host, path, and the one parameter that public pages know.
Key = tuple[str, str, str, str]

# Below this, compressing costs more than it saves.
_WORTH = 512
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6
# What compresses; everything else is sent as it is.
_TEXT = ("text/", "application/rss+xml", "application/xml", "application/json", "application/ld+json")
# Of each entry beside its bodies: headers, key, bookkeeping.
_OVERHEAD = 2048
# Of each article that it names.
_PER_ARTICLE = 96
# Pages that share a lock wait for each other now and then; more of them than threads is enough.
_LOCKS = 64

_COMPRESS = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY),
    # Without a time in it: the same page gives the same bytes in every process.
    "gzip": lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
}


@dataclass(frozen=True)
class Entry:
    """One page in one state, in every coding that was asked for so far ("", "gzip", "br")."""

    state: State
    tag: str
    status: int
    headers: dict[str, str]
    bodies: dict[str, bytes]
    made_at: dt.datetime
    articles: frozenset[int] = frozenset()  # the numbers of those that it names
    build: str = field(default_factory=build)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def is_of(self, state: State) -> bool:
        """Say whether it is as it would be rendered now."""
        return self.state == state and self.build == build()

    def compresses(self) -> bool:
        """Say whether a compressed body is worth it."""
        kind = self.headers.get("Content-Type", "")
        return len(self.bodies[""]) >= _WORTH and kind.startswith(_TEXT)

    def size(self) -> int:
        """Return about how many bytes of memory it takes."""
        return sum(map(len, self.bodies.values())) + _OVERHEAD + _PER_ARTICLE * len(self.articles)


class Store:
    """The entries of this process, the least recently used thrown out first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._gone: tuple[frozenset[int], dt.datetime | None] = (frozenset(), None)
        self._lock = threading.Lock()
        self._making = [threading.Lock() for _ in range(_LOCKS)]

    def get(self, key: Key) -> Entry | None:
        """Return what was kept last, true or not any more."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry in the place of an older one."""
        with self._lock:
            self._remove(key)
            if self._shows_what_is_gone(entry):
                return
            self._entries[key] = entry
            self.size += entry.size()
            self._shrink()

    def drop(self, key: Key) -> None:
        """Forget a page that is none any more."""
        with self._lock:
            self._remove(key)

    def forget(self, gone: frozenset[int], at: dt.datetime) -> None:
        """Forget what was made up to ``at`` and names one of these articles; what is being made too."""
        with self._lock:
            self._gone = (gone, at)
            for key in [key for key, entry in self._entries.items() if self._shows_what_is_gone(entry)]:
                self._remove(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._gone = (frozenset(), None)
            self._entries.clear()
            self.size = 0

    def body(self, key: Key, entry: Entry, coding: str) -> bytes:
        """Return the body of an entry in a coding: made when it is first asked for, and counted."""
        with entry.lock:
            if coding not in entry.bodies:
                made = _COMPRESS[coding](entry.bodies[""])
                with self._lock:
                    entry.bodies[coding] = made
                    if self._entries.get(key) is entry:
                        self.size += len(made)
                        self._shrink()
            return entry.bodies[coding]

    def making(self, key: Key) -> threading.Lock:
        """Return the lock of those who want to render the same page at the same time."""
        return self._making[hash(key) % _LOCKS]

    def _shows_what_is_gone(self, entry: Entry) -> bool:
        """Say so of a page with content: one that answers 410 tells why it is gone."""
        gone, at = self._gone
        if at is None or entry.status != HTTPStatus.OK or entry.made_at > at:
            return False
        return not gone.isdisjoint(entry.articles)

    def _remove(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size()

    def _shrink(self) -> None:
        while self._entries and self.size > self.max_bytes:
            self._remove(next(iter(self._entries)))
