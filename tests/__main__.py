"""``make test``: the whole suite on SQLite, then the same suite on PostgreSQL.

Each database gets two passes: what is small; then the journeys in the browser and the start of
what production starts, a file of them on each core. Every pass runs, whatever the one before said; one
failure fails the whole. A real browser on a busy machine can be late: what failed there is run once
more, alone, and the result names it either way.
Words after ``python -m tests`` go to pytest: ``python -m tests -k markets``.
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

_BROWSER = "im Browser und im Betrieb"
# Only what failed a moment ago; where nothing did, for example at a fault of the run itself, nothing
# is proved by it.
_ONCE_MORE = ["-m", "e2e or deploy", "--last-failed", "--last-failed-no-failures=none"]
_PASSES = {
    "Einzelteile": ["-n", "auto", "-m", "not e2e and not deploy"],
    _BROWSER: ["-n", "auto", "--dist", "loadfile", "-m", "e2e or deploy"],
}
# On the second database without what a database cannot change.
_PASSES_AGAIN = _PASSES | {_BROWSER: [*_PASSES[_BROWSER][:-1], "(e2e or deploy) and not once"]}
_NO_TESTS = 5


@dataclass
class _Result:
    name: str
    good: bool
    closing: str
    seconds: float
    settled: bool = False  # what failed passed the second time


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
    return _Result(name, code == 0, closing.strip("= "), time.monotonic() - started)


def main(extra: list[str]) -> int:
    """Run the four passes, print what came of them, and return the exit code."""
    end_in_order_at_sigterm()
    # All other settings are tests/conftest.py's. Playwright keeps an event loop in the thread in
    # which the tests use the ORM, which Django takes for a mistake.
    common = {**os.environ, "RENEWZ_CHROMIUM": str(find_chromium()), "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    results = []
    with server() as postgres:
        for database, url, passes in (
            ("SQLite", "sqlite:///:memory:", _PASSES),
            ("PostgreSQL", postgres.url, _PASSES_AGAIN),
        ):
            environment = common | {"DATABASE_URL": url}
            for name, arguments in passes.items():
                result = _run_pass(f"{database}: {name}", [*arguments, *extra], environment)
                results.append(result)
                if not result.good and name == _BROWSER:
                    again = [*_ONCE_MORE, *extra]
                    results.append(_run_pass(f"{database}: noch einmal", again, environment))
                    result.settled = results[-1].good

    print(f"\n{'═' * 100}\n  Ergebnis")
    for result in results:
        mark = "✓" if result.good else "↻" if result.settled else "✗"
        print(f"  {mark} {result.name:<37} {result.seconds:5.0f} s   {result.closing}")
    good = all(result.good or result.settled for result in results)
    print("  Alles bestanden." if good else "  NICHT bestanden.", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nAbgebrochen.")
