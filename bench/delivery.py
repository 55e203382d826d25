"""Measures how fast every kind of page leaves, against a file, a bare Django view and gunicorn alone.

    python -m bench.delivery                                   # 1,000 articles of its own
    python -m bench.delivery --database sqlite:////data/1000.sqlite3 --database sqlite:////data/…
    python -m bench.delivery --quick                           # front page and article, a minute
    python -m bench.delivery --only Feed --only Artikel

Needs wrk and nginx, nothing from the environment; databases that are named hold what ``manage.py
load_corpus`` has loaded. Everything runs on this machine and takes turns, so that a disturbance
meets all; what counts are ratios of one run. All are asked for addresses of the same length, where
they can be: who reads a longer one takes longer. wrk cannot tell a 304 from a page, so before and
after each turn somebody asks once and looks closely.

Kept pages are the same whatever lies behind them, so they are measured on the last database;
pages that are made anew on all of them. Half an hour with three databases and five rounds. Ends with
1 if a figure is missed. What making a page anew may cost is no figure here, because here gunicorn
and the leftovers of wrk are in it: ``bench/scale.py`` judges that (``MOST``).
"""

# ruff: noqa: T201  what is printed is what it is for

import argparse
import contextlib
import gzip
import shutil
import sys
import tempfile
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import brotli

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench import corpus, scale, servers  # noqa: E402
from bench.load import Load, german, load, spread  # noqa: E402
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
    *("Feed", "Sitemap einer Woche"),
)
# There is no end to what can be asked, so nothing of it is kept.
UNKEPT = ("Suche, häufiges Wort",)


class Asked(NamedTuple):
    """Where and with which headers, and what has to come: a status, and for a page how many bytes."""

    url: str
    headers: dict[str, str]
    status: HTTPStatus = HTTPStatus.OK
    coding: str = ""
    length: int = 0
    pid: int | None = None  # of the application, where it is the one that answers


def check(asked: Asked) -> None:
    """Ask once. Ends the program if something else is measured than it says."""
    answer = servers.fetch(asked.url, **asked.headers)
    found = [answer.status, answer.headers["Content-Encoding"] or "", len(answer.body)]
    if asked.status == HTTPStatus.OK:
        found.append(int(answer.headers["Content-Length"] or -1))
    wanted = [asked.status, asked.coding, asked.length, asked.length]
    if found != wanted[: len(found)]:
        raise SystemExit(f"{asked.url} mit {asked.headers}: {found} statt {wanted[: len(found)]}")


def contenders(
    stack: contextlib.ExitStack, path: str, app: tuple[str, int], web: str, static: Path
) -> dict[Contender, Asked]:
    """Return all that answers with one page: file, nginx, our application, bare Django, or gunicorn alone."""
    own, pid = app
    file = static / "page.html".rjust(len(path) - len("/static/"), "-")
    packed = {coding: servers.fetch(own + path, **_accepting(coding)).body for coding in CODINGS}
    if not packed[""] == gzip.decompress(packed["gzip"]) == brotli.decompress(packed["br"]):
        raise SystemExit(f"{path} ist in drei Packungen nicht dasselbe.")
    for coding, ending in (("", ""), ("gzip", ".gz"), ("br", ".br")):
        file.with_name(file.name + ending).write_bytes(packed[coding])
    bare, bare_pid = stack.enter_context(servers.gunicorn("bench.bare", BARE_BODY=f"{file}.gz"))
    empty, empty_pid = stack.enter_context(servers.gunicorn("bench.empty", BARE_BODY=f"{file}.gz"))
    found = {}
    for connections in (MIDDLE, *OTHERS):
        for coding in CODINGS if connections == MIDDLE else ("gzip",):
            page = Asked(web + path, _accepting(coding), coding=coding, length=len(packed[coding]))
            # nginx sends a .gz to who asks for gzip, and a .br, which are the same bytes, under its own name.
            of_file = f"{web}/static/{file.name}"
            found[Contender("Datei", coding, connections)] = (
                page._replace(url=f"{of_file}.br", coding="")
                if coding == "br"
                else page._replace(url=of_file)
            )
            found[Contender("nginx", coding, connections)] = page
        page = Asked(web + path, _accepting("gzip"), coding="gzip", length=len(packed["gzip"]))
        kept = page._replace(url=own + path, pid=pid)
        found[Contender("nginx 304", "gzip", connections)] = _known(page)
        found[Contender("Anwendung", "gzip", connections)] = kept
        found[Contender("Anwendung 304", "gzip", connections)] = _known(kept)
        found[Contender("blank", "gzip", connections)] = page._replace(url=bare + path, pid=bare_pid)
        found[Contender("leer", "gzip", connections)] = page._replace(url=empty + path, pid=empty_pid)
    return found


def _accepting(coding: str) -> dict[str, str]:
    return {"Accept-Encoding": coding} if coding else {}


def _known(page: Asked) -> Asked:
    """Ask for the same page as somebody who has it already: from the same server, each has its own tag."""
    tag = servers.fetch(page.url, **page.headers).headers["ETag"]
    known = page.headers | {"If-None-Match": tag or "*"}
    return page._replace(headers=known, status=HTTPStatus.NOT_MODIFIED, coding="", length=0)


def measured(asked: dict[Contender, Asked], rounds: int, seconds: int) -> Found:
    """Let all take turns; the first round warms up."""
    found: Found = {one: [] for one in asked}
    for number in range(rounds + 1):
        for one, where in asked.items():
            check(where)
            answers = _loaded(where, one.connections, seconds)
            check(where)
            if number:
                found[one].append(answers)
    return found


def _loaded(asked: Asked, connections: int, seconds: int) -> Load:
    """Load, and note what an answer costs the application."""
    if asked.pid is None:
        return load(asked.url, connections, seconds, asked.headers)
    before = servers.processor_seconds(asked.pid)
    answers = load(asked.url, connections, seconds, asked.headers)
    return answers._replace(processor=(servers.processor_seconds(asked.pid) - before) / answers.answers)


def made_anew(database: str, kinds: Sequence[str], addresses: dict[str, str], rounds: int) -> list[list[str]]:
    """Return how fast pages are made that nobody has kept: answers a second and processor time each.

    The time holds all that gunicorn and Django do for an answer, not what the database does.
    """
    found: dict[str, list[Load]] = {kind: [] for kind in kinds}
    with servers.gunicorn("renewz.wsgi", database, RENEWZ_PAGE_CACHE_MB="0") as (app, pid):
        asked = {kind: Asked(app + addresses[kind], {}, pid=pid) for kind in kinds}
        for where in asked.values():
            servers.fetch(where.url)
        for number in range(rounds + 1):
            for kind, where in asked.items():
                # What wrk asked for and did not wait for is made all the same: not at the next one's cost.
                servers.wait_until_idle(pid)
                answers = _loaded(where, MIDDLE, 2)
                if number:  # the first round warms up
                    found[kind].append(answers)
    return [
        [
            kind,
            spread([one.per_second for one in ones], 0),
            spread([one.processor * 1000 for one in ones], 1),
        ]
        for kind, ones in found.items()
    ]


def chosen(only: Sequence[str], *, is_quick: bool) -> Sequence[str]:
    """Return the kinds of pages to measure. Ends the program for one that there is not."""
    if unknown := set(only) - {*KINDS, *UNKEPT}:
        raise SystemExit(
            f"Gibt es nicht: {', '.join(sorted(unknown))}. Es gibt: {'; '.join(KINDS + UNKEPT)}."
        )
    return only or (QUICK if is_quick else (*KINDS, *UNKEPT))


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
    wanted = chosen(asked.only, is_quick=asked.quick)
    for program in ("wrk", "nginx"):
        if shutil.which(program, path=servers.environment("")["PATH"]) is None:
            raise SystemExit(f"{program} fehlt. Debian und Ubuntu: sudo apt-get install {program}")
    report = Report()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measure(asked.database or [corpus.own_database(folder)], wanted, report, asked)
    return min(report.missed, 1)


def measure(
    databases: Sequence[str], wanted: Sequence[str], report: Report, asked: argparse.Namespace
) -> None:
    """Print a table of what is made anew for each database, and those of what is kept."""
    rounds = 2 if asked.quick else asked.rounds
    print("Median (Quartile); was eine Vorgabe verfehlt, ist fett.")
    for database in databases:
        site = scale.Site(database)
        facts = site.ask(page=None)
        site.close()
        addresses, articles = facts["addresses"], german(facts["articles"], 0)
        kinds = [kind for kind in (*KINDS, *UNKEPT) if kind in wanted and kind in addresses]
        if asked.only and len(kinds) < len(set(asked.only)):
            raise SystemExit(f"Nicht alle davon gibt es in dieser Datenbank: {'; '.join(asked.only)}")
        report.table(
            f"Neu gerechnet, {articles} Artikel, {MIDDLE} Verbindungen",
            ["Seite", "je Sekunde", "Rechenzeit je Antwort, ms"],
            made_anew(database, kinds, addresses, rounds),
        )
    kept = [(kind, addresses[kind]) for kind in kinds if kind not in UNKEPT]
    rows, together, alone = measured_kept(databases[-1], kept, rounds, asked)
    if rows:
        print_kept(report, rows, () if asked.quick else OTHERS)
    report.table(
        f"Speicher der Anwendung in Ruhe, MB (gefordert {german(MOST_MEMORY, 0)})",
        ["zusammen (PSS)", "davon nicht geteilt"],
        [[report.most(together, MOST_MEMORY), german(alone, 1)]],
    )


def measured_kept(
    database: str, pages: Sequence[tuple[str, str]], rounds: int, asked: argparse.Namespace
) -> tuple[list[Row], float, float]:
    """Return how fast kept pages leave, and the memory of the application before."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        (folder / "static").mkdir()
        app, pid = stack.enter_context(servers.gunicorn("renewz.wsgi", database, RENEWZ_BEHIND_PROXY="true"))
        web = stack.enter_context(servers.nginx(app, folder))
        servers.fetch(app + "/")
        together, alone = servers.settled_memory(pid)
        rows = []
        for kind, path in pages:
            with contextlib.ExitStack() as turn:
                found = contenders(turn, path, (app, pid), web, folder / "static")
                taken = {
                    one: where for one, where in found.items() if one.connections == MIDDLE or not asked.quick
                }
                rows.append(Row(kind, measured(taken, rounds, asked.seconds)))
        return rows, together, alone


if __name__ == "__main__":
    sys.exit(main())
