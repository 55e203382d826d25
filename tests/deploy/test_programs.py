"""What production starts, started for real."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.running import OVER_TLS, PUBLIC_HOST, Running, free_port

pytestmark = pytest.mark.deploy


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


@pytest.mark.once
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


@pytest.mark.once
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


@pytest.mark.once
def test_nginx_believes_forwarded_headers_from_our_proxy_only(
    application: Running, nginx: Callable[..., Running]
) -> None:
    assert nginx(application.port, trusted="127.0.0.1").over_tls("/").status == 200


@pytest.mark.once
def test_nginx_does_not_believe_a_stranger(application: Running, nginx: Callable[..., Running]) -> None:
    assert nginx(application.port, trusted="192.0.2.0/24").over_tls("/").status == 301


@pytest.mark.once
def test_nginx_refuses_trace_and_large_bodies(application: Running, nginx: Callable[..., Running]) -> None:
    site = nginx(application.port)
    assert site.ask("/", method="TRACE", **OVER_TLS).status == 405
    refused = site.ask("/", method="POST", body=b"x" * 70_000, **OVER_TLS)
    assert (refused.status, "zu groß" in refused.body) == (413, True)


@pytest.mark.once
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
