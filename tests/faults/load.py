"""Readers and a newsroom at work while something goes wrong; every answer is remembered.

Ends by itself: after ``LONGEST`` seconds nobody asks any more.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from tests.faults.people import Person
from tests.faults.site import Answer, Site

LONGEST = 150.0
# What is read all the time, and was read before anything went wrong.
_SEEN = ("/", "/feed.xml", "/impressum/", "/korrekturen/", "/sitemap.xml")

_LIST = "/admin/articles/article/"

SEEN, UNSEEN, SEARCH, LISTS, SAVES, NEW = (
    "gesehene Seiten", "neue Seiten", "Suche", "Listen der Redaktion", "Speichern", "Anlegen",
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One question and what became of it."""

    kind: str
    path: str
    began: float
    seconds: float
    status: int
    says_when: bool  # Retry-After

    @property
    def ended(self) -> float:
        """Return when the answer was there."""
        return self.began + self.seconds

    @property
    def good(self) -> bool:
        """Say whether the person got what she asked for."""
        return self.status in {HTTPStatus.OK, HTTPStatus.FOUND}


@dataclass
class Written:
    """What one person of the newsroom was told is saved."""

    acknowledged: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


class Load:
    """The people; they come with ``with`` and go at its end."""

    def __init__(self, site: Site) -> None:
        self.hits: list[Hit] = []
        self.written = Written()
        self._site = site
        self._stop = threading.Event()
        self._end = time.time() + LONGEST
        articles = site.content["articles"]
        self._seen = [*_SEEN, site.content["section"], *articles[:20]]
        self._unseen = itertools.cycle(articles[20:])
        self._people = {name: Person(site, name) for name in ("weber", "kaiser", "vogt")}
        self._article = site.newsroom("begin", "Stand 0")
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Load":
        for path in self._seen * 2:
            self._read(SEEN, path)
        if not all(hit.good for hit in self.hits):
            raise RuntimeError(f"Schon vor der Störung geht es nicht:\n{self._site.log()[-4000:]}")
        seen = itertools.cycle(self._seen)
        searched = (f"/suche/?q=Zahl{number}" for number in itertools.count())
        works: list[tuple[float, Callable[[], object]]] = [
            (0.03, lambda: self._read(SEEN, next(seen))),
            (0.03, lambda: self._read(SEEN, "/")),
            (0.15, lambda: self._read(UNSEEN, next(self._unseen))),
            (0.5, lambda: self._read(SEARCH, next(searched))),
            (1.0, lambda: self._ask(LISTS, "liste", lambda: self._people["vogt"].get(_LIST))),
        ]
        self._threads = [threading.Thread(target=self._again, args=work) for work in works]
        self._threads += [threading.Thread(target=self._edit), threading.Thread(target=self._write)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_until_all_are_served(self, since: float, patience: float = 30.0) -> None:
        """Wait until everybody has got an answer to a question asked after a moment."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            served = {hit.kind for hit in list(self.hits) if hit.good and hit.began > since}
            if served == {SEEN, UNSEEN, SEARCH, LISTS, SAVES, NEW}:
                return
            time.sleep(0.1)

    # --- Readers -------------------------------------------------------------------------------

    def _read(self, kind: str, path: str) -> Answer:
        return self._ask(kind, path, lambda: self._site.ask(path, Accept_Encoding="gzip"))

    def _ask(self, kind: str, path: str, question: Callable[[], Answer]) -> Answer:
        began = time.time()
        answer = question()
        hit = Hit(kind, path, began, time.time() - began, answer.status, "Retry-After" in answer.headers)
        self.hits.append(hit)
        return answer

    def _again(self, pause: float, work: Callable[[], object]) -> None:
        while self._goes_on():
            work()
            self._stop.wait(pause)

    def _goes_on(self) -> bool:
        return not self._stop.is_set() and time.time() < self._end

    # --- The newsroom --------------------------------------------------------------------------

    def _edit(self) -> None:
        """Save one manuscript again and again; whoever gets no answer sends the same once more."""
        person, version = self._people["weber"], 1
        for number in itertools.count(1):
            headline = f"Stand {number}"
            status = self._until_answered(
                SAVES, headline, partial(person.save, self._article, version, headline)
            )
            version += status == HTTPStatus.FOUND
            if status == HTTPStatus.CONFLICT:
                self.written.conflicts.append(headline)
                version = self._version(person, version)
            if not self._goes_on():
                return
            self._stop.wait(0.2)

    def _write(self) -> None:
        """Begin manuscripts, each on a new sheet."""
        person = self._people["kaiser"]
        for number in itertools.count(1):
            headline = f"Neu {number}"
            self._until_answered(NEW, headline, partial(person.write, headline, **person.new_form()))
            if not self._goes_on():
                return
            self._stop.wait(1)

    def _until_answered(self, kind: str, headline: str, send: Callable[[], Answer]) -> int:
        """Send a form until it is answered; return the status."""
        while self._goes_on():
            status = self._ask(kind, headline, send).status
            if status == HTTPStatus.FOUND:
                self.written.acknowledged.append(headline)
            if status in {HTTPStatus.FOUND, HTTPStatus.CONFLICT}:
                return status
            self._stop.wait(0.3)
        return 0

    def _version(self, person: Person, known: int) -> int:
        while self._goes_on():
            if version := person.version(self._article):
                return version
            self._stop.wait(0.3)
        return known
