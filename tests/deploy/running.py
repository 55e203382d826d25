"""Servers for the tests: no container engine, but the same programs and files as production."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "test-results"
PUBLIC_HOST = "renewz.example"
# What the proxy that ends TLS adds.
OVER_TLS = {"X-Forwarded-Proto": "https"}
# A reader's address, from the proxy that ends TLS; without one nobody is counted.
READER = {"X-Forwarded-For": "203.0.113.7"}
START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str
    raw: bytes


@dataclass(frozen=True)
class Running:
    """A server on this machine that answers under the site's public name."""

    port: int
    data: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    run: Path = Path()  # where nginx may write

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": PUBLIC_HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            raw = response.read()
            return Answer(response.status, response.headers, raw.decode(errors="replace"), raw)

    def over_tls(self, path: str, **headers: str) -> Answer:
        return self.ask(path, "GET", None, **OVER_TLS, **headers)

    def hashed_file(self) -> str:
        manifest = json.loads((self.data / "static/staticfiles.json").read_text(encoding="utf-8"))
        return next(f"/static/{name}" for name in manifest["paths"].values() if name.endswith(".css"))


def built_static() -> Path:
    """Return the collected files as the image holds them; made once for all tests until a file changes.

    As the image is built: neither a database nor anything of a later environment. Compressing
    takes a while, and every process of the tests needs the same.
    """
    inputs = [*ROOT.glob("static/**/*"), *ROOT.glob("*/static/**/*")]
    inputs += [ROOT / "requirements/production.txt", ROOT / "renewz/storage.py"]
    digest = hashlib.sha256()
    for path in sorted(inputs):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    RESULTS.mkdir(exist_ok=True)
    folder = RESULTS / f"static-{digest.hexdigest()[:16]}"
    with (RESULTS / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=RESULTS) as building:
                environment = {
                    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                    "SECRET_KEY": secrets.token_urlsafe(50),
                    "RENEWZ_SITE_URL": "https://build.invalid",
                    "RENEWZ_DATA_DIR": building,
                }
                run(["python", "manage.py", "collectstatic", "--noinput"], environment)
                (Path(building) / "static").rename(folder)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command: list[str], environment: dict[str, str]) -> None:
    # Looked up on the PATH of that environment, as the container would.
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    done = subprocess.run(
        [program, *command[1:]], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def started(
    command: list[str], port: int, environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it must have come up, and must go down in peace."""
    with log.open("wb") as output:
        program = shutil.which(command[0], path=environment["PATH"]) or command[0]
        process = subprocess.Popen(
            [program, *command[1:]], env=environment, cwd=ROOT, stdout=output, stderr=output
        )
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < end, f"antwortet nicht:\n{log.read_text(errors='replace')}"
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            code = process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert code == 0, log.read_text(errors="replace")


def wait_until_healthy(environment: dict[str, str]) -> None:
    """Ask as the container's health check does: again until the workers are up."""
    end = time.monotonic() + START_SECONDS
    check = [sys.executable, "deploy/healthcheck.py"]
    while subprocess.run(check, env=environment, cwd=ROOT, capture_output=True, check=False).returncode != 0:
        assert time.monotonic() < end, "bleibt krank"
        time.sleep(0.2)


@contextlib.contextmanager
def empty_database(data: Path) -> Iterator[str]:
    """Yield the address of a new database of the kind that the suite runs on."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{data}/renewz.sqlite3"
        return
    with _created(server) as address:
        yield address


@contextlib.contextmanager
def copied(address: str, there: Path) -> Iterator[str]:
    """Yield the address of a copy that learns nothing any more; ``there`` is its file if it is SQLite."""
    if address.startswith("sqlite"):
        source = sqlite3.connect(address.removeprefix("sqlite:///"))
        with contextlib.closing(source), contextlib.closing(sqlite3.connect(there)) as target:
            source.backup(target)
        yield f"sqlite:///{there}"
        return
    template = address.rpartition("/")[2]
    with _created(os.environ["DATABASE_URL"], f"TEMPLATE {template} STRATEGY FILE_COPY") as copy:
        yield copy


@contextlib.contextmanager
def _created(server: str, options: str = "") -> Iterator[str]:
    name = f"deploy_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}")
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def tell(site: Running, story: str) -> str:
    """Run a story (tests/stories.py) in the application's database; return what it prints."""
    program = "import datetime as dt, django; django.setup(); from django.utils import timezone\n"
    program += "from accounts import roles; from tests import stories\nroles.sync()\n" + story
    # Unclosed, PostgreSQL's pool holds up the end.
    program += "\nfrom django.db import connection\ngetattr(connection, 'close_pool', lambda: None)()"
    environment = dict(site.environment) | {
        "DJANGO_SETTINGS_MODULE": "renewz.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
