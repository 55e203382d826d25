"""Starts the servers that are measured, on this machine and for as long as a measurement lasts."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import functools
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import NamedTuple

from tests.deploy.running import RESULTS, ROOT, built_static, free_port, started
from tests.faults.programs import children_of

# A server of which nobody wants anything still looks around now and then.
_IDLE_LOOK, _IDLE_MOST, _IDLE_PATIENCE = 0.2, 0.02, 20.0


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: Message
    body: bytes


@functools.cache
def _data() -> Path:
    """Return a folder of data that holds the collected files, and no pictures."""
    folder = RESULTS / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    static = folder / "static"
    static.unlink(missing_ok=True)
    static.symlink_to(built_static())
    return folder


def environment(database: str, **more: str) -> dict[str, str]:
    """Return the settings of what is measured: as production, but without HTTPS.

    All of them are said here, so that neither a .env file nor the shell changes what is measured.
    """
    of_machine = {name: value for name, value in os.environ.items() if not name.startswith("RENEWZ_")}
    return {
        **of_machine,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin",
        "RENEWZ_ENV": "demo",
        "RENEWZ_DATA_DIR": str(_data()),
        "RENEWZ_SITE_URL": "http://127.0.0.1:8000",
        "RENEWZ_ALLOWED_HOSTS": "",
        "RENEWZ_BEHIND_PROXY": "false",
        "RENEWZ_SSL_REDIRECT": "false",
        "RENEWZ_FOUR_EYES": "true",
        "RENEWZ_TASKS": "immediate",
        "RENEWZ_LOG_LEVEL": "ERROR",
        "REDIS_URL": "",
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(50),
        **more,
    }


@contextlib.contextmanager
def _running(command: list[str], port: int, settings: dict[str, str]) -> Iterator[int]:
    """Run a server until the block ends; it must have come up."""
    with tempfile.NamedTemporaryFile() as log, started(command, port, settings, Path(log.name)) as process:
        yield process.pid


@contextlib.contextmanager
def gunicorn(application: str, database: str = "", **more: str) -> Iterator[tuple[str, int]]:
    """Run an application as production does; give its address and the number of its first process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application]
    with _running(command, port, environment(database, RENEWZ_BIND=f"127.0.0.1:{port}", **more)) as process:
        yield f"http://127.0.0.1:{port}", process


@contextlib.contextmanager
def nginx(upstream: str, folder: Path) -> Iterator[str]:
    """Run nginx as production does, without its log; ``folder`` holds static/ and what it writes."""
    port = free_port()
    filled = [sys.executable, "deploy/render_nginx.py", "--listen", f"127.0.0.1:{port}"]
    filled += ["--upstream", upstream.removeprefix("http://"), "--data", str(folder), "--run", str(folder)]
    configuration = folder / "nginx.conf"
    text = subprocess.check_output(filled, cwd=ROOT, text=True)
    configuration.write_text(text.replace("access_log /dev/stdout json", "access_log off"))
    with _running(["nginx", "-c", str(configuration), "-g", "daemon off;"], port, environment("")):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def no_core_asleep() -> Iterator[None]:
    """Keep every core busy with what gives way to everything else.

    A core that slept while the database or the other side worked takes half as long again for what
    comes next, and longer on a virtual machine: that says nothing about a page. Not for a container
    whose share of the processor is limited: this would use it up.
    """
    # Ends with us, however we end.
    loop = f"while kill -0 {os.getpid()}; do :; done 2>/dev/null"
    command = ["nice", "-n", "19", "sh", "-c", loop]
    busy = [subprocess.Popen(command) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def fetch(url: str, **headers: str) -> Answer:
    """Ask once."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  our own
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:  # 304 too
        return Answer(error.code, error.headers, error.read())


def processor_seconds(pid: int) -> float:
    """Return what a server and its workers have used of processors until now."""
    ticks = 0
    for one in (pid, *children_of(pid)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # user and system
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_until_idle(pid: int) -> None:
    """Wait until a server has done what those who have gone asked for."""
    end = time.monotonic() + _IDLE_PATIENCE
    while time.monotonic() < end:
        before = processor_seconds(pid)
        time.sleep(_IDLE_LOOK)
        if processor_seconds(pid) - before <= _IDLE_MOST:
            return
    raise SystemExit("Die Anwendung kommt nicht zur Ruhe.")


def settled_memory(pid: int) -> tuple[float, float]:
    """Return the memory of a server once its workers have loaded what they need."""
    last, found = (0.0, 0.0), memory(pid)
    while abs(found[0] - last[0]) > 0.5:
        time.sleep(1)
        last, found = found, memory(pid)
    return found


def memory(pid: int) -> tuple[float, float]:
    """Return what a server and its workers hold together, and what only they hold, in MB.

    The first is the sum of PSS, in which what several processes share is divided among them; the
    second the sum of what each holds alone.
    """
    texts = []
    for one in (pid, *children_of(pid)):
        with contextlib.suppress(OSError):  # ended meanwhile
            texts.append(Path(f"/proc/{one}/smaps_rollup").read_text())
    together = sum(_kilobytes(text, "Pss") for text in texts)
    alone = sum(_kilobytes(text, "Private_Clean") + _kilobytes(text, "Private_Dirty") for text in texts)
    return together / 1024, alone / 1024


def _kilobytes(text: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0
