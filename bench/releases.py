"""Measures how late planned articles come and go for readers, while processes die.

    python -m bench.releases --releases 1000 --minutes 10

Two gunicorns with two processes each, a worker, nginx in front, PostgreSQL (``--sqlite`` for SQLite). Every
article gets a beginning and an end at a random millisecond, through the doors. Readers ask its
address from a second before each moment until the right answer is there; others read front page,
section and feed all the time. Meanwhile processes are killed at random and started again.

An article is late for as long as its right answer was not there, whatever was there instead: the
old page, none, or 503. A list is late for as long after a moment as somebody asked and still got
the old one; where nobody got one for a second around a moment, nobody knows, and that counts as
unseen. Ends with 1 if anything came early, unseen or later than a second, if more than one answer
in a hundred brought no page, or if a reader looked too late to say anything.
"""

# ruff: noqa: T201, S311  what is printed is what it is for; chance here guards nothing

import argparse
import bisect
import contextlib
import itertools
import math
import os
import random
import re
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.load import german
from tests.faults.programs import children_of
from tests.faults.site import Site, ask, running, start_worker
from tests.postgres import end_in_order_at_sigterm

LATEST = 1.0
# Readers look this long before a moment, this often, and give up so long after it.
_BEFORE, _PAUSE, _AFTER = 1.0, 0.06, 15.0
_LOOKERS = 16
_PROCESSES = 2  # of each gunicorn
# So many of the newest stand on the front page, in the section and in the feed, whatever else does.
_NEWEST = 10
# So many of a hundred answers may bring no page.
_MOST_REFUSED = 1.0
_NUMBER = re.compile(r"-(\d+)/")


@dataclass(frozen=True)
class Planned:
    """An article with its two moments."""

    pk: int
    path: str
    begin: float
    end: float


@dataclass
class Measured:
    """How late each moment was seen, by kind, and what must not be."""

    late: dict[str, list[float]] = field(default_factory=dict)
    early: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    # Of the measurement itself.
    faults: list[str] = field(default_factory=list)
    # When each list was there.
    pages: list[float] = field(default_factory=list)
    answers: int = 0
    refused: int = 0
    kills: int = 0

    def refused_of_hundred(self) -> float:
        """Return how many of a hundred answers brought no page."""
        return 100 * self.refused / max(1, self.answers)

    def longest_without_a_page(self) -> float:
        """Return how long no list came, whichever."""
        return max((later - one for one, later in itertools.pairwise(sorted(self.pages))), default=0.0)

    def seen(self, kind: str, late: float) -> None:
        """Note one moment."""
        self.late.setdefault(kind, []).append(late)


# --- Articles ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A moment at which one page changes: from this on it answers so."""

    moment: float
    kind: str
    path: str
    before: int
    after: int


def events_of(planned: list[Planned]) -> list[Event]:
    """Return beginnings and ends in the order of time."""
    begins = [Event(one.begin, "Artikel erscheint", one.path, 404, 200) for one in planned]
    ends = [Event(one.end, "Artikel verschwindet", one.path, 200, 404) for one in planned]
    return sorted(begins + ends, key=lambda event: event.moment)


def look_at(ask: Callable[[str], int], event: Event, found: Measured) -> None:
    """Ask for a page from before its moment until it is as it must be."""
    if time.time() > event.moment:
        found.faults.append(f"{event.kind}: {event.path} zu spät hingesehen")
        return
    while time.time() < event.moment + _AFTER:
        status = ask(event.path)
        now = time.time()
        found.answers += 1
        found.refused += status not in {event.before, event.after}
        if status == event.after:
            if now < event.moment:
                found.early.append(f"{event.kind}: {event.path} {event.moment - now:.3f} s zu früh")
            found.seen(event.kind, max(0.0, now - event.moment))
            return
        time.sleep(_PAUSE)
    found.unseen.append(f"{event.kind}: {event.path}")


def look_at_all(site: Site, events: Iterator[Event], lock: threading.Lock, found: Measured) -> None:
    """Take one event after the other, each a second before its moment."""

    def status(path: str) -> int:
        return site.ask(path, Accept_Encoding="gzip").status

    while True:
        with lock:
            event = next(events, None)
        if event is None:
            return
        time.sleep(max(0.0, event.moment - _BEFORE - time.time()))
        look_at(status, event, found)


# --- Lists -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """What a list showed, between the beginning of a question and the end of its answer."""

    began: float
    ended: float
    shown: frozenset[int]


def read(site: Site, path: str, until: float, samples: list[Sample], found: Measured) -> None:
    """Read a list again and again."""
    while time.time() < until:
        began = time.time()
        answer = site.ask(path)
        ended = time.time()
        found.answers += 1
        if answer.status == 200:
            shown = frozenset(int(number) for number in _NUMBER.findall(answer.text))
            samples.append(Sample(began, ended, shown))
            found.pages.append(ended)
        else:
            found.refused += 1
        time.sleep(_PAUSE)


class Truth:
    """What lists have to show at each moment: changes only where an article comes or goes."""

    def __init__(self, planned: list[Planned]) -> None:
        self._planned = sorted(planned, key=lambda one: one.begin)
        self._all = frozenset(one.pk for one in planned)
        self.moments = sorted({moment for one in planned for moment in (one.begin, one.end)})

    def at(self, moment: float) -> tuple[frozenset[int], frozenset[int]]:
        """Return who must stand in a list, and who may."""
        live = [one.pk for one in self._planned if one.begin <= moment < one.end]
        return frozenset(live[-_NEWEST:]), frozenset(live)

    def fits(self, sample: Sample, moment: float) -> bool:
        """Say whether a list is true as of a moment."""
        must, may = self.at(moment)
        return must <= sample.shown and sample.shown & self._all <= may

    def missed_by(self, sample: Sample) -> float | None:
        """Return the first moment that a list does not know yet, though it was asked for later.

        Raises ValueError for a list that fits no moment up to its answer: something came early.
        """
        place = bisect.bisect_right(self.moments, sample.ended) - 1
        following = None
        while place >= -1:
            since = self.moments[place] if place >= 0 else 0.0
            if self.fits(sample, since):
                return following if following is not None and following < sample.began else None
            following, place = since, place - 1
        raise ValueError("fits no moment")


def judge(name: str, samples: list[Sample], truth: Truth, found: Measured) -> None:
    """Note for each moment how long after it somebody asked and still got the list before it.

    A moment needs a list before it and one that knows it, no longer apart than one may be late.
    """
    late = dict.fromkeys(truth.moments, 0.0)
    unseen: set[float] = set()
    last, unknown_since = -math.inf, -math.inf
    for sample in [*samples, Sample(math.inf, math.inf, frozenset())]:
        if sample.began - last > LATEST:
            unseen |= {moment for moment in truth.moments if unknown_since <= moment < sample.began}
        if sample.began == math.inf:
            break
        last, unknown_since = sample.ended, sample.began
        try:
            missed = truth.missed_by(sample)
        except ValueError:
            found.early.append(f"{name}: zeigt um {sample.ended:.3f}, was nie und noch nicht galt")
            continue
        if missed is not None:
            late[missed] = max(late[missed], sample.began - missed)
            unknown_since = missed
    for moment, value in late.items():
        if moment in unseen:
            found.unseen.append(f"{name}: {moment:.3f}")
        else:
            found.seen(name, value)


# --- The run -----------------------------------------------------------------------------------


def kill_at_random(site: Site, until: float, found: Measured) -> None:
    """Kill single processes, now and then a whole gunicorn; the next when the last one is back."""
    chance = random.Random(7)
    masters = itertools.cycle(site.machines)
    while time.time() < until:
        time.sleep(chance.uniform(2, 5))
        if any(len(children_of(one.pid)) < _PROCESSES for one in site.machines) or not all(
            ask(port, "/healthz").status == 200 for port in site.ports
        ):
            continue
        found.kills += 1
        if found.kills % 5 == 0:
            next(masters).kill()
            continue
        if found.kills % 5 == 1:
            site.workers[0].kill()
            continue
        workers = children_of(chance.choice(site.machines).pid)
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(chance.choice(workers), signal.SIGKILL)


def measure(site: Site, planned: list[Planned]) -> Measured:
    """Let readers look until everything has come and gone."""
    found, lock = Measured(), threading.Lock()
    events = iter(events_of(planned))
    until = max(one.end for one in planned) + 2
    lists = {"Startseite": "/", "Ressort": site.content["section"], "Feed": "/feed.xml"}
    samples: dict[str, list[Sample]] = {name: [] for name in lists}
    threads = [
        threading.Thread(target=look_at_all, args=(site, events, lock, found)) for _ in range(_LOOKERS)
    ]
    threads += [
        threading.Thread(target=read, args=(site, path, until, samples[name], found))
        for name, path in lists.items()
    ]
    threads.append(threading.Thread(target=kill_at_random, args=(site, until - 5, found)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    truth = Truth(planned)
    for name in lists:
        judge(name, samples[name], truth, found)
    return found


def report(found: Measured) -> bool:
    """Print the table; say whether all is as promised."""
    print("\n| was | Zeitpunkte | Median | p99 | spätestens |\n|---|---|---|---|---|")
    kept = not found.early and not found.unseen and not found.faults
    for kind, late in sorted(found.late.items()):
        worst = max(late)
        kept &= worst <= LATEST
        p99 = statistics.quantiles(late, n=100, method="inclusive")[98] if len(late) > 1 else worst
        mark = " ← zu spät" if worst > LATEST else ""
        cells = f"{german(statistics.median(late))} s | {german(p99)} s | {german(worst)} s"
        print(f"| {kind} | {len(late)} | {cells}{mark} |")
    kept &= found.refused_of_hundred() <= _MOST_REFUSED
    print(f"\nZu früh: {len(found.early)}. Nicht gesehen: {len(found.unseen)}. Getötet: {found.kills}.")
    print(
        f"{german(found.answers, 0)} Antworten, {german(found.refused, 0)} davon ohne Seite "
        f"({german(found.refused_of_hundred())} %, höchstens {german(_MOST_REFUSED, 0)}); "
        f"am längsten kam {german(found.longest_without_a_page())} s keine Liste."
    )
    if found.faults:
        print(f"Fehler der Messung: {len(found.faults)}.")
    for line in [*found.early, *found.unseen, *found.faults][:20]:
        print(f"  ✗ {line}")
    return kept


def main() -> int:
    """Plan, wait, measure; return the exit code."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--releases", type=int, default=1000)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--sqlite", action="store_true", help="SQLite statt PostgreSQL")
    asked = options.parse_args()
    end_in_order_at_sigterm()
    with running(machines=2, sqlite=asked.sqlite, articles=40, RENEWZ_TASKS="worker") as site:
        start_worker(site)
        print(f"Plane {asked.releases} Artikel …", flush=True)
        planned = [
            Planned(**row) for row in site.newsroom("release", asked.releases, int(asked.minutes * 60))
        ]
        print(f"Los in {planned[0].begin - time.time():.0f} Sekunden.", flush=True)
        found = measure(site, planned)
    return 0 if report(found) else 1


if __name__ == "__main__":
    sys.exit(main())
