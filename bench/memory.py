"""Watches the memory of the application under mixed load.

    python -m bench.memory --minutes 120

One gunicorn with two processes on PostgreSQL (``--sqlite`` for SQLite). Readers of old and new
pages, wrong addresses, searches, a newsroom that saves, begins, uploads and looks at lists. Prints
the memory (PSS: what is shared is counted once) each minute, and ends with 1 if at the end it is
more than a tenth above what it was after warming up, or if a process ended: the next one is small.
"""

# ruff: noqa: T201  what is printed is what it is for

import argparse
import itertools
import statistics
import sys
import threading
import time
from collections.abc import Callable

from bench.load import german
from bench.servers import memory
from tests.faults.people import Person
from tests.faults.pictures import jpeg
from tests.faults.programs import children_of
from tests.faults.site import Site, running
from tests.postgres import end_in_order_at_sigterm

GROWTH = 1.10
ARTICLES = 2_000
# Of the whole time, at most ten minutes: caches fill, and every kind of page has been rendered.
_WARM_UP_SHARE, _WARM_UP_MOST = 0.25, 10.0
# So many samples are compared with so many: a fifth of two hours would hide what grows within it.
_AT_EACH_END = 5


class Work:
    """People at work until they are told to stop; counts what they did and what went wrong."""

    def __init__(self, site: Site) -> None:
        self.done = self.bad = 0
        self._stop = threading.Event()
        seen = itertools.cycle(["/", "/feed.xml", "/sitemap.xml", *site.content["articles"][:30]])
        all_pages = itertools.cycle(site.content["articles"])
        numbers = itertools.count(1)
        editor, chief = Person(site, "kaiser"), Person(site, "vogt")
        article = site.newsroom("begin", "Stand 0")
        lists = itertools.cycle(["/admin/", "/admin/articles/article/", "/admin/images/image/"])

        def save() -> int:
            version = editor.version(article) or 0
            return editor.save(article, version, f"Stand {next(numbers)}").status

        def upload() -> int:
            return chief.upload("/admin/images/image/add/", "foto.jpg", jpeg(next(numbers))).status

        works: list[tuple[float, Callable[[], int]]] = [
            (0.05, lambda: site.ask(next(seen), Accept_Encoding="gzip").status),
            (0.1, lambda: site.ask(next(all_pages), Accept_Encoding="br").status),
            (0.5, lambda: site.ask(f"/gibt-es-nicht-{next(numbers)}/").status),
            (0.5, lambda: site.ask(f"/suche/?q=Zahl{next(numbers)}").status),
            (1.0, lambda: chief.get(next(lists)).status),
            (1.0, save),
            (3.0, lambda: editor.write(f"Neu {next(numbers)}").status),
            (15.0, upload),
        ]
        self._threads = [threading.Thread(target=self._again, args=work) for work in works]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let all stop."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _again(self, pause: float, work: Callable[[], int]) -> None:
        while not self._stop.wait(pause):
            status = work()
            self.done += 1
            self.bad += status not in {200, 302, 404}


def watch(site: Site, minutes: float) -> bool:
    """Measure each minute; say whether memory stayed where it was."""
    work = Work(site)
    began = time.monotonic()
    warm = min(_WARM_UP_MOST, minutes * _WARM_UP_SHARE)
    samples: list[tuple[float, float]] = []
    print("| Minute | Speicher (PSS) | Anfragen | davon schlecht |\n|---|---|---|---|", flush=True)
    step = min(60.0, minutes * 60 / 20)
    processes = processes_of(site)
    try:
        for number in range(1, int(minutes * 60 / step) + 1):
            time.sleep(max(0.0, began + number * step - time.monotonic()))
            minute, size = number * step / 60, memory(site.machines[0].pid)[0]
            samples.append((minute, size))
            print(f"| {german(minute, 1)} | {german(size, 1)} MB | {work.done} | {work.bad} |", flush=True)
    finally:
        work.end()
    return judge([size for minute, size in samples if minute >= warm], work.bad, restarts(site, processes))


def restarts(site: Site, before: set[int]) -> int:
    """Return how many of the processes that there were are no more: a new one begins small."""
    return len(before - processes_of(site))


def processes_of(site: Site) -> set[int]:
    """Return gunicorn and those that it has started."""
    pid = site.machines[0].pid
    return {pid, *children_of(pid)}


def judge(sizes: list[float], bad: int, ended: int) -> bool:
    """Say whether memory stayed where it was after warming up, in processes that all lived on.

    The middle of a few at each end: a picture that is being drawn is no leak, and neither is one
    that was being drawn.
    """
    few = max(1, min(_AT_EACH_END, len(sizes) // 2))
    first, last = statistics.median(sizes[:few]), statistics.median(sizes[-few:])
    print(
        f"\nNach dem Aufwärmen {german(first, 1)} MB, am Ende {german(last, 1)} MB: "
        f"Verhältnis {german(last / first)}. Beendete Prozesse: {ended}."
    )
    return last <= first * GROWTH and not bad and not ended


def main() -> int:
    """Run and return the exit code."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--minutes", type=float, default=120)
    options.add_argument("--sqlite", action="store_true", help="SQLite statt PostgreSQL")
    asked = options.parse_args()
    end_in_order_at_sigterm()
    with running(sqlite=asked.sqlite, articles=ARTICLES) as site:
        return 0 if watch(site, asked.minutes) else 1


if __name__ == "__main__":
    sys.exit(main())
