"""Pages that nginx keeps: the real application behind it."""

import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from tests.deploy.running import Running, free_port, started, tell, wait_until_healthy

pytestmark = pytest.mark.deploy


def test_a_release_is_seen_through_nginx_within_two_seconds(
    application: Running, nginx: Callable[..., Running]
) -> None:
    tell(application, "stories.published(headline='Schon lange da'); print()")
    site = nginx(application.port)
    seen: list[tuple[float, bool]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            began = time.time()
            seen.append((began, "Ganz frisch" in site.over_tls("/").body))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        released = float(
            tell(
                application,
                "import time; stories.published(headline='Ganz frisch heraus'); print(time.time())",
            )
        )
        time.sleep(max(0, released + 2.2 - time.time()))
    finally:
        stop.set()
        reader.join()

    late = [began - released for began, fresh in seen if not fresh and began > released]
    assert seen[-1][1]
    assert max(late, default=0) < 2


def test_a_plan_comes_true_through_nginx_in_its_second_and_never_before(
    application: Running, nginx: Callable[..., Running]
) -> None:
    site = nginx(application.port)
    planned = float(
        tell(
            application,
            "at = timezone.now().replace(microsecond=0) + dt.timedelta(seconds=6)\n"
            "stories.scheduled(live_from=at, headline='Das war geplant'); print(at.timestamp())",
        )
    )
    seen: list[tuple[float, float, bool, str]] = []
    while time.time() < planned + 2:
        began = time.time()
        answer = site.over_tls("/")
        seen.append((began, time.time(), "Das war geplant" in answer.body, answer.headers["X-Cache"]))

    assert [ended for _, ended, shown, _ in seen if shown and ended < planned] == []
    assert [began for began, _, shown, _ in seen if not shown and began > planned + 1] == []
    assert [shown for _, _, shown, _ in seen].count(False) > 1
    assert "HIT" in {status for _, _, _, status in seen}


@pytest.mark.once
def test_each_coding_comes_ready_compressed_and_whole(
    application: Running, nginx: Callable[..., Running]
) -> None:
    site = nginx(application.port)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
    for coding, decode in unpack.items():
        direct = application.over_tls("/impressum/", Accept_Encoding=coding)
        for _ in range(3):
            answer = site.over_tls("/impressum/", Accept_Encoding=coding)
            assert answer.headers.get("Content-Encoding", "identity") == coding
            assert answer.headers.get_all("Content-Length") == [str(len(answer.raw))]
            assert decode(answer.raw) == decode(direct.raw)
            assert answer.headers.get_all("Vary") == ["Accept-Encoding"]
            known = site.over_tls("/impressum/", Accept_Encoding=coding, If_None_Match=answer.headers["ETag"])
            assert (known.status, known.raw) == (304, b"")


def test_a_page_outlives_its_application(
    application: Running, nginx: Callable[..., Running], folder: Path
) -> None:
    port = free_port()
    environment = dict(application.environment) | {"RENEWZ_BIND": f"127.0.0.1:{port}"}
    site = nginx(port)
    gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
    with started(gunicorn, port, environment, folder / "mortal.log"):
        wait_until_healthy(environment)
        alive = site.over_tls("/datenschutz/")
        assert alive.status == 200
    time.sleep(2)  # its second, and the one after it
    dead = site.over_tls("/datenschutz/")

    assert (dead.status, dead.raw, dead.headers["X-Cache"]) == (200, alive.raw, "STALE")
    assert site.over_tls("/barrierefreiheit/").status == 503
