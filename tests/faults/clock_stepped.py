"""The clock of the machine jumps by an hour, forward and back.

nginx runs under libfaketime (Debian: libfaketime), the application under time-machine; both read
from a file how far their clock is off. PostgreSQL has no say in what is live.
"""

import datetime as dt
import shutil
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from tests.faults.outcome import Outcome, missing, under_load
from tests.faults.site import Site, ask, prepared, start_machine, start_nginx

_LIBRARIES = sorted(Path("/usr/lib").glob("**/libfaketimeMT.so.1"))
_SEEN_WITHIN = 2.0
_HOUR = 3600
# nginx may have files open so long after they are gone (open_file_cache_valid).
_FORGOTTEN = 11.0


def outcomes() -> Iterator[Outcome]:
    """Step the clock while one article waits and another one is about to end."""
    if not _LIBRARIES:
        yield missing(
            "Uhr gestellt", "libfaketime fehlt. Debian und Ubuntu: sudo apt-get install libfaketime"
        )
        return
    with prepared() as site:
        clock = _Clock(site.folder / "clock")
        half = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(minutes=30)
        coming = site.newsroom("plan", "Kommt in einer halben Stunde", half.isoformat())
        begin = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=15)  # planning takes a while
        going = site.newsroom("plan", "Geht in einer halben Stunde", begin.isoformat(), half.isoformat())
        start_machine(site, wsgi="tests.faults.clocked", environment=clock.for_python)
        start_nginx(site, environment=clock.for_nginx)
        time.sleep(max(0.0, begin.timestamp() - time.time()))
        watch = _Watch(site, clock, coming, going)
        # What the two articles are at each step shows that the clocks were off.
        yield under_load(
            "Uhr um eine Stunde vor, zurück, nach, zurück gestellt", site, watch.steps, watch.judge
        )


class _Clock:
    """How far the clock of the programs is off."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.step(0)
        self.for_python = {"CLOCK_FILE": str(file)}
        self.for_nginx = {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def step(self, seconds: int) -> None:
        """Set it; replaced whole, because the programs read it all the time."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}s\n", encoding="ascii")
        new.chmod(0o644)
        new.rename(self._file)


class _Watch:
    """Looks at the two articles and the front page after each step."""

    def __init__(self, site: Site, clock: _Clock, coming: str, going: str) -> None:
        self._site, self._clock, self._coming, self._going = site, clock, coming, going
        self._pages: dict[str, bytes] = {}
        self.facts: list[tuple[str, object, object]] = []

    def steps(self) -> None:
        """Step forward, back, further back, and to the right time.

        nginx keeps what it kept in the future until that moment comes; where a clock was ahead,
        its folder of pages is emptied (docs/betrieb.md), while everything goes on.
        """
        for name, seconds in (
            ("richtig", 0), ("eine Stunde vor", _HOUR), ("wieder richtig", 0),
            ("eine Stunde nach", -_HOUR), ("am Ende richtig", 0),
        ):  # fmt: skip
            self._clock.step(seconds)
            time.sleep(_SEEN_WITHIN)
            self._look(f"Uhr {name}, Anwendung", seconds, self._site.ports[0])
            if name == "wieder richtig":
                shown = ask(self._site.port, self._coming).status == HTTPStatus.OK
                self.facts.append(("nginx zeigt noch, was in der falschen Stunde galt", shown, True))
                for folder in (self._site.folder / "run/pages").iterdir():
                    shutil.rmtree(folder, ignore_errors=True)
                time.sleep(_FORGOTTEN)
            self._look(f"Uhr {name}, durch nginx", seconds, self._site.port)

    def judge(self, outcome: Outcome) -> None:
        """Note what was seen."""
        for what, found, wanted in self.facts:
            outcome.expect(what, found, wanted)

    def _look(self, where: str, seconds: int, port: int) -> None:
        after = seconds > 0
        statuses = ask(port, self._coming).status, ask(port, self._going).status
        # An hour ago the one that is about to end had not begun.
        wanted = (200, 404) if after else (404, 404) if seconds < 0 else (404, 200)
        self.facts.append((f"{where}: kommender und endender Artikel", statuses, wanted))
        front = ask(port, "/")
        listed = "Kommt in einer halben Stunde" in front.text
        self.facts.append((f"{where}: kommender auf der Startseite", listed, after))
        tag = front.headers["ETag"] or ""
        known = self._pages.setdefault(tag, front.body)
        self.facts.append((f"{where}: ein ETag, eine Seite", known == front.body, True))
        wrong = [
            etag
            for etag, body in self._pages.items()
            if body != front.body
            and ask(port, "/", If_None_Match=etag).status == HTTPStatus.NOT_MODIFIED
            and ask(port, "/").body != body  # nginx may have asked again meanwhile, and it is this one now
        ]
        self.facts.append((f"{where}: 304 für eine andere Seite", wrong, []))
