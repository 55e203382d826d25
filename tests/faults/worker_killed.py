"""The worker dies in the middle of its work, again and again; pictures are made all the same, once."""

import signal
import time
from collections.abc import Iterator
from http import HTTPStatus

from tests.faults.outcome import Outcome, under_load
from tests.faults.people import Person
from tests.faults.pictures import jpeg
from tests.faults.site import Site, prepared, start_machine, start_nginx, start_worker

_PICTURES = 6
# Until the others take a dead worker's order back, and until the last of them is done.
_DEAD_AFTER, _PATIENCE = 4, 60.0


def outcomes() -> Iterator[Outcome]:
    """Kill one of two workers after the other while pictures are uploaded."""
    with prepared(RENEWZ_TASKS="worker") as site:
        start_machine(site)
        start_nginx(site)
        for _ in range(2):
            start_worker(site, "--dead-after", str(_DEAD_AFTER))
        yield _killed(site)


def _killed(site: Site) -> Outcome:
    person = Person(site, "vogt")
    uploads: list[int] = []

    def fault() -> None:
        for number in range(_PICTURES):
            answer = person.upload("/admin/images/image/add/", f"{number}.jpg", jpeg(number))
            uploads.append(answer.status)
            time.sleep(1)
            site.workers[number % 2].send(signal.SIGKILL)

    outcome = under_load("Worker mitten in der Arbeit getötet, sechsmal", site, fault)
    outcome.expect("hochgeladene Bilder", uploads, [HTTPStatus.FOUND.value] * _PICTURES)
    end = time.monotonic() + _PATIENCE
    while (made := site.newsroom("pictures")) != [_PICTURES, _PICTURES] and time.monotonic() < end:
        time.sleep(1)
    outcome.expect("Bilder mit allen Größen, von allen", made, [_PICTURES, _PICTURES])
    outcome.expect("Worker danach am Leben", [worker.restarts for worker in site.workers], [3, 3])
    return outcome
