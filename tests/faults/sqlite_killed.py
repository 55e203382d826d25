"""SQLite: the application dies in the middle of saving, again and again."""

import random
import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, under_load
from tests.faults.site import Site, running

_TIMES = 10


def outcomes() -> Iterator[Outcome]:
    """Kill gunicorn with all its processes and look at the file afterwards."""
    with running(sqlite=True) as site:
        outcome = under_load(
            "SQLite: gunicorn beim Speichern getötet, zehnmal",
            site,
            lambda: _kill(site),
            lambda outcome: outcome.expect("Neustarts von gunicorn", site.machines[0].restarts, _TIMES),
        )
        outcome.expect("SQLite sagt zu seiner Datei", site.newsroom("intact"), "ok")
        yield outcome


def _kill(site: Site) -> None:
    moments = random.Random(5)  # noqa: S311  the same moments in every run
    for _ in range(_TIMES):
        site.machines[0].kill()
        time.sleep(2 + moments.random())
