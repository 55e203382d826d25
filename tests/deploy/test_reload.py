"""New code without a pause: gunicorn reloads at SIGHUP, and nobody who asks or saves notices."""

import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.deploy.running import OVER_TLS, Running, free_port, started, wait_until_healthy

pytestmark = pytest.mark.deploy

RELOADS = 3
SECONDS = 30  # until a reload must be through
BOUNDARY = "----renewz"


def upload(fields: dict[str, str], size: int) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n')
    return "".join(parts).encode() + b"x" * size + f"\r\n--{BOUNDARY}--\r\n".encode()


def booted(log: Path) -> set[str]:
    """Return the processes that have begun to serve so far."""
    return set(re.findall(r"Booting worker with pid: (\d+)", log.read_text(errors="replace")))


def test_a_reload_loses_neither_a_request_nor_an_upload(
    application: Running, nginx: Callable[..., Running], folder: Path
) -> None:
    port = free_port()
    environment = dict(application.environment) | {"RENEWZ_BIND": f"127.0.0.1:{port}"}
    gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
    log = folder / "reloaded.log"
    with started(gunicorn, port, environment, log) as process:
        wait_until_healthy(environment)
        site = nginx(port)
        form = site.over_tls("/admin/login/")
        cookie = (form.headers["Set-Cookie"] or "").split(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.body)
        assert token
        fields = {"csrfmiddlewaretoken": token[1], "username": "niemand", "password": "x"}
        body = upload(fields, 2_500_000)
        stop = threading.Event()

        def save() -> int:
            sent = {
                "Content_Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Cookie": cookie,
                "Referer": "https://renewz.example/admin/login/",
            }
            return site.ask("/admin/login/", "POST", body, **OVER_TLS, **sent).status

        def again(ask: Callable[[], int]) -> Counter[int]:
            seen: Counter[int] = Counter()
            while not stop.wait(0.1):  # people, not a load under which new processes cannot start
                seen[ask()] += 1
            return seen

        asks = [
            lambda: site.over_tls(f"/suche/?q={time.time()}").status,
            lambda: site.over_tls("/impressum/").status,
            lambda: site.over_tls("/admin/login/").status,
            save,
        ]
        with ThreadPoolExecutor(len(asks)) as pool:
            running = [pool.submit(again, ask) for ask in asks]
            try:
                for _ in range(RELOADS):
                    expected = len(booted(log)) + 2
                    process.send_signal(signal.SIGHUP)
                    end = time.monotonic() + SECONDS
                    while len(booted(log)) < expected:
                        assert time.monotonic() < end, log.read_text(errors="replace")
                        time.sleep(0.05)
                    time.sleep(1)  # the old ones finish, and the new ones work
            finally:
                stop.set()
            seen = [one.result() for one in running]

    assert [set(each) for each in seen] == [{200}] * len(asks)
    assert min(each.total() for each in seen) >= 5
    assert len(booted(log)) == 2 + 2 * RELOADS
