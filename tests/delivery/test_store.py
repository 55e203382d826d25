"""The store of rendered pages: its bound, and who renders."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from delivery import pages, store
from delivery.state import State
from tests.stories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]


STATE = State(1, NOON + dt.timedelta(days=1))


def entry(size: int) -> pages.Entry:
    return store.Entry(STATE, "tag", 200, {"Content-Type": "text/html"}, {"": b"x" * size}, NOON)


def key(name: str) -> store.Key:
    return ("https", "renewz.example", name, "")


def test_the_store_throws_out_what_was_not_asked_for_longest():
    kept = store.Store(max_bytes=3 * (1000 + 2048))
    for name in "abc":
        kept.put(key(name), entry(1000))
    kept.get(key("a"))
    kept.put(key("d"), entry(1000))

    assert [name for name in "abcd" if kept.get(key(name))] == ["a", "c", "d"]
    assert kept.size == kept.max_bytes


def test_a_page_larger_than_the_store_is_not_kept():
    kept = store.Store(max_bytes=1000)
    kept.put(key("a"), entry(2000))

    assert (kept.get(key("a")), kept.size) == (None, 0)


def test_compressed_bodies_count_when_they_are_made():
    kept, page = store.Store(max_bytes=10_000), entry(5000)
    kept.put(key("a"), page)
    before = kept.size
    packed = {coding: kept.body(key("a"), page, coding) for coding in ("gzip", "br", "gzip")}

    assert kept.size == before + len(packed["gzip"]) + len(packed["br"])
    kept.max_bytes = kept.size
    kept.put(key("b"), entry(0))
    assert (kept.get(key("a")), kept.size) == (None, 2048)
    # Somebody was still being answered with it: the memory of the others is not charged for that.
    page.bodies.pop("br")
    kept.body(key("a"), page, "br")
    assert kept.size == 2048
    kept.drop(key("b"))
    kept.drop(key("b"))
    assert kept.size == 0


def test_of_many_who_ask_at_once_one_renders():
    made = []

    def view(request):
        made.append(request)
        time.sleep(0.1)
        response = HttpResponse("<p>Seite</p>")
        pages.public(response)
        return response

    def ask(number):
        request = RequestFactory().get("/")
        request.at = NOON
        return pages._make(request, view, pages._question(request), State(1, NOON))

    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(ask, range(8)))

    assert len(made) == 1
    assert {id(each) for each in entries} == {id(entries[0])}
