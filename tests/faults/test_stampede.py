"""Two hundred readers want the front page at the moment at which it changes."""

import json
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.site import Answer, Site, ask, prepared, start_machine, start_nginx

pytestmark = pytest.mark.deploy

READERS = 200
PROCESSES = 2


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip("nginx ist auf diesem Rechner nicht installiert")
    sqlite = not os.environ["DATABASE_URL"].startswith("postgres")
    # The share card of what is published comes a moment later and is a change of its own: not here.
    with prepared(sqlite=sqlite, articles=40, RENEWZ_TASKS="worker") as site:
        start_machine(
            site, wsgi="tests.faults.counted", environment={"COUNT_FILE": str(site.folder / "count")}
        )
        start_nginx(site)
        yield site


def renderings(site: Site) -> int:
    return (site.folder / "count").stat().st_size


def all_at_once(port: int, enough: threading.Event) -> list[Answer]:
    """Let all readers begin together and ask again and again until it is enough."""
    answers: list[Answer] = []
    together = threading.Barrier(READERS)

    def read() -> None:
        together.wait()
        while True:
            answers.append(ask(port, "/", Accept_Encoding="gzip"))
            if enough.wait(0.1):
                return

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return answers


@pytest.mark.parametrize("through", ["application", "nginx"])
def test_a_page_that_has_changed_is_rendered_once_in_each_process(site: Site, through: str) -> None:
    port = site.port if through == "nginx" else site.ports[0]
    assert ask(port, "/").status == 200
    site.newsroom("publish", f"Eben erschienen: {through}")
    before = renderings(site)
    once = threading.Event()
    once.set()
    answers = all_at_once(port, once)

    assert Counter(answer.status for answer in answers) == {200: READERS}
    assert 1 <= renderings(site) - before <= PROCESSES
    assert len({answer.headers["ETag"] for answer in answers}) == 1


def test_under_two_hundred_readers_nginx_asks_once_a_second(site: Site) -> None:
    log = site.folder / "nginx.log"
    assert site.ask("/", Accept_Encoding="gzip").status == 200
    start = log.stat().st_size
    before = renderings(site)
    enough = threading.Event()
    began = time.monotonic()

    def publish() -> None:
        site.newsroom("publish", "Mitten im Ansturm")
        time.sleep(2)  # the second in which nginx keeps the old page, and one more
        enough.set()

    publishing = threading.Thread(target=publish)
    publishing.start()
    answers = all_at_once(site.port, enough)
    publishing.join()

    assert {answer.status for answer in answers} == {200}
    assert len({answer.headers["ETag"] for answer in answers}) == 2
    assert 1 <= renderings(site) - before <= PROCESSES
    asked = seconds_in_which_the_application_was_asked(log, start)
    # Each second once, and once more where what came was rendered in the second before it came.
    assert sum(asked.values()) <= 2 * (time.monotonic() - began + 1)
    assert len(answers) > 20 * sum(asked.values())


def seconds_in_which_the_application_was_asked(log: Path, start: int) -> Counter[str]:
    lines = log.read_bytes()[start:].decode().splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    return Counter(entry["time"] for entry in entries if entry["upstream_seconds"])
