"""What nginx says with every answer, by http and https."""

# ruff: noqa: S603  fixed commands without a shell

import base64
import hashlib
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery.middleware import _FEATURES
from tests.deploy.certificates import certificate
from tests.deploy.running import OVER_TLS, PUBLIC_HOST, READER, ROOT, Answer, Running, free_port
from tests.deploy.upstream import Upstream, hours_ago, page

pytestmark = [pytest.mark.deploy, pytest.mark.once]

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": _FEATURES,
    "Strict-Transport-Security": "max-age=31536000",
}


def style_hash(name: str) -> str:
    text = (ROOT / f"deploy/errors/{name}.html").read_text(encoding="utf-8")
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def assert_said_once(answer: Answer, what: str) -> None:
    said = Counter(name.lower() for name in answer.headers)
    assert {name: said[name.lower()] for name in EXPECTED} == dict.fromkeys(EXPECTED, 1), what
    assert said["content-security-policy"] == said["cache-control"] == said["x-request-id"] == 1, what
    assert said["retry-after"] == (1 if answer.status in {429, 503} else 0), what
    assert {name: answer.headers[name] for name in EXPECTED} == EXPECTED, what


@pytest.fixture
def files(folder: Path) -> Path:
    data = folder / "data"
    (data / "static/site.0123456789ab.css").write_text("a {}", encoding="utf-8")
    (data / "static/site.css").write_text("a {}", encoding="utf-8")
    (data / "media/picture.jpg").write_text("x", encoding="utf-8")
    return data


def test_every_kind_of_answer_says_each_header_once(upstream: Upstream, kept: Running, files: Path) -> None:
    upstream.answer = lambda path, headers: page("da", hours_ago(0), ETag='"1"')
    answers = {
        "from the application": kept.over_tls("/"),
        "asked again": kept.over_tls("/"),
        "a room": kept.over_tls("/admin/"),
        "static": kept.over_tls("/static/site.css"),
        "hashed": kept.over_tls("/static/site.0123456789ab.css"),
        "picture": kept.over_tls("/media/picture.jpg"),
        "no file": kept.over_tls("/static/no.css"),
        "refused": kept.ask("/static/site.css", method="POST", **OVER_TLS),
        "not for outside": kept.over_tls("/readyz"),
        "too large": kept.ask("/", method="POST", body=b"x" * 70_000, **OVER_TLS),
        "long address": kept.over_tls("/" + "x" * 9000),
        "long header": kept.over_tls("/", X_Long="x" * 40_000),
    }
    known = {"If_None_Match": answers["static"].headers["ETag"]}
    answers["file known"] = kept.over_tls("/static/site.css", **known)
    upstream.answer = lambda path, headers: page("da", ETag='"1"')
    kept.over_tls("/")
    answers["kept"] = kept.over_tls("/")
    answers["kept and known"] = kept.over_tls("/", If_None_Match='"1"')
    upstream.answer = lambda path, headers: page("nichts", status=404)
    answers["no page"] = kept.over_tls("/nichts/")
    upstream.answer = lambda path, headers: page("da", hours_ago(0))
    kept.over_tls("/alt/")
    upstream.server.shutdown()
    upstream.server.server_close()
    answers["stale"] = kept.over_tls("/alt/")
    answers["away"] = kept.over_tls("/nie/")
    answers["room away"] = kept.ask("/admin/", method="POST", body=b"", **OVER_TLS)
    answers["too often"] = [kept.over_tls("/suche/", **READER) for _ in range(30)][-1]

    assert {what: answer.status for what, answer in answers.items()} == {
        "from the application": 200, "asked again": 200, "a room": 200, "static": 200, "hashed": 200,
        "picture": 200, "no file": 404, "refused": 403, "not for outside": 404, "too large": 413,
        "long address": 400, "long header": 400, "file known": 304, "kept": 200, "kept and known": 304,
        "no page": 404, "stale": 200, "away": 503, "room away": 503, "too often": 429,
    }  # fmt: skip
    # Refused before nginx has read by which scheme it came: nothing to say about TLS.
    unread = answers.pop("long address")
    assert "Strict-Transport-Security" not in unread.headers
    for what, answer in answers.items():
        assert_said_once(answer, what)
    assert {n for n in EXPECTED if n in unread.headers} == EXPECTED.keys() - {"Strict-Transport-Security"}
    assert answers["kept"].headers["X-Cache"] == "HIT"
    assert answers["hashed"].headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for what in ("no file", "refused", "too large", "away", "too often"):
        assert answers[what].headers["Cache-Control"] == "no-store", what


def test_the_application_has_the_first_word(upstream: Upstream, kept: Running) -> None:
    said = {
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "unsafe-none", "Permissions-Policy": "camera=()",
        "Strict-Transport-Security": "max-age=1", "Content-Security-Policy": "default-src 'self'",
    }  # fmt: skip
    upstream.answer = lambda path, headers: (200, page("da")[1] | said, "da")
    for answer in (kept.over_tls("/"), kept.over_tls("/"), kept.over_tls("/admin/")):
        assert {name: answer.headers.get_all(name) for name in said} == {n: [v] for n, v in said.items()}


def test_the_pages_of_the_house_may_use_their_own_style_and_nothing_else(
    upstream: Upstream, kept: Running
) -> None:
    names = sorted(path.stem for path in (ROOT / "deploy/errors").glob("*.html"))
    assert names == ["400", "404", "413", "429", "503"]
    policy = kept.over_tls("/readyz").headers["Content-Security-Policy"]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash('404')}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    assert {style_hash(name) for name in names} == {style_hash("404")}


def test_the_number_on_a_page_is_that_of_its_request(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: (500, {"Cache-Control": "no-store"}, "Fehler")
    answer = kept.over_tls("/")
    number = answer.headers["X-Request-ID"]

    assert re.fullmatch("[0-9a-f]{32}", number)
    assert f"Kennung: {number}<" in answer.body
    assert upstream.asked[0][1]["x-request-id"] == number


def test_a_kept_page_has_a_number_of_its_own_each_time(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da", X_Request_ID="of-the-first")
    numbers = [kept.over_tls("/").headers.get_all("X-Request-ID") for _ in range(3)]

    assert [len(found or []) for found in numbers] == [1, 1, 1]
    assert len({str(found) for found in numbers}) == 3
    assert "of-the-first" not in str(numbers)


def test_nginx_ends_tls_itself_where_it_is_given_a_certificate(
    upstream: Upstream, nginx: Callable[..., Running], folder: Path
) -> None:
    upstream.answer = lambda path, headers: page(headers["x-forwarded-proto"])
    files, port = certificate(folder / "tls"), free_port()
    site = nginx(upstream.port, tls_files=str(files), tls_listen=f"127.0.0.1:{port}", trusted="")

    def curl(*options: str) -> str:
        at = f"{PUBLIC_HOST}:{port}:127.0.0.1"
        command = ["curl", "-sS", "--cacert", str(files / "fullchain.pem"), "--resolve", at, *options]
        done = subprocess.run(
            [*command, f"https://{PUBLIC_HOST}:{port}/"], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    assert curl("-w", " %{http_version}") == "https 2"
    assert curl("--http1.1", "-w", " %{http_version}") == "https 1.1"
    assert curl("--tls-max", "1.2", "-w", " %{http_version}") == "https 2"
    assert "curl: (35)" in curl("--tls-max", "1.1")
    # The application sends to https whoever came by http, and knows the name. No proxy stands before
    # nginx, wherever somebody seems to come from.
    assert site.ask("/").body == "http"
    assert site.over_tls("/").body == "http"
