"""The emergency edition behind nginx: what readers and machines get, without an application."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.models import Edition
from emergency import edition
from tests import stories
from tests.deploy.certificates import certificate
from tests.deploy.running import PUBLIC_HOST, ROOT, Answer, Running, free_port, started
from tests.stories import DAY, HOUR, NOON

pytestmark = [pytest.mark.deploy, pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def serve(settings: Any) -> Iterator[Callable[..., Running]]:
    """Return what makes an edition and starts nginx on it."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx ist auf diesem Rechner nicht installiert")
    with tempfile.TemporaryDirectory(prefix="renewz-emergency-") as name, contextlib.ExitStack() as stack:
        home = Path(name)
        home.chmod(0o755)  # nginx's workers are „nobody“ under root
        (home / "run").mkdir()
        settings.MEDIA_ROOT = home / "media"

        def start(listen: str = "127.0.0.1:{port}", **more: str) -> Running:
            with time_machine.travel(NOON, tick=False):
                edition.make(home / "edition")
            port = free_port()
            values = {
                "emergency": str(home / "edition"),
                "listen": listen.format(port=port),
                "run": str(home / "run"),
            } | {name.replace("_", "-"): value for name, value in more.items()}
            options = [part for name, value in values.items() for part in (f"--{name}", value)]
            render = [sys.executable, "deploy/render_nginx.py", *options]
            (home / "nginx.conf").write_bytes(subprocess.check_output(render, cwd=ROOT))  # noqa: S603
            run = [program, "-c", str(home / "nginx.conf"), "-g", "daemon off;"]
            stack.enter_context(started(run, port, {"PATH": "/usr/sbin:/usr/bin:/bin"}, home / "log"))
            return Running(port, home)

        yield start


@pytest.fixture
def ask(serve: Callable[..., Running]) -> Callable[..., Answer]:
    return serve().ask


@pytest.fixture
def first(db: None) -> int:
    one = stories.published(at=NOON - DAY, headline="Alter Titel")
    stories.revised(one, at=NOON - HOUR, headline="Neuer Titel")
    stories.bulk(25, newest=NOON - 2 * DAY, sections=[stories.section("Kultur")])
    return one.pk


@pytest.fixture
def gone(db: None) -> int:
    one = stories.published(at=NOON - DAY)
    stories.withdrawn(one, at=NOON - HOUR, reason="Die Quelle hielt nicht.")
    return one.pk


def test_readers_get_what_the_application_would_answer(first, gone, ask):
    address = Edition.objects.live(NOON).get(article=first).get_absolute_url()
    with time_machine.travel(NOON, tick=False):
        for path in ("/", address, "/kultur/", "/feed.xml", "/sitemap.xml", "/robots.txt", "/impressum/",
                     f"/artikel/{first}/", f"/wirtschaft/anders-{first}/", f"/artikel/{gone}/", "/kultur",
                     "/gibt-es-nicht/", "/artikel/999999/", "/admin"):  # fmt: skip
            live, answer = Client().get(path), ask(path)
            here = (answer.status, answer.headers["Location"], answer.headers["Content-Type"].split(";")[0])
            there = (
                live.status_code,
                live.get("Location"),
                live.get("Content-Type", "text/html").split(";")[0],
            )
            if path == "/admin":  # there is none
                assert here == (404, None, "text/html")
            else:
                assert here == there, path
    assert "Die Quelle hielt nicht." in ask(f"/artikel/{gone}/").body
    assert "Diese Seite haben wir nicht gefunden" in ask("/gibt-es-nicht/").body


def test_it_keeps_the_security_headers_and_is_packed(first, ask):
    answer = ask("/", Accept_Encoding="gzip")
    live = Client().get("/")
    for name in ("Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options", "Referrer-Policy",
                 "X-Frame-Options", "Cross-Origin-Opener-Policy"):  # fmt: skip
        assert answer.headers[name] == live[name]
        assert ask("/gibt-es-nicht/").headers[name] == live[name]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Server"] == "nginx"
    assert ask("/", method="POST").status == 405


def test_links_with_a_query_still_lead_there(first, ask):
    assert ask("/suche/?q=Haushalt").body == ask("/suche/").body
    anchor = Edition.objects.live(NOON).filter(section__slug="kultur").newest_first()[19].article_id
    assert ask(f"/kultur/?vor={anchor}").body == ask(f"/kultur/vor/{anchor}/").body != ask("/kultur/").body
    assert ask("/kultur/?vor=../../../../etc").body == ask("/kultur/").body


def test_what_is_beside_the_site_is_not_handed_out(first, gone, ask):
    for path in ("/notausgabe.json", "/nginx/moved.map", "/../nginx/moved.map", "/%2e%2e/nginx/moved.map",
                 f"/withdrawn/{gone}.html", "/404.html", "/static/", "/media/"):  # fmt: skip
        assert ask(path).status in {400, 404}, path


def test_who_knows_the_site_by_https_alone_comes_to_its_edition_too(first, serve, tmp_path):
    """Browsers remember for a year that nothing is to be had by http."""
    files, port = certificate(tmp_path / "tls"), free_port()
    serve("[::]:{port} ipv6only=off", tls_files=str(files), tls_listen=f"[::]:{port} ipv6only=off")
    for address in ("127.0.0.1", "[::1]"):
        at = ["--resolve", f"{PUBLIC_HOST}:{port}:{address}", f"https://{PUBLIC_HOST}:{port}/"]
        command = ["curl", "-sS", "--cacert", str(files / "fullchain.pem"), "-w", "%{http_version}", *at]
        said = subprocess.check_output(command, text=True)  # noqa: S603
        assert ("Neuer Titel" in said, said[-1]) == (True, "2"), address
