"""``make test``: the whole suite on SQLite, then the same suite on PostgreSQL.

Each database gets three passes: what is small; the start of what production starts; the journeys in
the browser. Every pass runs, whatever the one before said; one failure fails the whole. A real browser
on a busy machine can be late: what failed there is run once more, alone, and the result names it either
way. What production starts keeps its promises the first time, or has broken them.
Words after ``python -m tests`` go to pytest: ``python -m tests -k breaking``. A pass in which nothing
is called so says nothing, as long as another one found something.
"""

# ruff: noqa: S603, T201  fixed commands without a shell; this module talks to a person

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.browser import find_chromium
from tests.postgres import end_in_order_at_sigterm, server

_SMALL, _BROWSER = "Einzelteile", "im Browser"
# Only what failed a moment ago; where nothing did, for example at a fault of the run itself, nothing
# is proved by it.
_ONCE_MORE = ["-m", "e2e", "--last-failed", "--last-failed-no-failures=none"]
_PASSES = {
    _SMALL: "not e2e and not deploy",
    "im Betrieb": "deploy and not e2e",
    _BROWSER: "e2e",
}
_ON_ALL_CORES = ["-n", "auto"]
# Few, long, and with servers and papers that a file builds once: each core begins with files of its
# own, and whoever is done takes over from the other.
_BY_FILE = ["--dist", "worksteal"]
_NO_TESTS = 5


@dataclass
class _Result:
    name: str
    code: int
    closing: str
    seconds: float
    settled: bool = False  # what failed passed the second time

    @property
    def mark(self) -> str:
        return "↻" if self.settled else {0: "✓", _NO_TESTS: "–"}.get(self.code, "✗")


def _run_pass(name: str, arguments: list[str], environment: dict[str, str]) -> _Result:
    """Run pytest once, show what it says as it says it, and keep its last line."""
    print(f"\n{'═' * 100}\n  {name}\n{'═' * 100}", flush=True)
    started = time.monotonic()
    color = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *color, *arguments]
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    closing = ""
    try:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    except SystemExit:
        process.send_signal(signal.SIGINT)  # at Ctrl-C the terminal tells pytest itself
        raise
    finally:
        code = process.wait()
    if code == _NO_TESTS:  # an empty pass proves nothing
        closing = "kein einziger Test gefunden"
    return _Result(name, code, closing.strip("= "), time.monotonic() - started)


def _holds(results: list[_Result], chosen: bool) -> bool:
    """Tell whether all is proved: by every pass, or by each in which one of the chosen tests is."""
    sound = [result.code == 0 or result.settled for result in results]
    neutral = [chosen and result.code == _NO_TESTS for result in results]
    return any(sound) and all(one or other for one, other in zip(sound, neutral, strict=True))


def main(extra: list[str]) -> int:
    """Run the passes, print what came of them, and return the exit code."""
    end_in_order_at_sigterm()
    # All other settings are tests/conftest.py's. Playwright keeps an event loop in the thread in
    # which the tests use the ORM, which Django takes for a mistake.
    common = {**os.environ, "RENEWZ_CHROMIUM": str(find_chromium()), "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    results = []
    with server() as postgres:
        for database, url, without in (
            ("SQLite", "sqlite:///:memory:", ""),
            # Without what a database cannot change.
            ("PostgreSQL", postgres.url, " and not once"),
        ):
            environment = common | {"DATABASE_URL": url}
            for name, marks in _PASSES.items():
                spread = _ON_ALL_CORES if name == _SMALL else [*_ON_ALL_CORES, *_BY_FILE]
                arguments = [*spread, "-m", f"{marks}{without}", *extra]
                result = _run_pass(f"{database}: {name}", arguments, environment)
                results.append(result)
                if name == _BROWSER and result.code not in {0, _NO_TESTS}:
                    again = [*_ONCE_MORE, *extra]
                    results.append(_run_pass(f"{database}: noch einmal", again, environment))
                    result.settled = results[-1].code == 0

    print(f"\n{'═' * 100}\n  Ergebnis")
    for result in results:
        print(f"  {result.mark} {result.name:<37} {result.seconds:5.0f} s   {result.closing}")
    good = _holds(results, chosen=bool(extra))
    print("  Alles bestanden." if good else "  NICHT bestanden.", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nAbgebrochen.")
