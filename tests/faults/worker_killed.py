"""The worker dies in the middle of its work, again and again; pictures are made all the same, once."""

import signal
import time
from collections.abc import Iterator
from http import HTTPStatus

import psycopg

from tests.faults.outcome import Outcome, under_load
from tests.faults.people import Person
from tests.faults.pictures import jpeg
from tests.faults.site import Site, prepared, start_machine, start_nginx, start_worker

_PICTURES = 6
# Until the others take a dead worker's order back, and until the last of them is done.
_DEAD_AFTER, _PATIENCE, _LOOK = 4, 60.0, 0.01
# Who is at an order, in the words of the workers themselves; some of them may be dead already.
_AT_WORK = """
    SELECT worker.pid FROM background_worker worker JOIN django_tasks_database_dbtaskresult task
    ON task.worker_ids ->> -1 = worker.name WHERE task.status = 'RUNNING'
"""


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
        with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as connection:
            for number in range(_PICTURES):
                answer = person.upload("/admin/images/image/add/", f"{number}.jpg", jpeg(number, 3200))
                uploads.append(answer.status)
                _kill_at_work(site, connection)

    outcome = under_load(
        "Worker mitten in der Arbeit getötet, sechsmal",
        site,
        fault,
        lambda outcome: outcome.expect(
            "Neustarts", sum(worker.restarts for worker in site.workers), _PICTURES
        ),
    )
    outcome.expect("hochgeladene Bilder", uploads, [HTTPStatus.FOUND.value] * _PICTURES)
    end = time.monotonic() + _PATIENCE
    while (made := site.newsroom("pictures")) != [_PICTURES, _PICTURES] and time.monotonic() < end:
        time.sleep(1)
    outcome.expect("Bilder mit allen Größen, von allen", made, [_PICTURES, _PICTURES])
    given_back = sum(worker.log().count("order given back") for worker in site.workers)
    outcome.at_least("Aufträge, die andere zurückgaben", given_back)
    return outcome


def _kill_at_work(site: Site, connection: psycopg.Connection) -> None:
    """Wait until a worker is at an order, and kill it at once."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        at_work = {pid for (pid,) in connection.execute(_AT_WORK)}
        for worker in site.workers:
            if worker.pid in at_work:
                worker.send(signal.SIGKILL)
                return
        time.sleep(_LOOK)
    raise RuntimeError("Kein Worker ist bei einem Auftrag.")
