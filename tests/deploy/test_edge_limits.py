"""How often and how much one reader may ask for."""

import contextlib
import json
import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from images.uploads import MAX_BYTES
from tests.deploy.running import OVER_TLS, PUBLIC_HOST, READER, Running, free_port
from tests.deploy.upstream import Upstream, page

pytestmark = [pytest.mark.deploy, pytest.mark.once]


def statuses(site: Running, count: int, path: str, method: str = "GET", **headers: str) -> Counter[int]:
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(
            lambda _: site.ask(path, method, b"" if method == "POST" else None, **OVER_TLS, **headers).status,
            range(count),
        )
        return Counter(asked)


def test_who_signs_in_too_often_waits_and_others_do_not(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da")
    began = time.monotonic()
    tried = statuses(kept, 40, "/admin/login/", "POST", X_Forwarded_For="203.0.113.7")
    seconds = time.monotonic() - began

    # Twenty-one at once, then one in three seconds.
    assert 21 <= tried[200] <= 21 + seconds / 3 + 1
    assert tried[429] == 40 - tried[200]
    assert kept.ask("/admin/login/", "POST", b"", **OVER_TLS, X_Forwarded_For="203.0.113.8").status == 200
    assert kept.over_tls("/admin/login/", X_Forwarded_For="203.0.113.7").status == 200


def test_readers_who_share_an_address_are_not_refused(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da")

    assert statuses(kept, 200, "/", X_Forwarded_For="203.0.113.7") == {200: 200}


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/", {"Cookie": "sessionid=ausgedacht"}), ("/?a=vor7", {}), ("/%70olitik/", {})],
    ids=["a session", "an odd query", "an odd path"],
)
def test_who_gets_past_what_is_kept_may_do_so_less_often(
    upstream: Upstream, kept: Running, path: str, headers: dict[str, str]
) -> None:
    upstream.answer = lambda path, headers: page("da")
    began = time.monotonic()
    asked = statuses(kept, 150, path, **READER, **headers)
    seconds = time.monotonic() - began

    # Fifty-one at once, then ten in a second.
    assert 51 <= asked[200] <= 51 + seconds * 10 + 1
    assert asked[429] == 150 - asked[200]
    assert kept.over_tls("/", **READER).status == 200


UPLOADS = ("/admin/images/image/add/", "/admin/images/image/hochladen/")


def test_only_pictures_may_be_large(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da")
    paths = (
        "/admin/",
        "/admin/login/",
        "/admin/images/image/",
        "/admin/articles/article/1/change/",
        *UPLOADS,
    )

    def sent(size: int) -> dict[str, int]:
        return {path: kept.ask(path, "POST", b"x" * size, **OVER_TLS).status for path in paths}

    assert (settings.DATA_UPLOAD_MAX_MEMORY_SIZE, MAX_BYTES) == (3 * 1024**2, 20 * 1024**2)
    assert sent(3 * 1024**2) == dict.fromkeys(paths, 200)
    assert sent(3 * 1024**2 + 1) == dict.fromkeys(paths, 413) | dict.fromkeys(UPLOADS, 200)
    assert sent(25 * 1024**2 + 1) == dict.fromkeys(paths, 413)


def test_texts_are_saved_where_there_is_no_room_for_uploads(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da")
    shutil.rmtree(kept.run / "body")

    assert kept.ask("/admin/", "POST", b"x" * 120_000, **OVER_TLS).status == 200
    refused = kept.ask(UPLOADS[0], "POST", b"x" * 1_000_000, **OVER_TLS)
    assert (refused.status, "gleich wieder da" in refused.body) == (503, True)
    assert kept.over_tls("/").status == 200


@pytest.mark.parametrize("path", UPLOADS)
def test_one_address_sends_six_pictures_at_once(upstream: Upstream, kept: Running, path: str) -> None:
    upstream.answer = lambda path, headers: page("da")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nX-Forwarded-Proto: https\r\n"
        "X-Forwarded-For: 203.0.113.7\r\nContent-Length: 20000000\r\n\r\nx"
    )
    with contextlib.ExitStack() as stack:
        for _ in range(6):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", kept.port)))
            one.sendall(head.encode())
        end = time.monotonic() + 5
        refused = kept.ask(path, "POST", b"x" * 1_000_000, **OVER_TLS, **READER)
        while refused.status == 200:  # until nginx has read all six
            assert time.monotonic() < end
            refused = kept.ask(path, "POST", b"x" * 1_000_000, **OVER_TLS, **READER)
        assert (refused.status, refused.headers["Retry-After"]) == (429, "10")
        assert kept.over_tls(path, X_Forwarded_For="203.0.113.8").status == 200
        assert kept.over_tls("/admin/", **READER).status == 200


def test_what_nginx_says_of_the_application_names_no_reader_and_no_word(
    nginx: Callable[..., Running], folder: Path
) -> None:
    site = nginx(free_port())
    for path in ("/suche/?q=geheimes", "/?q=geheimes", "/admin/?q=geheimes"):
        assert site.over_tls(path, **READER, Referer="https://x.example/?q=geheimes").status == 503
    site.over_tls("/", X_Forwarded_For="::ffff:203.0.113.7")
    end = time.monotonic() + 5
    said: list[str] = []
    while sum(line.startswith("{") for line in said) < 4:  # nginx writes its lines after its answers
        assert time.monotonic() < end, said
        said = (folder / "nginx.log").read_text(encoding="utf-8").splitlines()

    assert [line for line in said if "203.0.113.7" in line or "geheimes" in line] == []
    assert [json.loads(line)["network"] for line in said if line.startswith("{")] == ["203.0.113.0"] * 4


def test_a_flood_is_refused_with_a_page_of_the_house(upstream: Upstream, kept: Running) -> None:
    upstream.answer = lambda path, headers: page("da")
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: kept.over_tls("/suche/?q=x", X_Forwarded_For="203.0.113.7"), range(60))
        )
    refused = [answer for answer in answers if answer.status == 429]

    assert len(refused) > 20
    assert {answer.headers["Retry-After"] for answer in refused} == {"10"}
    assert all("Das waren zu viele Anfragen" in answer.body for answer in refused)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8:0:0:1::", "2001:db8::2", True),
        ("2001:db8:7::1", "2001:db8:7::2", True),
        ("2001:db8:7:8:9:a:b:c", "2001:db8:7:8::1", True),
        ("2001:db8:7::1", "2001:db8:8::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
    ],
)
def test_a_reader_is_an_address_or_the_net_of_a_connection(
    upstream: Upstream, kept: Running, one: str, other: str, same: bool
) -> None:
    upstream.answer = lambda path, headers: page("da")
    statuses(kept, 60, "/suche/", X_Forwarded_For=one)
    asked = statuses(kept, 21, "/suche/", X_Forwarded_For=other)  # as many as one may at once

    assert (429 in asked) is same


def test_several_proxies_may_be_believed(upstream: Upstream, nginx: Callable[..., Running]) -> None:
    upstream.answer = lambda path, headers: page(headers["x-forwarded-for"])
    through_two = {"X_Forwarded_For": "203.0.113.7, 2001:db8::1"}

    assert nginx(upstream.port, "127.0.0.1").over_tls("/a/", **through_two).body == "2001:db8::1"
    assert nginx(upstream.port, "2001:db8::/32 127.0.0.1").over_tls("/", **through_two).body == "203.0.113.7"
    assert nginx(upstream.port, "192.0.2.1 2001:db8::/32").over_tls("/", **through_two).body == "127.0.0.1"
