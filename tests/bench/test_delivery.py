"""``bench/delivery.py`` measures what it says it does, or nothing."""

import contextlib
import gzip
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

from bench import delivery, servers
from bench.delivery import Asked
from bench.load import Load
from bench.tables import MIDDLE, Contender, Row

pytestmark = pytest.mark.once

PAGE = b"<p>Eine Seite.</p>" * 50


class Handler(BaseHTTPRequestHandler):
    """Knows one page, packed in three ways, under a tag that names the port, as ours names the host."""

    def do_GET(self) -> None:
        coding = self.headers.get("Accept-Encoding", "")
        body = {"gzip": gzip.compress, "br": brotli.compress}.get(coding, bytes)(PAGE)
        tag = f'"{self.server.server_address[1]}-{coding}"'
        known = self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK)
        self.send_header("ETag", tag)
        if not known:
            self.send_header("Content-Length", str(len(body)))
            if coding in {"gzip", "br"}:
                self.send_header("Content-Encoding", coding)
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextlib.contextmanager
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_address[1]}"
        one.shutdown()


@pytest.fixture
def web() -> Iterator[str]:
    with server() as url:
        yield url


@pytest.fixture
def app() -> Iterator[str]:
    with server() as url:
        yield url


def test_who_asks_for_a_304_knows_the_tag_of_the_server_that_she_asks(
    web: str, app: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "gunicorn", lambda *_, **__: contextlib.nullcontext((app, 1)))
    with contextlib.ExitStack() as stack:
        found = delivery.contenders(stack, "/", (app, 1), web, tmp_path)
    for who in ("nginx 304", "Anwendung 304", "nginx", "Anwendung"):
        asked = found[Contender(who, "gzip", MIDDLE)]
        assert asked.url.startswith(web if who.startswith("nginx") else app)
        delivery.check(asked)
    for coding in ("", "gzip", "br"):
        delivery.check(found[Contender("nginx", coding, MIDDLE)])


@pytest.mark.parametrize("path", ["/", "/politik/?vor=17", "/politik/ein-langer-titel-17/"])
def test_a_file_has_an_address_as_long_as_its_page_and_holds_the_same_bytes(
    web: str, app: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(servers, "gunicorn", lambda *_, **__: contextlib.nullcontext((app, 1)))
    with contextlib.ExitStack() as stack:
        found = delivery.contenders(stack, path, (app, 1), web, tmp_path)
    file = found[Contender("Datei", "gzip", MIDDLE)].url.removeprefix(web)
    assert len(file) == max(len(path), len("/static/page.html"))
    packed = (tmp_path / f"{file.removeprefix('/static/')}.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / file.removeprefix("/static/")).read_bytes() == PAGE
    for who in ("blank", "leer"):
        assert found[Contender(who, "gzip", MIDDLE)].url == app + path


def page(url: str) -> Asked:
    return Asked(url, {"Accept-Encoding": "gzip"}, coding="gzip", length=len(gzip.compress(PAGE)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": HTTPStatus.NOT_MODIFIED},
        {"length": 7},
        {"coding": "br"},
        {"headers": {}},
    ],
)
def test_another_answer_than_the_one_to_be_measured_ends_the_program(
    web: str, wrong: dict[str, object]
) -> None:
    delivery.check(page(web))
    with pytest.raises(SystemExit, match="statt"):
        delivery.check(page(web)._replace(**wrong))


def test_each_turn_is_looked_at_before_and_after(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []
    monkeypatch.setattr(delivery, "check", lambda asked: turns.append("check"))
    monkeypatch.setattr(delivery, "load", lambda *_: turns.append("load") or Load(10, 10.0, 1.0))
    found = delivery.measured({Contender("nginx", "gzip", 1): page(web)}, 1, 1)
    assert turns == ["check", "load", "check"] * 2
    assert list(found.values()) == [[Load(10, 10.0, 1.0)]]


def test_what_an_answer_costs_the_application_is_measured(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    used = iter([3.0, 3.5])
    monkeypatch.setattr(servers, "processor_seconds", lambda pid: next(used))
    monkeypatch.setattr(delivery, "load", lambda *_: Load(1_000, 10.0, 1.0))
    found = delivery._loaded(page(web)._replace(pid=1), 1, 1)
    assert Row("Artikel", {Contender("blank", "gzip", MIDDLE): [found]}).microseconds("blank") == [500.0]


def test_pages_made_anew_warm_up_and_wait_for_the_leftovers(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []
    monkeypatch.setattr(servers, "gunicorn", lambda *_, **__: contextlib.nullcontext((web, 1)))
    monkeypatch.setattr(servers, "wait_until_idle", lambda pid: turns.append("idle"))
    rates = iter([1.0, 20.0, 20.0])
    monkeypatch.setattr(
        delivery, "_loaded", lambda *_: turns.append("load") or Load(1, next(rates), 1.0, 0.005)
    )
    assert delivery.made_anew("", ["Feed"], {"Feed": "/"}, 2) == [["Feed", "20 (20–20)", "5,0 (5,0–5,0)"]]
    assert turns == ["idle", "load"] * 3


def test_a_kind_of_page_that_there_is_not_is_named() -> None:
    assert delivery.chosen(["Feed"], is_quick=True) == ["Feed"]
    assert delivery.chosen([], is_quick=True) == ("Startseite", "Artikel")
    with pytest.raises(SystemExit, match="Gibt es nicht: Fed"):
        delivery.chosen(["Fed", "Feed"], is_quick=False)
