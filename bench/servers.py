"""Starts the servers that are measured, on this machine and for as long as a measurement lasts."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(port: int, *command: str, **environment: str) -> Iterator[int]:
    """Run a server until the block ends."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def gunicorn(application: str, **environment: str) -> Iterator[tuple[str, int]]:
    """Run an application as production does; give its address and the number of its first process."""
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application)
    with running(port, *command, RENEWZ_BIND=f"127.0.0.1:{port}", **environment) as process:
        yield f"http://127.0.0.1:{port}", process


@contextlib.contextmanager
def nginx(upstream: str, folder: Path) -> Iterator[str]:
    """Run nginx as production does, without its log; ``folder`` holds static/ and what it writes."""
    port = free_port()
    filled = [sys.executable, "deploy/render_nginx.py", "--listen", f"127.0.0.1:{port}"]
    filled += ["--upstream", upstream.removeprefix("http://"), "--data", str(folder), "--run", str(folder)]
    configuration = folder / "nginx.conf"
    text = subprocess.check_output(filled, cwd=PROJECT, text=True)
    configuration.write_text(text.replace("access_log /dev/stdout json", "access_log off"))
    with running(port, "nginx", "-c", str(configuration), "-g", "daemon off;"):
        yield f"http://127.0.0.1:{port}"


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """Return the bytes and headers of a page."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return answer.read(), dict(answer.headers)


def processor_seconds(pid: int) -> float:
    """Return what a server and its workers have used of processors until now."""
    ticks = 0
    for one in _family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # user and system
    return ticks / os.sysconf("SC_CLK_TCK")


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
    texts = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in _family(pid)]
    together = sum(_kilobytes(text, "Pss") for text in texts)
    alone = sum(_kilobytes(text, "Private_Clean") + _kilobytes(text, "Private_Dirty") for text in texts)
    return together / 1024, alone / 1024


def _family(pid: int) -> list[int]:
    """Return a process and those that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _kilobytes(text: str, name: str) -> int:
    return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1])  # type: ignore[index]
