"""What production starts, started for real: no container engine, but the same programs and files."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import gzip
import http.client
import http.server
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import psycopg
import pytest
import yaml
from django.conf import settings
from django.http import QueryDict
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
    raw: bytes


@dataclass(frozen=True)
class Running:
    """A server on this machine that answers under the site's public name."""

    port: int
    data: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": PUBLIC_HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            raw = response.read()
            return Answer(response.status, response.headers, raw.decode(errors="replace"), raw)

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
        for part in ("data/static", "data/media", "data/originals"):
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
            yield Running(port, data, environment)


@pytest.fixture
def nginx(folder: Path) -> Iterator[Callable[..., Running]]:
    """Start nginx with the real configuration in front of any port."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("nginx ist auf diesem Rechner nicht installiert")
    with contextlib.ExitStack() as stack:

        def start(upstream: int, trusted: str = "127.0.0.1") -> Running:
            port = free_port()
            run = folder / f"run-{port}"  # no other's kept pages
            run.mkdir()
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


# --- Pages that nginx keeps: its rules, in front of an upstream that does what a test says -------

LATER = "@4102444800"  # 2100
NOW_OVER = "@1"
FOR_EVERYBODY = {
    "Cache-Control": "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400",
    "Vary": "Accept-Encoding",
}


def page(body: str, until: str = LATER, status: int = 200, **headers: str) -> tuple[int, dict[str, str], str]:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {**FOR_EVERYBODY, "X-Accel-Expires": until, **more}, body


class Upstream:
    """Answers what a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[str, dict[str, str]], tuple[int, dict[str, str], str]]
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                upstream.asked.append((self.path, headers))
                status, said, body = upstream.answer(self.path, headers)
                self.send_response(status)
                for name, value in (said | {"Content-Length": str(len(body.encode()))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    one = Upstream()
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


@pytest.fixture
def kept(upstream: Upstream, nginx: Callable[..., Running]) -> Running:
    return nginx(upstream.port)


def test_a_kept_page_does_not_reach_the_application(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("<p>Seite</p>" * 100, Content_Type="text/html")
    paths = ("/a/", "/a/", "/a/?utm_source=x", "/a/?fbclid=%20b&y", "/a/?")
    answers = [kept.over_tls(path) for path in paths]

    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT", "HIT", "HIT", "HIT"]
    assert upstream.paths == ["/a/"]
    assert {answer.raw for answer in answers} == {b"<p>Seite</p>" * 100}
    assert [answer.headers.get_all("Content-Length") for answer in answers] == [["1200"]] * 5
    assert [answer.headers.get_all("Vary") for answer in answers] == [["Accept-Encoding"]] * 5
    assert {answer.headers["X-Accel-Expires"] for answer in answers} == {None}
    assert kept.ask("/a/", method="HEAD", **OVER_TLS).headers["X-Cache"] == "HIT"
    assert kept.ask("/a/", Host="other.example", **OVER_TLS).headers["X-Cache"] == "MISS"
    assert kept.ask("/a/", X_Forwarded_Proto="http").headers["X-Cache"] == "MISS"


def test_no_query_gets_another_page_than_the_application_would_give(
    upstream: Upstream, kept: Running
) -> None:
    def as_django_reads_it(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        before = QueryDict(urlsplit(path).query).get("vor", "")
        return page(f"{urlsplit(path).path} {before}")

    upstream.answer = as_django_reads_it
    queries = (
        "", "?vor=5", "?vor=9", "?vor=5&utm_source=x", "?x=1&vor=5&y", "?vor=5&vor=9", "?vor=9&vor=5",
        "?%76or=5", "?vo%72=9&vor=5", "?vor=5&%76or=9", "?v%6fr=9", "?VOR=5", "?xvor=5", "?vor=", "?vor",
        "?vor=5x", "?vor=%35", "?a=vor", "?a=vor=9&vor=5", "?a=%26vor=9", "?vor=5%26vor=9", "?vor=05",
        "?vor=5;vor=9", "?vor+=9", "?=vor", "?a?vor=5",
    )  # fmt: skip
    for _ in range(2):
        for path in ("/a/", "/a/%3Fvor=5", "/a/%20vor=5", "/a/%2e/"):
            for query in queries:
                expected = as_django_reads_it(path + query, {})[2]
                assert kept.over_tls(path + query).body == expected, path + query
    shared = ("/a/?vor=5", "/a/?vor=5&utm_source=x", "/a/?x=1&vor=5&y", "/a/", "/a/?VOR=5")
    before = len(upstream.asked)
    assert [kept.over_tls(path).headers["X-Cache"] for path in shared] == ["HIT"] * 5
    assert len(upstream.asked) == before


def test_browsers_words_for_codings_become_three(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page(headers.get("accept-encoding", "-"))
    said = {
        "gzip, deflate, br, zstd": "br",
        "br": "br",
        "BR;q=1.0": "br",
        "gzip;q=1.0, br;q=0.5": "br",
        "gzip, br;q=0": "gzip",
        "deflate, gzip;q=0.8": "gzip",
        "gzip;q=0, br;q=0.000": "-",
        "identity": "-",
        "xbr, gzipped": "-",
        "zstd": "-",
    }
    assert {word: kept.over_tls("/", Accept_Encoding=word).body for word in said} == said
    assert len(upstream.asked) == 3


def test_who_is_signed_in_gets_her_own_page_and_leaves_none(upstream: Upstream, kept: Running) -> None:
    def by_cookie(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        return page(headers.get("cookie", "nobody"))

    upstream.answer = by_cookie
    cookies = ("__Host-sitzung=1", "a=b; sessionid=2", "a=b;__Host-sitzung=3; c=d")
    assert settings.SESSION_COOKIE_NAME == "sessionid"  # without TLS
    assert '"__Host-sitzung"' in (ROOT / "renewz/settings.py").read_text(encoding="utf-8")
    for _ in range(2):
        assert [kept.over_tls("/", Cookie=cookie).body for cookie in cookies] == list(cookies)
    assert kept.over_tls("/").body == "nobody"
    assert [kept.over_tls("/", Cookie=cookie).body for cookie in cookies] == list(cookies)
    assert kept.over_tls("/", Cookie="consent=sessionid; xsessionid=1").body == "nobody"


@pytest.mark.parametrize("path", ["/admin/", "/admin/articles/", "/suche/", "/suche/?q=x"])
def test_rooms_and_search_are_never_kept(upstream: Upstream, kept: Running, path: str) -> None:
    upstream.answer = lambda path, headers: page("x")
    answers = [kept.over_tls(path) for _ in range(2)]

    assert len(upstream.asked) == 2
    assert [answer.headers["X-Cache"] for answer in answers] == [None, None]


def test_when_its_second_is_over_the_application_is_asked_and_says_304(
    upstream: Upstream, kept: Running
) -> None:
    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        if headers.get("if-none-match") == '"one"':
            return page("", status=304, ETag='"one"')
        return page("eins", NOW_OVER, ETag='"one"')

    upstream.answer = answer
    answers = [kept.over_tls("/") for _ in range(3)]

    assert [each.body for each in answers] == ["eins"] * 3
    assert [each.headers["X-Cache"] for each in answers] == ["MISS", "REVALIDATED", "HIT"]
    # nginx itself says 304 to who has the page.
    known = kept.over_tls("/", If_None_Match='W/"one"')
    assert (known.status, known.body, known.headers["ETag"]) == (304, "", '"one"')
    assert known.headers["Cache-Control"] == FOR_EVERYBODY["Cache-Control"]
    assert kept.over_tls("/", If_None_Match='"two"').status == 200
    assert kept.over_tls("/", Range="bytes=0-1").status == 200
    assert len(upstream.asked) == 2


@pytest.mark.parametrize("status", [404, 410, 301])
def test_what_is_gone_takes_the_place_of_the_page_even_when_the_application_dies(
    upstream: Upstream, kept: Running, status: int
) -> None:
    upstream.answer = lambda path, headers: page("da", NOW_OVER)
    assert kept.over_tls("/").body == "da"
    upstream.answer = lambda path, headers: page("weg", NOW_OVER, status)
    assert [kept.over_tls("/").status for _ in range(2)] == [status] * 2
    upstream.answer = lambda path, headers: page("Fehler", status=500)
    after = kept.over_tls("/")

    assert (after.status, after.body) == (status, "weg")


def test_what_never_was_makes_no_entry(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("nichts", status=404)
    assert [kept.over_tls("/x/").headers["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_shows_what_was_there(upstream: Upstream, kept: Running, status: int) -> None:
    upstream.answer = lambda path, headers: page("da", NOW_OVER)
    assert kept.over_tls("/").body == "da"
    upstream.answer = lambda path, headers: (status, {"Cache-Control": "no-store"}, "Fehler")
    shown = kept.over_tls("/")

    assert (shown.status, shown.body, shown.headers["X-Cache"]) == (200, "da", "STALE")
    assert kept.over_tls("/nie-gesehen/").status == status


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 503)])
def test_without_the_application_pages_are_shown_for_a_day(
    upstream: Upstream, kept: Running, hours: int, status: int
) -> None:
    upstream.answer = lambda path, headers: page("da", f"@{int(time.time()) - hours * 3600}")
    assert kept.over_tls("/").body == "da"
    upstream.server.shutdown()
    upstream.server.server_close()

    assert kept.over_tls("/").status == status


def test_of_many_who_ask_at_once_one_gets_through(upstream: Upstream, kept: Running) -> None:
    def slow(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        time.sleep(0.3)
        return page("da")

    upstream.answer = slow
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: kept.over_tls("/").body, range(8)))

    assert answers == ["da"] * 8
    assert upstream.paths == ["/"]


# --- Pages that nginx keeps: the real application behind it --------------------------------------


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


def test_a_release_is_seen_through_nginx_within_two_seconds(
    application: Running, nginx: Callable[..., Running]
) -> None:
    tell(application, "stories.published(headline='Schon lange da'); print()")
    site = nginx(application.port)
    seen: list[tuple[float, bool]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            began = time.time()
            seen.append((began, "Ganz frisch" in site.over_tls("/").body))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        released = float(
            tell(
                application,
                "import time; stories.published(headline='Ganz frisch heraus'); print(time.time())",
            )
        )
        time.sleep(3)
    finally:
        stop.set()
        reader.join()

    late = [began - released for began, fresh in seen if not fresh and began > released]
    assert seen[-1][1]
    assert max(late, default=0) < 2


def test_a_plan_comes_true_through_nginx_in_its_second_and_never_before(
    application: Running, nginx: Callable[..., Running]
) -> None:
    site = nginx(application.port)
    planned = float(
        tell(
            application,
            "at = timezone.now().replace(microsecond=0) + dt.timedelta(seconds=6)\n"
            "stories.scheduled(live_from=at, headline='Das war geplant'); print(at.timestamp())",
        )
    )
    seen: list[tuple[float, float, bool, str]] = []
    while time.time() < planned + 2:
        began = time.time()
        answer = site.over_tls("/")
        seen.append((began, time.time(), "Das war geplant" in answer.body, answer.headers["X-Cache"]))

    assert [ended for _, ended, shown, _ in seen if shown and ended < planned] == []
    assert [began for began, _, shown, _ in seen if not shown and began > planned + 1] == []
    assert [shown for _, _, shown, _ in seen].count(False) > 1
    assert "HIT" in {status for _, _, _, status in seen}


def test_each_coding_comes_ready_compressed_and_whole(
    application: Running, nginx: Callable[..., Running]
) -> None:
    site = nginx(application.port)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
    for coding, decode in unpack.items():
        direct = application.over_tls("/impressum/", Accept_Encoding=coding)
        for _ in range(3):
            answer = site.over_tls("/impressum/", Accept_Encoding=coding)
            assert answer.headers.get("Content-Encoding", "identity") == coding
            assert answer.headers.get_all("Content-Length") == [str(len(answer.raw))]
            assert decode(answer.raw) == decode(direct.raw)
            assert answer.headers.get_all("Vary") == ["Accept-Encoding"]
            known = site.over_tls("/impressum/", Accept_Encoding=coding, If_None_Match=answer.headers["ETag"])
            assert (known.status, known.raw) == (304, b"")


def test_a_page_outlives_its_application(
    application: Running, nginx: Callable[..., Running], folder: Path
) -> None:
    port = free_port()
    environment = dict(application.environment) | {"RENEWZ_BIND": f"127.0.0.1:{port}"}
    site = nginx(port)
    gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
    with started(gunicorn, port, environment, folder / "mortal.log"):
        wait_until_healthy(environment)
        alive = site.over_tls("/datenschutz/")
        assert alive.status == 200
    time.sleep(2)  # its second, and the one after it
    dead = site.over_tls("/datenschutz/")

    assert (dead.status, dead.raw, dead.headers["X-Cache"]) == (200, alive.raw, "STALE")
    assert site.over_tls("/barrierefreiheit/").status == 503
