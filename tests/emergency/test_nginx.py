"""The emergency edition behind nginx: what readers and machines get, without an application."""

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
from tests.deploy.running import ROOT, Answer, Running, free_port, started
from tests.stories import DAY, HOUR, NOON

pytestmark = [pytest.mark.deploy, pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def ask(settings: Any) -> Iterator[Callable[..., Answer]]:
    """Make an edition, start nginx on it and return what asks it."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx ist auf diesem Rechner nicht installiert")
    with tempfile.TemporaryDirectory(prefix="renewz-emergency-") as name:
        home = Path(name)
        home.chmod(0o755)  # nginx's workers are „nobody“ under root
        (home / "run").mkdir()
        settings.MEDIA_ROOT = home / "media"
        with time_machine.travel(NOON, tick=False):
            edition.make(home / "edition")
        port = free_port()
        command = [sys.executable, "deploy/render_nginx.py", "--emergency", str(home / "edition"),
                   "--listen", f"127.0.0.1:{port}", "--run", str(home / "run")]  # fmt: skip
        (home / "nginx.conf").write_bytes(subprocess.check_output(command, cwd=ROOT))  # noqa: S603
        run = [program, "-c", str(home / "nginx.conf"), "-g", "daemon off;"]
        with started(run, port, {"PATH": "/usr/sbin:/usr/bin:/bin"}, home / "log"):
            yield Running(port, home).ask


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
