"""The front door answers as the middleware behind it would, or not at all."""

import io
from http import HTTPStatus

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections

from delivery import pages, state
from delivery.front_door import with_front_door
from tests import stories
from tests.stories import DAY, HOUR, NOON, SECOND

TENTH_OF = state._tenth_of  # as it is outside of tests, see conftest.py

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages", "clock")]

HOST = "testserver"


class House:
    """The application with its front door; counts who was let through to Django."""

    def __init__(self) -> None:
        self.django = WSGIHandler()
        self.let_through = 0
        self.with_door = with_front_door(self._through)

    def _through(self, environ, start_response):
        self.let_through += 1
        return self.django(environ, start_response)

    def ask(self, path, application=None, **environ):
        said = {}

        def start_response(status, headers):
            said["answer"] = (status, dict(headers))

        asked = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_HOST": HOST,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        } | environ
        body = b"".join((application or self.with_door)(asked, start_response))
        return *said["answer"], body

    def behind(self, path, **environ):
        return self.ask(path, self.django, **environ)


@pytest.fixture
def house(monkeypatch):
    monkeypatch.setattr(state, "_tenth_of", TENTH_OF)
    # Like Django's own test client: the connection of the test outlives each request.
    request_started.disconnect(close_old_connections)
    yield House()
    request_started.connect(close_old_connections)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd"},
        {"HTTP_ACCEPT_ENCODING": "gzip;q=1.0"},
        {"HTTP_ACCEPT_ENCODING": "br;q=0"},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "HEAD", "HTTP_ACCEPT_ENCODING": "br"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_NONE_MATCH": '"something else"'},
        {"HTTP_COOKIE": "andere=1"},
        {"HTTP_RANGE": "bytes=0-10"},
        {"HTTP_HOST": "TESTserver"},
        {"HTTP_HOST": "testserver."},
        {"HTTP_HOST": "testserver:1"},
        {"RAW_URI": "/"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/wirtschaft/", "/feed.xml"])
def test_it_answers_what_the_middleware_would(house, path, asked):
    stories.published(at=NOON - HOUR)
    house.ask(path)
    behind = house.behind(path, **asked)
    before = house.let_through

    assert house.ask(path, **asked) == behind
    assert house.let_through == before


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_who_has_the_page_gets_304(house, coding):
    stories.published(at=NOON - HOUR)
    _, headers, _ = house.ask("/", HTTP_ACCEPT_ENCODING=coding)
    known = {"HTTP_ACCEPT_ENCODING": coding, "HTTP_IF_NONE_MATCH": headers["ETag"]}
    behind = house.behind("/", **known)

    assert house.ask("/", **known) == behind
    assert behind[0] == "304 Not Modified"
    assert house.let_through == 1


def test_what_is_gone_is_answered_too(house):
    article = stories.published(at=NOON - HOUR)
    path = stories.address(article)
    stories.withdrawn(article, at=NOON - SECOND)
    house.ask(path)

    status, headers, body = house.ask(path)
    assert (status, headers.get("ETag")) == ("410 Gone", None)
    assert (status, headers, body) == house.behind(path)
    assert house.let_through == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"HTTP_COOKIE": "a=1; sessionid=x"},
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"QUERY_STRING": "utm_source=x"},
        {"QUERY_STRING": "vor=1&vor=2"},
        {"QUERY_STRING": "vor=²"},
        {"QUERY_STRING": "vor="},
        {"HTTP_HOST": "anders.example"},
        {"HTTP_HOST": "testserver.anders.example"},
        {"HTTP_HOST": "testserver/"},
        {"HTTP_HOST": ""},
        {"QUERY_STRING": "vor=7"},
        {"RAW_URI": "/%77irtschaft/"},
        {"SCRIPT_NAME": "/unter"},
        {"PATH_INFO": "/ö"},
        {"wsgi.url_scheme": "https"},
    ],
)
def test_whatever_is_not_plain_goes_to_django(house, asked):
    stories.published(at=NOON - HOUR)
    house.ask("/")
    house.ask("/", **asked)

    assert house.let_through == 2


@pytest.mark.parametrize("host", ["", ".", "anders.example", "testserver..", "testserver:x", "a b", "[::2]"])
def test_a_host_that_django_refuses_is_refused_with_the_same_words(house, host):
    stories.published(at=NOON - HOUR)
    house.ask("/")
    refused, behind = house.ask("/", HTTP_HOST=host), house.behind("/", HTTP_HOST=host)

    assert (refused[0], refused[2]) == (behind[0], behind[2])
    assert (refused[0], "ETag" in refused[1]) == ("400 Bad Request", False)


def test_every_spelling_of_a_host_is_one_page(house):
    stories.published(at=NOON - HOUR)
    answers = [house.ask("/", HTTP_HOST=host) for host in ("testserver", "TestServer.", "testserver:8443")]

    assert answers[1:] == answers[:1] * 2
    assert (house.let_through, len(pages.store._entries)) == (1, 1)


@pytest.mark.parametrize(
    "path",
    ["/", "/wirtschaft/", "/feed.xml", "/sitemap.xml", "/sitemap-2026-w19.xml", "/robots.txt", "/impressum/",
     "/korrekturen/", "/autoren/anna-weber/", "{address}", "/artikel/{pk}/", "/gibt-es-nicht/"],
)  # fmt: skip
def test_no_page_tells_under_which_name_it_was_asked_for(house, path, settings):
    settings.ALLOWED_HOSTS = ["testserver", "anders.example"]
    article = stories.published(at=NOON - HOUR)
    path = path.format(pk=article.pk, address=stories.address(article))
    answers = [house.ask(path, HTTP_HOST=host) for host in settings.ALLOWED_HOSTS]
    for _, headers, _ in answers:
        headers.pop("ETag", None)

    assert answers[0] == answers[1]


def test_the_scheme_is_what_our_proxy_says(house, settings):
    stories.published(at=NOON - HOUR)
    settings.BEHIND_PROXY = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for forwarded in ("https", "http", "gopher", "https, http"):
        for _ in range(2):
            house.ask("/", HTTP_X_FORWARDED_PROTO=forwarded)
    house.ask("/")  # without a word from a proxy the connection says it: http, which is there
    # One of each that is plain, both of the others.
    assert house.let_through == 1 + 1 + 2 + 2


def test_a_page_that_is_not_true_any_more_is_never_handed_out(house, clock):
    stories.scheduled(live_from=NOON + HOUR, at=NOON - DAY, headline="Das war geplant")
    seen = []
    for moment in (NOON, NOON + HOUR - SECOND, NOON + HOUR, NOON + HOUR):
        clock.move_to(moment)
        seen.append("Das war geplant" in house.ask("/")[2].decode())
    stories.published(at=NOON + HOUR, headline="Und das kam dazu")
    clock.move_to(NOON + HOUR + SECOND)

    assert seen == [False, False, True, True]
    assert "Und das kam dazu" in house.ask("/")[2].decode()


def test_it_asks_the_database_nothing(house, django_assert_num_queries):
    stories.published(at=NOON - HOUR)
    house.ask("/")
    with django_assert_num_queries(0):
        status, _, _ = house.ask("/")

    assert int(status[:3]) == HTTPStatus.OK


def test_without_knowing_the_state_it_lets_django_find_out(house, clock):
    stories.published(at=NOON - HOUR)
    house.ask("/")
    clock.move_to(NOON + SECOND)
    house.ask("/")

    assert house.let_through == 2
