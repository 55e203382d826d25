"""Gunicorn's workers die again and again, then gunicorn itself."""

import os
import signal
import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, under_load
from tests.faults.programs import children_of
from tests.faults.site import Site, running

_TIMES = 6


def outcomes() -> Iterator[Outcome]:
    """Kill workers, then the whole of gunicorn twice."""
    with running() as site:
        killed: set[int] = set()
        yield under_load(
            "Prozesse von gunicorn getötet, sechsmal",
            site,
            lambda: killed.update(_kill_workers(site)),
            lambda outcome: outcome.expect("getötete Prozesse", len(killed), _TIMES),
        )
    with running(machines=2) as site:
        yield under_load(
            "gunicorn getötet, auf zwei Maschinen nacheinander",
            site,
            lambda: _kill_all(site),
            lambda outcome: outcome.expect(
                "Neustarts von gunicorn", [machine.restarts for machine in site.machines], [1, 1]
            ),
        )


def _kill_workers(site: Site) -> Iterator[int]:
    """Yield the number of each process that was killed; who has died is no child any more."""
    for number in range(_TIMES):
        workers = children_of(site.machines[0].pid)
        if workers:
            os.kill(workers[number % len(workers)], signal.SIGKILL)
            yield workers[number % len(workers)]
        time.sleep(3)


def _kill_all(site: Site) -> None:
    for machine in site.machines:
        machine.kill()
        time.sleep(6)
