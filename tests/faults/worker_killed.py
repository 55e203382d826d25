"""The worker dies in the middle of its work, again and again; pictures are made all the same, once."""

import signal
import time
from collections.abc import Iterator
from http import HTTPStatus

from tests.faults.outcome import Outcome, under_load
from tests.faults.people import Person
from tests.faults.pictures import jpeg
from tests.faults.programs import Program
from tests.faults.site import Site, prepared, start_machine, start_nginx

_PICTURES = 6
# Until the others take a dead worker's order back, and until the last of them is done.
_DEAD_AFTER, _PATIENCE = 4, 60.0


def outcomes() -> Iterator[Outcome]:
    """Kill one of two workers while pictures are uploaded; then none is there for a while."""
    with prepared(RENEWZ_TASKS="worker") as site:
        start_machine(site)
        start_nginx(site)
        workers = [_worker(site, number) for number in range(2)]
        try:
            yield _killed(site, workers)
        finally:
            for worker in workers:
                worker.stop()


def _worker(site: Site, number: int) -> Program:
    command = ["python", "manage.py", "worker", "--dead-after", str(_DEAD_AFTER)]
    return Program(command, site.environment, site.folder / f"worker-{number}.log")


def _killed(site: Site, workers: list[Program]) -> Outcome:
    person = Person(site, "vogt")
    uploads: list[int] = []

    def fault() -> None:
        for number in range(_PICTURES):
            answer = person.upload("/admin/images/image/add/", f"{number}.jpg", jpeg(number))
            uploads.append(answer.status)
            time.sleep(1)
            workers[number % 2].send(signal.SIGKILL)

    outcome = under_load("Worker mitten in der Arbeit getötet, sechsmal", site, fault)
    outcome.expect("hochgeladene Bilder", uploads, [HTTPStatus.FOUND.value] * _PICTURES)
    end = time.monotonic() + _PATIENCE
    while (made := site.newsroom("pictures")) != [_PICTURES, _PICTURES] and time.monotonic() < end:
        time.sleep(1)
    outcome.expect("Bilder mit allen Größen, von allen", made, [_PICTURES, _PICTURES])
    outcome.expect("Worker danach am Leben", [worker.restarts for worker in workers], [3, 3])
    return outcome
