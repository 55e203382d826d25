"""A new release under load, while somebody uploads a picture slowly."""

import signal
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus

from tests.faults.outcome import Outcome, under_load
from tests.faults.people import Person
from tests.faults.pictures import jpeg
from tests.faults.programs import children_of
from tests.faults.site import running

_RELOADS = 2
# Old processes go on until new ones can answer (deploy/gunicorn.conf.py), and finish what they began.
_HANDED_OVER = 40.0


def outcomes() -> Iterator[Outcome]:
    """Let gunicorn load new code twice (SIGHUP); nobody may notice."""
    # Sizes of pictures are the worker's business, as in docker-compose.yml.
    with running(RENEWZ_TASKS="worker") as site:
        person = Person(site, "vogt")
        uploads: list[int] = []
        left: list[int] = []

        def upload() -> None:
            for number in range(2 * _RELOADS):
                answer = person.upload("/admin/images/image/add/", f"{number}.jpg", jpeg(number, 2400))
                uploads.append(answer.status)

        def fault() -> None:
            thread = threading.Thread(target=upload)
            thread.start()
            for _ in range(_RELOADS):
                time.sleep(4)
                old = set(children_of(site.machines[0].pid))
                site.machines[0].send(signal.SIGHUP)
                end = time.monotonic() + _HANDED_OVER
                while (
                    rest := old.intersection(children_of(site.machines[0].pid))
                ) and time.monotonic() < end:
                    time.sleep(0.1)
                left.append(len(rest))
            thread.join()

        outcome = under_load(
            "Neue Ausgabe unter Last, zweimal, mit Bildern unterwegs",
            site,
            fault,
            lambda outcome: outcome.expect("alte Prozesse nach jeder neuen Ausgabe", left, [0] * _RELOADS),
        )
        outcome.expect("hochgeladene Bilder", uploads, [HTTPStatus.FOUND.value] * 2 * _RELOADS)
        outcome.expect("gunicorn ist derselbe geblieben", site.machines[0].restarts, 0)
        outcome.expect("503", sum(outcome.told.values()), 0)
        yield outcome
