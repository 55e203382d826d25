"""Gunicorn's workers die again and again, then gunicorn itself."""

import os
import signal
import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, under_load
from tests.faults.programs import children_of
from tests.faults.site import Site, running


def outcomes() -> Iterator[Outcome]:
    """Kill workers, then the whole of gunicorn twice."""
    with running() as site:
        yield under_load("Prozesse von gunicorn getötet, sechsmal", site, lambda: _kill_workers(site))
    with running(machines=2) as site:
        yield under_load("gunicorn getötet, auf zwei Maschinen nacheinander", site, lambda: _kill_all(site))


def _kill_workers(site: Site) -> None:
    for number in range(6):
        workers = children_of(site.machines[0].pid)
        if workers:
            os.kill(workers[number % len(workers)], signal.SIGKILL)
        time.sleep(3)


def _kill_all(site: Site) -> None:
    for machine in site.machines:
        machine.kill()
        time.sleep(6)
