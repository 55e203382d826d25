"""Measures how fast every kind of page leaves, against what a file and a bare Django view can do.

    python -m bench.delivery                                   # the database of DATABASE_URL
    python -m bench.delivery --database sqlite:////data/1000.sqlite3 --database sqlite:////data/…
    python -m bench.delivery --quick                           # front page and article, a minute
    python -m bench.delivery --only Feed --only Artikel

Takes settings from the environment, as ``manage.py`` does, and needs wrk, nginx, collected static
files and databases that ``manage.py load_corpus`` has filled. Everything runs on this machine and
takes turns, so that a disturbance meets all; what counts are ratios of one run.

Kept pages are the same whatever lies behind them, so they are measured on the last database;
pages that are made anew on all of them. 20 minutes with three databases and five rounds. Ends with
1 if a figure is missed.
"""

# ruff: noqa: T201  what is printed is what it is for

import argparse
import contextlib
import gzip
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import brotli

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench import scale, servers  # noqa: E402
from bench.load import german, load, spread  # noqa: E402
from bench.tables import (  # noqa: E402
    CODINGS,
    MIDDLE,
    MOST_MEMORY,
    OTHERS,
    Contender,
    Found,
    Report,
    Row,
    print_kept,
)

QUICK = ("Startseite", "Artikel")
KINDS = (
    *("Startseite", "Ressort", "Ressort, Seite 50", "Thema", "Autorenseite", "Artikel"),
    *("Feed", "Sitemap eines Monats"),
)
# There is no end to what can be asked, so nothing of it is kept.
UNKEPT = ("Suche, häufiges Wort",)


class Asked(NamedTuple):
    """Where and with which headers."""

    url: str
    headers: dict[str, str]


def contenders(
    stack: contextlib.ExitStack, path: str, app: str, web: str, file: Path
) -> dict[Contender, Asked]:
    """Return all that answers with one page: as file, kept by nginx, kept by the application, or bare."""
    body, headers = servers.fetch(app + path, **{"Accept-Encoding": "gzip"})
    plain = gzip.decompress(body)
    packed = {"": plain, "gzip": body, "br": servers.fetch(app + path, **{"Accept-Encoding": "br"})[0]}
    if brotli.decompress(packed["br"]) != plain:
        raise SystemExit(f"{path} ist in zwei Packungen nicht dasselbe.")
    for coding, ending in (("", ""), ("gzip", ".gz"), ("br", ".br")):
        file.with_name(file.name + ending).write_bytes(packed[coding])
    # nginx sends a .gz where it is asked for gzip; a .br under its own name, which are the same bytes.
    files = {"": f"/static/{file.name}", "gzip": f"/static/{file.name}", "br": f"/static/{file.name}.br"}
    bare, _ = stack.enter_context(servers.gunicorn("bench.bare", BARE_BODY=f"{file}.gz"))
    found = {}
    for connections in (MIDDLE, *OTHERS):
        for coding in CODINGS if connections == MIDDLE else ("gzip",):
            sent = {"Accept-Encoding": coding} if coding else {}
            found[Contender("Datei", coding, connections)] = Asked(web + files[coding], sent)
            found[Contender("nginx", coding, connections)] = Asked(web + path, sent)
        sent = {"Accept-Encoding": "gzip"}
        known = sent | {"If-None-Match": headers["ETag"]}
        found[Contender("nginx 304", "gzip", connections)] = Asked(web + path, known)
        found[Contender("Anwendung", "gzip", connections)] = Asked(app + path, sent)
        found[Contender("Anwendung 304", "gzip", connections)] = Asked(app + path, known)
        found[Contender("blank", "gzip", connections)] = Asked(bare + "/", sent)
    return found


def measured(asked: dict[Contender, Asked], rounds: int, seconds: int) -> Found:
    """Let all take turns; the first round warms up."""
    found: Found = {one: [] for one in asked}
    for number in range(rounds + 1):
        for one, (url, headers) in asked.items():
            answers = load(url, one.connections, seconds, headers)
            if number:
                found[one].append(answers)
    return found


def made_anew(database: str, kinds: Sequence[str], addresses: dict[str, str], rounds: int) -> list[list[str]]:
    """Return how fast pages are made that nobody has kept: answers a second and processor time each.

    The time holds all that gunicorn and Django do for an answer, not what the database does.
    """
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    with servers.gunicorn("renewz.wsgi", DATABASE_URL=database, RENEWZ_PAGE_CACHE_MB="0") as (app, pid):
        for kind in kinds:
            servers.fetch(app + addresses[kind])
        for _ in range(rounds):
            for kind in kinds:
                before = servers.processor_seconds(pid)
                answers = load(app + addresses[kind], MIDDLE, 2, {})
                seconds = servers.processor_seconds(pid) - before
                found[kind].append((answers.per_second, seconds / answers.answers * 1000))
    return [
        [kind, spread([rate for rate, _ in ones], 0), spread([each for _, each in ones], 1)]
        for kind, ones in found.items()
    ]


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--database", action="append", default=[], metavar="DATABASE_URL")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=1, help="eines Durchgangs von wrk")
    options.add_argument(
        "--only", action="append", default=[], metavar="SEITE", help="; ".join(KINDS + UNKEPT)
    )
    options.add_argument("--quick", action="store_true", help="nur Startseite und Artikel, zwei Runden")
    asked = options.parse_args()
    rounds = 2 if asked.quick else asked.rounds
    wanted = asked.only or (QUICK if asked.quick else (*KINDS, *UNKEPT))
    databases = asked.database or [scale.default_database()]
    report = Report()
    print("Median (Quartile); was eine Vorgabe verfehlt, ist fett.")
    for database in databases:
        site = scale.Site(database)
        facts = site.ask(page=None)
        site.close()
        addresses, articles = facts["addresses"], german(facts["articles"], 0)
        kinds = [kind for kind in (*KINDS, *UNKEPT) if kind in wanted and kind in addresses]
        report.table(
            f"Neu gerechnet, {articles} Artikel, {MIDDLE} Verbindungen",
            ["Seite", "je Sekunde", "Rechenzeit je Antwort, ms"],
            made_anew(database, kinds, addresses, rounds),
        )
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        (folder / "static").mkdir()
        app, pid = stack.enter_context(
            servers.gunicorn("renewz.wsgi", DATABASE_URL=databases[-1], RENEWZ_BEHIND_PROXY="true")
        )
        web = stack.enter_context(servers.nginx(app, folder))
        servers.fetch(app + "/")
        together, alone = servers.settled_memory(pid)
        rows = []
        for number, kind in enumerate(kind for kind in kinds if kind not in UNKEPT):
            with contextlib.ExitStack() as turn:
                all_of_it = contenders(turn, addresses[kind], app, web, folder / f"static/{number}.html")
                chosen = {
                    one: where
                    for one, where in all_of_it.items()
                    if one.connections == MIDDLE or not asked.quick
                }
                rows.append(Row(kind, measured(chosen, rounds, asked.seconds)))
    if rows:
        print_kept(report, rows, () if asked.quick else OTHERS)
    report.table(
        f"Speicher der Anwendung in Ruhe, MB (gefordert {german(MOST_MEMORY, 0)})",
        ["zusammen (PSS)", "davon nicht geteilt"],
        [[report.most(together, MOST_MEMORY), german(alone, 1)]],
    )
    return min(report.missed, 1)


if __name__ == "__main__":
    sys.exit(main())
