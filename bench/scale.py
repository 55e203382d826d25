"""Times the same pages with few and with many articles, in one run.

    python bench/scale.py --pair SQLite sqlite:////data/small.sqlite3 sqlite:////data/large.sqlite3 \\
                          --pair PostgreSQL postgresql://…/small postgresql://…/large

Both databases of a pair were filled by ``manage.py load_corpus``, the smaller one with the
beginning of the same corpus. Each database has a process of its own which calls the pages
through Django, without a network and without any page kept; they take turns, so that a machine
that is busy for a while is busy for all. In each turn a page is called for a tenth of a second, and
the last call counts. The fastest calls of both are compared too. No core sleeps meanwhile.
What misses a figure of docs/leistung.md is printed bold, and the program ends with 1. „Speichern“
leaves some hundred versions of one article in each database.
"""

# ruff: noqa: T201  what is printed is what it is for

import argparse
import json
import math
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench import servers  # noqa: E402
from bench.load import german, spread  # noqa: E402

WARM_UP = 4
# What is on the page grows with the archive, so it says little about the queries; and who searches the
# whole archive reads more of a larger one (docs/decisions/0006 and 0010): the newsroom's has its time below.
GROWS = (
    "Sitemap einer Woche",
    "Suche, häufiges Wort",
    "Suche, mehrere Wörter",
    "Suche der Redaktion, häufiges Wort",
    "Suche der Redaktion, ein bestimmter Artikel",
)
# What a page may cost: queries, and milliseconds of processor time in this process.
MOST: dict[str, tuple[int | None, float]] = {
    "Artikel": (6, 5.0),
    "Startseite": (10, 9.0),
    "Feed": (None, 10.0),
    "Sitemap einer Woche": (None, 50.0),
    "Artikelliste": (None, 80.0),
    "Schreibseite": (None, 80.0),
    "Speichern": (None, 80.0),
    "Suche der Redaktion, häufiges Wort": (None, 80.0),
    "Suche der Redaktion, ein bestimmter Artikel": (None, 80.0),
}
# How much longer the same page may take in the large database.
PUBLIC_LIMIT, NEWSROOM_LIMIT = 1.2, 1.3

Answer = dict[str, Any]
Times = dict[tuple[str, str, str], list[float]]  # by page, side and clock


@dataclass(frozen=True)
class Row:
    """One page: what is compared, small against large."""

    page: str
    small: str  # name of the page in the small database
    large: str
    is_public: bool


class Site:
    """A process that answers for one database."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=servers.environment(url, RENEWZ_PAGE_CACHE_MB="0"),
        )

    def ask(self, **question: Any) -> Answer:
        """Send a question and wait for its answer."""
        assert self.process.stdin is not None  # noqa: S101  for the type checker
        assert self.process.stdout is not None  # noqa: S101
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("Ein Messprozess ist abgebrochen, seine Meldung steht oben.")
        return json.loads(line)  # type: ignore[no-any-return]

    def close(self) -> None:
        """Let the process end."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=60)


def rows_of(small: Answer, large: Answer) -> list[Row]:
    """Return what to compare: the same names, and deep pages with the last page of the small one."""
    public = large["addresses"]
    rows = [Row(name, name, name, name in public) for name in small["pages"] if name in large["pages"]]
    last = small["deepest"]
    deep = [name for name in large["pages"] if name not in small["pages"]]
    return rows + [Row(name, last, name, is_public=True) for name in deep]


def measure(small: Site, large: Site, rows: list[Row], rounds: int) -> Times:
    """Return the times in milliseconds by (row, side, clock); sides and rows take turns."""
    times: Times = {}
    for number in range(-WARM_UP, rounds):
        for row in rows:
            sides = [("small", small, row.small), ("large", large, row.large)]
            for side, site, page in sides if number % 2 else reversed(sides):
                answer = site.ask(page=page)
                if number >= 0:
                    for clock in ("ms", "cpu"):
                        times.setdefault((row.page, side, clock), []).append(answer[clock])
    return times


def report(label: str, small: Site, large: Site, rounds: int) -> bool:
    """Measure a pair and print its table; say whether every page keeps the limit."""
    facts = small.ask(page=None), large.ask(page=None)
    rows = rows_of(*facts)
    times = measure(small, large, rows, rounds)
    few_articles, many_articles = facts[0]["articles"], facts[1]["articles"]
    print(f"\n{label}: {few_articles} und {many_articles} Artikel, {rounds} Runden, Millisekunden\n")
    print("| Seite | Abfragen | klein | groß | Verhältnis | der schnellsten | Rechenzeit, groß |")
    print("|---|---|---|---|---|---|---|")
    kept = True
    for row in rows:
        few, many = times[row.page, "small", "ms"], times[row.page, "large", "ms"]
        ratio = statistics.median(many) / statistics.median(few)
        queries = (
            small.ask(page=row.small, count=True)["queries"],
            large.ask(page=row.large, count=True)["queries"],
        )
        asked = str(queries[0]) if queries[0] == queries[1] else f"{queries[0]} / {queries[1]}"
        most_queries, most_cpu = MOST.get(row.page, (None, math.inf))
        limit = PUBLIC_LIMIT if row.is_public else NEWSROOM_LIMIT
        if row.page in GROWS:
            limit = math.inf
        cpu = statistics.median(times[row.page, "large", "cpu"])
        cells = [
            (asked, most_queries is None or max(queries) <= most_queries),
            (spread(few, 1), True),
            (spread(many, 1), True),
            (german(ratio), ratio <= limit),
            (german(min(many) / min(few)), True),
            (german(cpu, 1), cpu <= most_cpu),
        ]
        kept = kept and all(is_kept for _, is_kept in cells)
        print(f"| {row.page} | {' | '.join(t if is_kept else f'**{t}**' for t, is_kept in cells)} |")
    return kept


def main() -> int:
    """Measure all pairs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--pair", nargs=3, action="append", required=True, metavar=("NAME", "KLEIN", "GROSS"),
        help="Bezeichnung und zwei DATABASE_URLs",
    )  # fmt: skip
    parser.add_argument(
        "--rounds", type=int, default=25, help="gezählte Aufrufe je Seite und Datenbank (mindestens 15)"
    )
    arguments = parser.parse_args()
    kept = True
    for label, small_url, large_url in arguments.pair:
        small, large = Site(small_url), Site(large_url)
        with servers.no_core_asleep():
            kept = report(label, small, large, max(15, arguments.rounds)) and kept
        small.close()
        large.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
