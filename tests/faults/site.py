"""A whole site on this machine as production runs it, which faults may happen to.

PostgreSQL (or SQLite), gunicorn with two processes, nginx with deploy/nginx.conf.template in front.
What is killed is started again as a container engine would do it, by nobody's hand.
"""

# ruff: noqa: S603  fixed commands without a shell

import atexit
import contextlib
import functools
import http.client
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbelow
from types import MappingProxyType
from typing import Any

import psycopg

from tests.deploy.running import OVER_TLS, PUBLIC_HOST, ROOT, START_SECONDS, built_static, free_port
from tests.faults.programs import Program
from tests.postgres import Cluster
from tests.postgres import cluster as own_cluster

URL = f"https://{PUBLIC_HOST}"
PASSWORD = "finde-was-zaehlt"  # of everybody in tests/stories.py
_ALWAYS = {"Host": PUBLIC_HOST, **OVER_TLS}
# What a reader waits in all; longer ago than any answer should take.
PATIENCE = 12.0
UPLOAD_PATIENCE, _LARGE = 60.0, 65_536
ARTICLES = 400
GUNICORN = ("gunicorn", "--config", "deploy/gunicorn.conf.py")


@dataclass(frozen=True)
class Answer:
    """What came back; ``status`` 0 where nothing did."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode(errors="replace")


_NOTHING = Answer(0, http.client.HTTPMessage(), b"")


def _somebody() -> str:
    """Return an address: readers are many, and nginx counts what each of them asks for."""
    return f"10.{randbelow(250)}.{randbelow(250)}.{randbelow(250)}"


def ask(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """Ask a server of this machine under the site's public name; never raises for want of an answer."""
    patience = UPLOAD_PATIENCE if body and len(body) > _LARGE else PATIENCE
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    sent = (
        _ALWAYS
        | {"X-Forwarded-For": _somebody()}
        | {name.replace("_", "-"): value for name, value in headers.items()}
    )
    with contextlib.closing(connection):
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException):
            return _NOTHING


@dataclass
class Site:
    """A running site. ``machines`` are gunicorns of their own behind the one nginx."""

    folder: Path
    data: Path
    environment: dict[str, str]
    postgres: Cluster | None = None
    machines: list[Program] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    workers: list[Program] = field(default_factory=list)
    nginx: Program | None = None
    port: int = 0
    content: dict[str, Any] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Ask through nginx."""
        return ask(self.port, path, method, body, **headers)

    def newsroom(self, *words: object) -> Any:
        """Ask a question of tests/faults/newsroom.py in a process with the site's settings."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.newsroom", *map(str, words)],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *words: str) -> None:
        """Run a command of manage.py."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    def fill(self, articles: int) -> None:
        """Make the tables and what stands in them."""
        self.manage("migrate", "--verbosity", "0")
        self.content = self.newsroom("fill", articles)

    def log(self) -> str:
        """Return what all programs have said."""
        programs = [*self.machines, *([self.nginx] if self.nginx else [])]
        return "".join(program.log() for program in programs)


def _environment(data: Path, database: str, port: int) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin",
        "RENEWZ_ENV": "production",
        "RENEWZ_DATA_DIR": str(data),
        "RENEWZ_SITE_URL": URL,
        "RENEWZ_ALLOWED_HOSTS": "",
        "RENEWZ_BEHIND_PROXY": "true",
        "RENEWZ_BIND": f"127.0.0.1:{port}",
        "RENEWZ_LOG_LEVEL": "WARNING",
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(50),
    }


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder that nginx's workers, who are „nobody“ under root, can read too."""
    with tempfile.TemporaryDirectory(prefix="renewz-faults-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o755)
        (path / "run").mkdir()
        yield path


@functools.cache
def _shared_cluster() -> Cluster:
    """Start a PostgreSQL for all scripts of this process; what it acknowledges, it keeps."""
    keeper = contextlib.ExitStack()
    atexit.register(keeper.close)
    return keeper.enter_context(own_cluster(synchronous_commit="on"))


# Not block by block: after a crash the sequences of such a copy give their numbers out again.
_COPY = "STRATEGY FILE_COPY"


@functools.cache
def _filled_database() -> tuple[str, dict[str, Any]]:
    """Fill a database once, which others are copied from; return its name and what is in it."""
    cluster = _shared_cluster()  # first, so that it ends last
    keeper = contextlib.ExitStack()
    atexit.register(keeper.close)
    database = keeper.enter_context(database_of(cluster))
    data = keeper.enter_context(folder())
    site = Site(data, data, _environment(data, database, 0), cluster)
    site.fill(ARTICLES)
    return database.rpartition("/")[2], site.content


@contextlib.contextmanager
def database_of(cluster: Cluster, template: str = "") -> Iterator[str]:
    """Yield the address of a new database."""
    name = f"faults_{secrets.token_hex(4)}"
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template} {_COPY}" if template else ""))
    try:
        yield cluster.url.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def start_nginx(
    site: Site,
    *,
    run: Path | None = None,
    pages: str = "256m",
    environment: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Start nginx with the real configuration in front of all machines of the site."""
    site.port, run = free_port(), run or site.folder / "run"
    one = f"127.0.0.1:{site.ports[0]}"
    values = {
        "listen": f"127.0.0.1:{site.port}",
        "upstream": one,
        "data": str(site.data),
        "run": str(run),
        "pages": pages,
    }
    options = [part for name, value in values.items() for part in (f"--{name}", value)]
    configuration = site.folder / "nginx.conf"
    rendered = subprocess.check_output(
        [sys.executable, "deploy/render_nginx.py", *options], cwd=ROOT, text=True
    )
    # As where the name of the upstream has several addresses: a line becomes one for each.
    each = "".join(rf"server 127.0.0.1:{port}\1;" for port in site.ports)
    configuration.write_text(re.sub(rf"server {re.escape(one)}([^;]*);", each, rendered), encoding="utf-8")
    command = ["nginx", "-c", str(configuration), "-g", "daemon off;"]
    site.nginx = Program(command, site.environment | dict(environment), site.folder / "nginx.log")
    site.nginx.wait_for(site.port)


def start_machine(
    site: Site, *, wsgi: str = "renewz.wsgi", environment: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Start one more gunicorn with two processes."""
    port = free_port()
    bound = site.environment | {"RENEWZ_BIND": f"127.0.0.1:{port}"} | dict(environment)
    program = Program([*GUNICORN, wsgi], bound, site.folder / f"gunicorn-{port}.log")
    site.machines.append(program)
    site.ports.append(port)
    program.wait_for(port)
    end = time.monotonic() + START_SECONDS
    while ask(port, "/impressum/").status != 200:
        if time.monotonic() > end:
            raise RuntimeError(program.log()[-3000:])
        time.sleep(0.1)


def start_worker(site: Site, *options: str) -> None:
    """Start one more worker; the site is to be prepared with RENEWZ_TASKS=worker."""
    log = site.folder / f"worker-{len(site.workers)}.log"
    command = ["python", "manage.py", "worker", *options]
    site.workers.append(Program(command, site.environment, log))


@contextlib.contextmanager
def prepared(
    *, sqlite: bool = False, data: Path | None = None, cluster: Cluster | None = None,
    articles: int = ARTICLES, **environment: str,
) -> Iterator[Site]:  # fmt: skip
    """Yield a site with a filled database, of which nothing runs yet but PostgreSQL."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(folder())
        data = data or home / "data"
        for part in ("media", "originals"):
            (data / part).mkdir(parents=True)
        shutil.copytree(built_static(), data / "static")
        template = ""
        if sqlite:
            cluster, database = None, f"sqlite:///{data}/renewz.sqlite3"
        else:
            if cluster is None and articles == ARTICLES:
                template = _filled_database()[0]
            cluster = cluster or _shared_cluster()
            database = stack.enter_context(database_of(cluster, template))
        site = Site(home, data, _environment(data, database, 0) | environment, cluster)
        if template:
            site.content = _filled_database()[1]
        else:
            site.fill(articles)
        try:
            yield site
        finally:
            for program in [*([site.nginx] if site.nginx else []), *site.machines, *site.workers]:
                program.stop()


@contextlib.contextmanager
def running(*, machines: int = 1, **how: Any) -> Iterator[Site]:
    """Yield a site that readers and editors can use."""
    with prepared(**how) as site:
        for _ in range(machines):
            start_machine(site)
        start_nginx(site)
        yield site
