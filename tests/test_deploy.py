"""What production starts, started for real: no container engine, but the same programs and files."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PUBLIC_HOST = "renewz.example"
# What the proxy that ends TLS adds.
OVER_TLS = {"X-Forwarded-Proto": "https"}
START_SECONDS = 60

pytestmark = pytest.mark.deploy


# --- The files ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def names_read_by(path: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / path).read_text(encoding="utf-8")))


def test_every_variable_is_read_by_somebody(compose: dict[str, Any]) -> None:
    known = names_read_by("renewz/settings.py", r'env\.\w+\(\s*"(\w+)"')
    known |= names_read_by("deploy/gunicorn.conf.py", r'environ\.get\("(\w+)"')
    known |= {f"RENEWZ_OPERATOR_{name.upper()}" for name in settings.OPERATOR}
    for name in ("web", "migrate"):
        assert compose["services"][name]["environment"].keys() <= known
    explained = names_read_by(".env.example", r"(?m)^#?([A-Z_]+)=")
    assert explained <= known | names_read_by("docker-compose.yml", r"\$\{(\w+)")


def test_compose_gives_nginx_exactly_the_variables_of_its_template(compose: dict[str, Any]) -> None:
    asked = names_read_by("deploy/nginx.conf.template", r"\$\{(RENEWZ_NGINX_[A-Z]+)\}")
    given = {name for name in compose["services"]["nginx"]["environment"] if name.startswith("RENEWZ_NGINX_")}
    assert given == asked


def test_compose_holds_no_secret_and_refuses_to_start_without_them(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if re.search("SECRET|PASSWORD|TOKEN", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
            if name == "DATABASE_URL":
                assert re.search(r"://\w+:\$\{POSTGRES_PASSWORD:\?[^}]+\}@", value)


def test_every_service_that_stays_up_has_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if service["restart"] == "no":
            assert service["healthcheck"] == {"disable": True}, name
        else:
            assert service["healthcheck"]["test"], name


def test_only_nginx_is_reachable_and_it_cannot_see_the_originals(compose: dict[str, Any]) -> None:
    published = [name for name, service in compose["services"].items() if "ports" in service]
    assert published == ["nginx"]
    assert not any("originals" in volume for volume in compose["services"]["nginx"]["volumes"])


def test_the_example_explains_every_value_that_compose_asks_for() -> None:
    asked = names_read_by("docker-compose.yml", r"\$\{(\w+)")
    assert asked <= names_read_by(".env.example", r"(?m)^#?([A-Z_]+)=")


@pytest.mark.parametrize(("lock", "groups"), [("production", []), ("development", ["test", "lint"])])
def test_the_lock_fits_pyproject(lock: str, groups: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    for group in groups:
        wanted += project["dependency-groups"][group]
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ]+)", text))
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name), "")
        assert version and version in requirement.specifier, f"{requirement}: bitte „make lock“"
    assert "://" not in text


# --- The programs ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass(frozen=True)
class Running:
    """A server on this machine that answers under the site's public name."""

    port: int
    data: Path

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": PUBLIC_HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode(errors="replace"))

    def over_tls(self, path: str, **headers: str) -> Answer:
        return self.ask(path, **OVER_TLS, **headers)

    def hashed_file(self) -> str:
        manifest = json.loads((self.data / "static/staticfiles.json").read_text(encoding="utf-8"))
        return next(f"/static/{name}" for name in manifest["paths"].values() if name.endswith(".css"))


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
def started(command: list[str], port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
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
        yield
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
    name = f"deploy_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield server.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that nginx's workers, who are „nobody“ under root, can read too."""
    with tempfile.TemporaryDirectory(prefix="renewz-deploy-") as name:
        path = Path(name)
        path.chmod(0o755)
        for part in ("data/static", "data/media", "data/originals", "run"):
            (path / part).mkdir(parents=True)
        yield path


@pytest.fixture(scope="module")
def application(folder: Path) -> Iterator[Running]:
    """Gunicorn with production's settings after production's release steps."""
    port, data = free_port(), folder / "data"
    with empty_database(data) as database:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "RENEWZ_ENV": "production",
            "RENEWZ_DATA_DIR": str(data),
            "RENEWZ_SITE_URL": f"https://{PUBLIC_HOST}",
            "RENEWZ_ALLOWED_HOSTS": "",
            "RENEWZ_BEHIND_PROXY": "true",
            "RENEWZ_BIND": f"127.0.0.1:{port}",
            "DATABASE_URL": database,
            "SECRET_KEY": secrets.token_urlsafe(50),
        }
        # As the image is built: neither a database nor anything of the later environment.
        built = folder / "built"
        building = {name: environment[name] for name in ("PATH", "SECRET_KEY", "RENEWZ_SITE_URL")}
        run(["python", "manage.py", "collectstatic", "--noinput"], building | {"RENEWZ_DATA_DIR": str(built)})
        # As the service „migrate“ does.
        run(["deploy/release.sh"], environment | {"BUILT_STATIC": str(built / "static")})
        gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
        with started(gunicorn, port, environment, folder / "gunicorn.log"):
            wait_until_healthy(environment)
            yield Running(port, data)


@pytest.fixture
def nginx(folder: Path) -> Iterator[Callable[..., Running]]:
    """Start nginx with the real configuration in front of any port."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("nginx ist auf diesem Rechner nicht installiert")
    with contextlib.ExitStack() as stack:

        def start(upstream: int, trusted: str = "127.0.0.1") -> Running:
            port, run = free_port(), folder / "run"
            values = {
                "listen": f"127.0.0.1:{port}",
                "upstream": f"127.0.0.1:{upstream}",
                "data": str(folder / "data"),
                "run": str(run),
                "trusted": trusted,
            }
            options = [part for name, value in values.items() for part in (f"--{name}", value)]
            render = [sys.executable, "deploy/render_nginx.py", *options]
            configuration = folder / f"nginx-{port}.conf"
            configuration.write_bytes(subprocess.check_output(render, cwd=ROOT))
            command = [program, "-c", str(configuration), "-g", "daemon off;"]
            stack.enter_context(started(command, port, dict(os.environ), folder / "nginx.log"))
            return Running(port, folder / "data")

        yield start


def test_the_application_answers_alone(application: Running) -> None:
    assert application.ask("/healthz").status == 200
    front = application.over_tls("/")
    assert front.status == 200
    assert "<!doctype html>" in front.body.lower()
    assert "max-age=31536000" in front.headers["Strict-Transport-Security"]
    assert "Set-Cookie" not in front.headers


def test_plain_http_is_sent_to_https_and_other_names_are_refused(application: Running) -> None:
    redirect = application.ask("/", X_Forwarded_Proto="http")
    assert (redirect.status, redirect.headers["Location"]) == (301, f"https://{PUBLIC_HOST}/")
    assert application.ask("/", Host="evil.example", **OVER_TLS).status == 400


def test_through_nginx_readers_get_pages_and_files(
    application: Running, nginx: Callable[..., Running]
) -> None:
    site = nginx(application.port)
    assert site.over_tls("/").status == 200
    assert site.over_tls("/admin/login/").status == 200

    style = site.over_tls(site.hashed_file(), Accept_Encoding="gzip")
    assert style.status == 200
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert style.headers["Content-Encoding"] == "gzip"
    assert style.headers["X-Content-Type-Options"] == "nosniff"
    assert style.headers["Content-Type"].startswith("text/css")
    assert "immutable" not in site.over_tls("/static/staticfiles.json").headers["Cache-Control"]


def test_nginx_hands_out_pictures_and_never_originals(
    application: Running, nginx: Callable[..., Running]
) -> None:
    for part in ("media/picture.jpg", "media/page.html", "originals/private.jpg"):
        (application.data / part).write_text("content", encoding="utf-8")
    site = nginx(application.port)

    picture = site.over_tls("/media/picture.jpg")
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert site.over_tls("/media/page.html").headers["Content-Type"] == "application/octet-stream"

    for path in (
        "/originals/private.jpg",
        "/media/../originals/private.jpg",
        "/media/%2e%2e/originals/private.jpg",
        "/media../originals/private.jpg",
        "/static/..%2foriginals/private.jpg",
    ):
        answer = site.over_tls(path)
        assert answer.status in {400, 404}, path
        assert answer.body != "content"


def test_nginx_believes_forwarded_headers_from_our_proxy_only(
    application: Running, nginx: Callable[..., Running]
) -> None:
    assert nginx(application.port, trusted="127.0.0.1").over_tls("/").status == 200


def test_nginx_does_not_believe_a_stranger(application: Running, nginx: Callable[..., Running]) -> None:
    assert nginx(application.port, trusted="192.0.2.0/24").over_tls("/").status == 301


def test_nginx_refuses_trace_and_large_bodies(application: Running, nginx: Callable[..., Running]) -> None:
    site = nginx(application.port)
    assert site.ask("/", method="TRACE", **OVER_TLS).status == 405
    refused = site.ask("/", method="POST", body=b"x" * 70_000, **OVER_TLS)
    assert (refused.status, "zu groß" in refused.body) == (413, True)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_readers_get_a_page_while_the_application_is_away(
    folder: Path, nginx: Callable[..., Running], method: str
) -> None:
    answer = nginx(free_port()).ask("/", method=method, **OVER_TLS)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "gleich wieder da" in answer.body
    assert "nginx" not in answer.body
