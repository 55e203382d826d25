"""Times the same pages with few and with many articles, in one run.

    python bench/scale.py --pair SQLite sqlite:////data/small.sqlite3 sqlite:////data/large.sqlite3 \\
                          --pair PostgreSQL postgresql://…/small postgresql://…/large

Both databases of a pair were filled by ``manage.py load_corpus``, the smaller one with the
beginning of the same corpus. Each database has a process of its own which calls the pages
through Django, without a network and without any page cache; the calls take turns, so that a
machine that is busy for a while is busy for all; the fastest calls of both are compared too.
Ends with 1 if a page takes longer than
``--limit`` times.
"""

# ruff: noqa: T201  what is printed is what it is for

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
WARM_UP = 4
# What is on the page grows with the archive, so it says little about the queries.
GROWS = {"Sitemap eines Monats"}

Answer = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One page: what is compared, small against large."""

    page: str
    small: str  # name of the page in the small database
    large: str


class Site:
    """A process that answers for one database."""

    def __init__(self, url: str) -> None:
        environment = {
            "RENEWZ_ENV": "demo",  # as production, but without HTTPS
            "SECRET_KEY": secrets.token_urlsafe(50),
            **os.environ,
            "DATABASE_URL": url,
            "RENEWZ_LOG_LEVEL": "ERROR",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=environment,
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
    rows = [Row(name, name, name) for name in small["pages"] if name in large["pages"]]
    last = small["deepest"]
    return rows + [Row(name, last, name) for name in large["pages"] if name not in small["pages"]]


def measure(small: Site, large: Site, rows: list[Row], rounds: int) -> dict[tuple[str, str], list[float]]:
    """Return the times in milliseconds by (row, side); sides and rows take turns."""
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(-WARM_UP, rounds):
        for row in rows:
            sides = [("small", small, row.small), ("large", large, row.large)]
            for side, site, page in sides if number % 2 else reversed(sides):
                answer = site.ask(page=page)
                if number >= 0:
                    times.setdefault((row.page, side), []).append(answer["ms"])
    return times


def report(label: str, small: Site, large: Site, rounds: int, limit: float) -> bool:
    """Measure a pair and print its table; say whether every page keeps the limit."""
    facts = small.ask(page=None), large.ask(page=None)
    rows = rows_of(*facts)
    times = measure(small, large, rows, rounds)
    few_articles, many_articles = facts[0]["articles"], facts[1]["articles"]
    print(f"\n{label}: {few_articles} und {many_articles} Artikel, {rounds} Runden, Millisekunden\n")
    print("| Seite | Abfragen | klein | groß | Verhältnis | der schnellsten |")
    print("|---|---|---|---|---|---|")
    kept = True
    for row in rows:
        few, many = times[row.page, "small"], times[row.page, "large"]
        ratio = statistics.median(many) / statistics.median(few)
        queries = (
            small.ask(page=row.small, count=True)["queries"],
            large.ask(page=row.large, count=True)["queries"],
        )
        asked = str(queries[0]) if queries[0] == queries[1] else f"{queries[0]} / {queries[1]}"
        grows = row.page in GROWS
        kept = kept and (ratio <= limit or grows)
        mark = "(wächst mit dem Inhalt)" if grows else "" if ratio <= limit else "← zu viel"
        best = min(many) / min(few)
        print(f"| {row.page} | {asked} | {spread(few)} | {spread(many)} | {ratio:.2f} {mark}| {best:.2f} |")
    return kept


def spread(times: list[float]) -> str:
    """Return median and quartiles."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{middle:.1f} ({low:.1f}–{high:.1f})"


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
        "--rounds", type=int, default=25, help="Aufrufe je Seite und Datenbank (mindestens 15)"
    )
    parser.add_argument("--limit", type=float, default=1.3, help="erlaubtes Verhältnis groß zu klein")
    arguments = parser.parse_args()
    kept = True
    for label, small_url, large_url in arguments.pair:
        small, large = Site(small_url), Site(large_url)
        kept = report(label, small, large, max(15, arguments.rounds), arguments.limit) and kept
        small.close()
        large.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
