"""Redis may be away, empty, or full of nonsense: nobody is signed out, nobody waits, nothing fails."""

import shutil
import time
from collections.abc import Iterator

import pytest
from django.conf import settings as project
from django.core.cache import caches
from django.test import Client

from renewz import shared_cache
from tests import stories
from tests.redis_server import RedisServer

redis = pytest.importorskip("redis")


@pytest.fixture
def server(tmp_path) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server ist auf diesem Rechner nicht installiert")
    one = RedisServer(tmp_path)
    yield one
    one.stop()


@pytest.fixture
def shared(server, settings, monkeypatch) -> RedisServer:
    """A site that uses it for its cache and for sessions."""
    here = {"LOCATION": server.url, "KEY_PREFIX": "renewz"}
    settings.CACHES = {
        "default": {**here, "BACKEND": "renewz.shared_cache.ForgivingCache"},
        "sessions": {**here, "BACKEND": "renewz.shared_cache.SessionCache"},
    }
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    settings.SESSION_CACHE_ALIAS = "sessions"
    monkeypatch.setattr(shared_cache, "_rests_until", 0.0)
    return server


def rested(monkeypatch) -> None:
    monkeypatch.setattr(shared_cache, "_rests_until", 0.0)


@pytest.fixture
def staff(shared, db) -> Client:
    client = Client()
    client.force_login(stories.editor())
    assert client.get("/admin/").status_code == 200
    return client


def test_it_is_a_cache(shared):
    cache = caches["default"]
    cache.set("a", {"words": ["Größe"], "n": 1}, 60)
    cache.set_many({"b": 2, "c": None}, 60)

    assert cache.get("a") == {"words": ["Größe"], "n": 1}
    assert cache.get_many(["b", "c", "d"]) == {"b": 2, "c": None}
    assert (cache.incr("b"), cache.add("b", 7), cache.add("e", 7)) == (3, False, True)
    assert ("b" in cache, cache.touch("b", 30), cache.delete("b"), "b" in cache) == (True, True, True, False)
    cache.clear()
    assert cache.get("a", "none") == "none"


def test_without_a_server_it_knows_nothing_and_says_so_once(shared, caplog):
    cache = caches["default"]
    cache.set("a", 1)
    shared.stop()
    began = time.monotonic()
    answers = (
        cache.get("a", "none"), cache.set("a", 2), cache.get_many(["a"]),
        cache.add("a", 1), cache.incr("a", 3),
        "a" in cache, cache.touch("a"), cache.delete("a"), cache.set_many({"a": 1}), cache.clear(),
        cache.delete_many(["a"]),
    )  # fmt: skip

    assert answers == ("none", None, {}, True, 3, False, False, False, [], False, None)
    assert time.monotonic() - began < 1
    assert [record.message for record in caplog.records] == ["shared cache away"]


def test_a_server_that_hangs_holds_nobody_up(shared):
    shared.freeze()
    began = time.monotonic()
    assert [caches["default"].get("a") for _ in range(20)] == [None] * 20
    assert time.monotonic() - began < 1
    shared.thaw()


def test_it_is_used_again_when_it_is_back(shared, monkeypatch):
    shared.stop()
    assert caches["default"].get("a") is None
    shared.start()
    rested(monkeypatch)
    caches["default"].set("a", 1)

    assert caches["default"].get("a") == 1


def test_staff_stay_signed_in_when_it_is_emptied(staff, shared):
    shared.empty()

    assert staff.get("/admin/").status_code == 200


def test_staff_and_readers_notice_nothing_when_it_is_gone(staff, shared, monkeypatch):
    shared.stop()
    rested(monkeypatch)

    assert staff.get("/admin/").status_code == 200
    assert Client().get("/").status_code == 200
    # Signing in and out too, which write.
    other = Client()
    other.force_login(stories.chief())
    assert other.get("/admin/").status_code == 200
    assert other.post("/admin/logout/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_who_signed_out_while_it_was_away_is_out_for_good_after_a_minute(staff, shared, monkeypatch):
    key = f"renewz:1:django.contrib.sessions.cached_db{staff.session.session_key}"
    assert 0 < redis.Redis.from_url(shared.url).ttl(key) <= 60
    old = dict(staff.cookies)
    monkeypatch.setattr(shared_cache, "_rests_until", time.monotonic() + 60)
    assert staff.post("/admin/logout/").status_code == 200
    rested(monkeypatch)
    redis.Redis.from_url(shared.url).delete(key)  # the minute is over
    staff.cookies.update(old)

    assert staff.get("/admin/").status_code == 302


def test_what_is_read_from_it_is_never_run(shared):
    redis.Redis.from_url(shared.url).set("renewz:1:a", b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ValueError, match="Expecting value"):
        caches["default"].get("a")


def test_without_the_setting_nothing_of_it_is_there():
    assert project.REDIS_URL == ""
    assert project.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert project.CACHES["default"]["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
