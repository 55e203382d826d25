"""When the database is away: what was there is shown, and who cannot be served is told so at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from delivery import pages, state
from delivery.state import State
from delivery.store import Store
from tests import stories
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]

# What the middleware adds to every page.
SECURITY = {
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy",
    "X-Content-Type-Options", "X-Frame-Options",
}  # fmt: skip


def _refuse(*args):
    raise OperationalError("connection refused")


@pytest.fixture
def lose_database(monkeypatch):
    """Let the database be away from now on."""
    return lambda: monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", _refuse)


def test_readers_get_what_was_there_and_else_are_told(client, clock, lose_database):
    path = stories.address(stories.published(at=NOON - HOUR))
    shown = client.get(path)
    lose_database()
    kept, unknown = client.get(path), client.get("/wirtschaft/")

    assert (kept.status_code, kept.content) == (200, shown.content)
    assert (unknown.status_code, unknown.headers["Retry-After"]) == (503, "10")
    assert unknown.headers["Cache-Control"] == "no-store"
    assert "Wir sind gleich wieder da" in unknown.text
    clock.move_to(NOON + DAY)
    assert client.get(path).status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_nginx_is_not_told_to_keep_what_is_shown_without_a_state(client, clock, lose_database, settings):
    settings.BEHIND_PROXY = True
    path = stories.address(stories.published(at=NOON - HOUR))
    shown = client.get(path)
    lose_database()
    kept, known = client.get(path), client.get(path, headers={"If-None-Match": shown.headers["ETag"]})

    assert (shown.status_code, kept.status_code, known.status_code) == (200, 200, 304)
    assert ["X-Accel-Expires" in answer.headers for answer in (shown, kept, known)] == [True, False, False]


def test_what_is_gone_does_not_come_back(client, clock, lose_database):
    article = stories.scheduled(live_from=NOON, live_until=NOON + HOUR, at=NOON - HOUR)
    path = stories.address(article)
    assert client.get(path).status_code == HTTPStatus.OK
    clock.move_to(NOON + HOUR)
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    lose_database()

    assert client.get(path).status_code == HTTPStatus.SERVICE_UNAVAILABLE


TEASING = ("/", "/wirtschaft/", "/autoren/anna-weber/", "/feed.xml", "/sitemap-2026-w19.xml")


def take_away(article, clock) -> None:
    stories.withdrawn(article, at=NOON)


def let_end(article, clock) -> None:
    clock.move_to(NOON + HOUR)


@pytest.mark.parametrize("leave", [take_away, let_end])
@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_a_process_that_was_not_asked_for_it_meanwhile_does_not_show_it_either(
    client, clock, lose_database, leave, coding
):
    """Nor does any list that names it; what does not name it stays."""
    stories.published(at=NOON - 2 * HOUR, headline="Bleibt", section=stories.section("Politik"))
    article = stories.scheduled(
        live_from=NOON - SECOND, live_until=NOON + HOUR, at=NOON - HOUR, section=stories.section("Wirtschaft")
    )
    asked = {"Accept-Encoding": coding}
    paths = [stories.address(article), *TEASING]
    before = [client.get(path, headers=asked).status_code for path in (*paths, "/politik/")]
    leave(article, clock)
    client.get("/impressum/")  # all that this process is asked for in the new state
    lose_database()
    after = [client.get(path, headers=asked).status_code for path in (*paths, "/politik/")]

    assert before == [200] * 7
    assert after == [503] * 6 + [200]


def test_the_way_from_an_old_address_is_not_shown_without_the_database(client, clock, lose_database):
    """The address that it led to is a headline, and may have been withdrawn since."""
    article = stories.published(at=NOON - HOUR)
    paths = [stories.address(article), f"/artikel/{article.pk}/"]
    stories.revised(article, at=NOON - MINUTE, headline="Wie es jetzt heißt")
    before = [client.get(path).status_code for path in paths]
    stories.withdrawn(article, at=NOON)
    client.get("/impressum/")
    lose_database()

    assert before == [301, 301]
    assert [client.get(path).status_code for path in paths] == [503, 503]


def test_each_process_forgets_for_itself(client, clock, lose_database, monkeypatch):
    """Two stores stand for two processes: what the one has found out the other finds out too."""
    article = stories.published(at=NOON - HOUR)
    path = stories.address(article)
    processes = [(pages.store, None), (Store(pages.store.max_bytes), None)]

    def ask(number: int, path: str) -> int:
        kept, known = processes[number]
        monkeypatch.setattr(pages, "store", kept)
        monkeypatch.setattr(state, "_known", known)
        status = client.get(path).status_code
        processes[number] = (kept, state._known)
        return status

    assert [ask(number, path) for number in (0, 1)] == [200, 200]
    stories.withdrawn(article, at=NOON)
    assert [ask(0, path), ask(1, "/impressum/")] == [410, 200]
    lose_database()
    assert [ask(number, path) for number in (0, 1)] == [410, 503]


def test_what_gave_the_reason_is_still_shown_a_state_later(client, clock, lose_database):
    article = stories.published(at=NOON - HOUR)
    path = stories.address(article)
    stories.withdrawn(article, at=NOON)
    shown = client.get(path)
    stories.published(at=NOON - HOUR, headline="Etwas anderes")
    client.get("/impressum/")
    lose_database()

    assert (client.get(path).status_code, client.get(path).content) == (410, shown.content)


def test_a_page_that_was_in_the_making_is_not_kept_once_it_names_what_is_gone(
    client, clock, lose_database, monkeypatch
):
    article = stories.published(at=NOON - HOUR)
    path = stories.address(article)
    render = pages.surrogate.articles_on

    def meanwhile(response, path):
        monkeypatch.setattr(pages.surrogate, "articles_on", render)
        stories.withdrawn(article, at=NOON)
        client.get("/impressum/")
        return render(response, path)

    monkeypatch.setattr(pages.surrogate, "articles_on", meanwhile)
    assert client.get(path).status_code == HTTPStatus.OK
    lose_database()

    assert client.get(path).status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_what_came_back_is_shown(client, clock, lose_database):
    article = stories.published(at=NOON - HOUR)
    path = stories.address(article)
    stories.withdrawn(article, at=NOON - MINUTE)
    stories.published(article, at=NOON - SECOND)
    shown = client.get(path)
    client.get("/impressum/")
    lose_database()

    assert (client.get(path).status_code, client.get(path).content) == (200, shown.content)


@pytest.mark.parametrize("path", ["/", "/suche/?q=Bank", "/admin/", "/gibt-es-nicht/"])
def test_whoever_cannot_be_served_is_told_with_all_headers(client, clock, lose_database, path):
    headers = client.get("/wirtschaft/").headers
    lose_database()
    client.get("/")  # somebody finds out
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert {name: answer.headers[name] for name in SECURITY} == {name: headers[name] for name in SECURITY}
    assert "Set-Cookie" not in answer.headers


def test_nobody_is_asked_in_vain(client, clock, monkeypatch):
    monkeypatch.setattr(state._line, "pause", 60)
    with monkeypatch.context() as away:
        away.setattr("django.db.backends.utils.CursorWrapper.execute", _refuse)
        client.get("/")

    # It is back, but it was not a moment ago.
    assert client.post("/admin/login/").status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_questions_about_the_process_are_answered(client, clock, lose_database):
    lose_database()
    client.get("/")

    assert client.get("/healthz").status_code == HTTPStatus.OK


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_goes_while_a_page_is_made(clock, monkeypatch, error):
    client = Client(raise_request_exception=False)
    path = stories.address(stories.published(at=NOON - HOUR))
    shown = client.get(path)
    stories.published(at=NOON - HOUR)

    def gone(*args, **kwargs):
        raise error("server closed the connection unexpectedly")

    monkeypatch.setattr("articles.page.of_edition", gone)
    monkeypatch.setattr("articles.views.page_of", gone)
    kept, unknown = client.get(path), client.get("/wirtschaft/")

    assert (kept.status_code, kept.content) == (200, shown.content)
    assert (unknown.status_code, unknown.headers["Retry-After"]) == (503, "10")
    assert "Content-Security-Policy" in unknown.headers


@pytest.mark.parametrize("error", [IntegrityError, ZeroDivisionError])
def test_a_fault_of_ours_is_none_of_the_database(clock, monkeypatch, error):
    client = Client(raise_request_exception=False)
    path = stories.address(stories.published(at=NOON - HOUR))
    client.get(path)
    stories.published(at=NOON - HOUR)

    def fault(*args, **kwargs):
        raise error("unlikely")

    monkeypatch.setattr("articles.page.of_edition", fault)
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store")


def test_a_page_whose_making_hangs_holds_up_one_reader(monkeypatch):
    """A database that freezes in the middle of a page."""
    monkeypatch.setattr(pages, "_PATIENCE", 0.05)
    thaw, making = threading.Event(), threading.Event()
    away = []

    def view(request):
        if getattr(request, "database_away", False):
            away.append(request)
            return HttpResponse(status=503)
        making.set()
        thaw.wait(10)
        response = HttpResponse("<p>Seite</p>")
        pages.public(response)
        return response

    def ask(_):
        request = RequestFactory().get("/")
        request.at = NOON
        made = pages._make(request, view, pages._question(request), State(1, NOON))
        return made.status_code if isinstance(made, HttpResponse) else made.status

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask, 0)
        assert making.wait(10)
        assert list(pool.map(ask, range(3))) == [503, 503, 503]
        thaw.set()
        assert first.result(10) == HTTPStatus.OK
    assert len(away) == 3
    assert ask(0) == HTTPStatus.OK


def test_the_way_back_needs_no_hand(client, clock, monkeypatch):
    monkeypatch.setattr(state._line, "pause", 0)
    stories.published(at=NOON - HOUR)
    with monkeypatch.context() as away:
        away.setattr("django.db.backends.utils.CursorWrapper.execute", _refuse)
        assert client.get("/").status_code == HTTPStatus.SERVICE_UNAVAILABLE

    assert client.get("/").status_code == HTTPStatus.OK
