"""A PostgreSQL that is frozen: it takes connections and questions, and says nothing."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.deploy.running import OVER_TLS, Running, free_port, run, started, wait_until_healthy
from tests.postgres import embedded_server

pytestmark = pytest.mark.deploy

if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    pytest.skip("nur für PostgreSQL: SQLite kann nicht einfrieren", allow_module_level=True)


def processes_of(server: int) -> list[int]:
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [server, *map(int, children)]


@contextlib.contextmanager
def frozen(server: int) -> Iterator[None]:
    stopped = processes_of(server)
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)


def timed(ask: Callable[[], int]) -> tuple[int, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began


def test_nobody_waits_longer_than_two_seconds_and_all_is_well_afterwards(
    application: Running, nginx: Callable[..., Running], folder: Path
) -> None:
    port = free_port()
    with embedded_server() as postgres:
        assert postgres.process is not None
        environment = dict(application.environment) | {
            "RENEWZ_BIND": f"127.0.0.1:{port}",
            "DATABASE_URL": postgres.url,
        }
        run(["python", "manage.py", "migrate", "--noinput", "--verbosity", "0"], environment)
        gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
        with started(gunicorn, port, environment, folder / "silent.log"):
            wait_until_healthy(environment)
            alone, site = Running(port, application.data), nginx(port)
            kept = site.over_tls("/impressum/")
            assert (kept.status, alone.ask("/readyz").body) == (200, "ready\n")

            token = "a" * 32
            saving = {
                "Cookie": f"__Host-sitzung={token}; __Host-csrf={token}",
                "X_CSRFToken": token,
                "Referer": "https://renewz.example/admin/",
            }

            def asks() -> list[Callable[[], int]]:
                return [
                    lambda: alone.ask("/healthz").status,
                    lambda: alone.ask("/readyz").status,
                    lambda: site.over_tls("/admin/", Cookie="__Host-sitzung=" + "x" * 32).status,
                    lambda: site.ask("/admin/", "POST", b"", **OVER_TLS, **saving).status,
                    lambda: site.over_tls("/suche/?q=haus").status,
                    lambda: site.over_tls("/barrierefreiheit/").status,
                ]

            with frozen(postgres.process.pid):
                time.sleep(1.1)  # the second of what is kept
                for _ in range(2):
                    with ThreadPoolExecutor(8) as pool:
                        answers = list(pool.map(timed, asks()))
                    assert [status for status, _ in answers] == [200, 503, 503, 503, 503, 503]
                    late = [seconds > 2.3 for _, seconds in answers]  # two, and a busy machine
                    assert late == [False] * len(answers), answers
                assert site.over_tls("/impressum/").raw == kept.raw
            end = time.monotonic() + 15
            while [ask() for ask in asks()] != [200, 200, 302, 302, 200, 200]:
                assert time.monotonic() < end, [ask() for ask in asks()]
                time.sleep(0.2)
