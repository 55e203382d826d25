"""Compares how fast a page leaves: the application against a bare Django view, nginx against a file.

    python bench/delivery.py --rounds 7

Takes settings and database from the environment, as ``manage.py`` does, and needs wrk, nginx and
collected static files. Everything runs on this machine and takes turns, so that a disturbance
meets all; what counts are ratios of medians in one run.
"""

# ruff: noqa: S603, T201  fixed commands without a shell; what is printed is what it is for

import argparse
import contextlib
import gzip
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CONNECTIONS = 16
# What is compared with what, and the least that is asked for (None: for information).
RATIOS = [
    ("Seite aus dem Speicher", "blanke Django-Ansicht", 1.5),
    ("304 der Anwendung", "blanke Django-Ansicht", 1.5),
    ("Seite, neu gerechnet", "blanke Django-Ansicht", None),
    ("nginx, behaltene Seite, gzip", "nginx, Datei, gzip", 0.7),
    ("nginx, behaltene Seite, ungepackt", "nginx, Datei, ungepackt", 0.7),
    ("nginx, behaltene Seite, gzip", "Seite aus dem Speicher", None),
]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(port: int, *command: str, **environment: str) -> Iterator[None]:
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
        yield
    finally:
        process.terminate()
        process.wait()


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """Return the bytes and headers of a page."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  our own
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return answer.read(), dict(answer.headers)


def per_second(url: str, seconds: int, headers: dict[str, str]) -> float:
    """Return how many answers a second wrk gets."""
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(found[1])


def main() -> None:
    """Measure, print a table, end with 1 if a ratio is too small."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=int, default=2)
    options.add_argument("--path", default="/")
    asked = options.parse_args()
    app, bare, web = free_port(), free_port(), free_port()
    gunicorn = (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        (folder / "static").mkdir()
        stack.enter_context(
            running(app, *gunicorn, "renewz.wsgi", RENEWZ_BIND=f"127.0.0.1:{app}", RENEWZ_BEHIND_PROXY="true")
        )
        page, headers = fetch(f"http://127.0.0.1:{app}{asked.path}", **{"Accept-Encoding": "gzip"})
        (folder / "static/page.html.gz").write_bytes(page)
        (folder / "static/page.html").write_bytes(gzip.decompress(page))
        stack.enter_context(
            running(
                bare, *gunicorn, "bench.bare",
                RENEWZ_BIND=f"127.0.0.1:{bare}", BARE_BODY=str(folder / "static/page.html.gz"),
            )
        )  # fmt: skip
        filled = [sys.executable, "deploy/render_nginx.py", "--listen", f"127.0.0.1:{web}"]
        filled += ["--upstream", f"127.0.0.1:{app}", "--data", str(folder), "--run", str(folder)]
        configuration = folder / "nginx.conf"
        text = subprocess.check_output(filled, cwd=PROJECT, text=True)
        configuration.write_text(text.replace("access_log /dev/stdout json", "access_log off"))
        stack.enter_context(running(web, "nginx", "-c", str(configuration), "-g", "daemon off;"))

        packed = {"Accept-Encoding": "gzip"}
        at = {
            "blanke Django-Ansicht": (f"http://127.0.0.1:{bare}/", packed),
            "Seite aus dem Speicher": (f"http://127.0.0.1:{app}{asked.path}", packed),
            "304 der Anwendung": (
                f"http://127.0.0.1:{app}{asked.path}",
                packed | {"If-None-Match": headers["ETag"]},
            ),
            "Seite, neu gerechnet": (
                f"http://127.0.0.1:{app}{asked.path}",
                packed | {"Cookie": "sessionid=x"},
            ),
            "nginx, Datei, gzip": (f"http://127.0.0.1:{web}/static/page.html", packed),
            "nginx, behaltene Seite, gzip": (f"http://127.0.0.1:{web}{asked.path}", packed),
            "nginx, Datei, ungepackt": (f"http://127.0.0.1:{web}/static/page.html", {}),
            "nginx, behaltene Seite, ungepackt": (f"http://127.0.0.1:{web}{asked.path}", {}),
        }
        found: dict[str, list[float]] = {name: [] for name in at}
        for number in range(asked.rounds + 1):
            for name, (url, sent) in at.items():
                rate = per_second(url, asked.seconds, sent)
                if number:  # the first round warms up
                    found[name].append(rate)
    median = {name: statistics.median(rates) for name, rates in found.items()}
    print("| was | je Sekunde |\n|---|---|")
    for name, rate in median.items():
        print(f"| {name} | {f'{rate:,.0f}'.replace(',', '.')} |")
    print("\n| Verhältnis | gemessen | gefordert |\n|---|---|---|")
    missed = False
    for one, other, least in RATIOS:
        ratio = median[one] / median[other]
        missed |= least is not None and ratio < least
        print(f"| {one} : {other} | {f'{ratio:.2f}'.replace('.', ',')} | {least or ''} |")
    sys.exit(missed)


if __name__ == "__main__":
    main()
