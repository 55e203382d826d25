"""Pages kept in memory: never another page than the one that would be rendered now."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from delivery import pages, state
from frontpage import breaking
from images import desk
from images.models import Image
from tests import stories
from tests.stories import HOUR, MINUTE, NOON, SECOND

TENTH_OF = state._tenth_of  # as it is outside of tests, see conftest.py

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]


def test_a_page_is_rendered_once_and_costs_one_query_from_then_on(
    client, clock, rendered, django_assert_num_queries
):
    path = stories.address(stories.published(at=NOON - HOUR))
    first = client.get(path)
    with django_assert_num_queries(1):
        second = client.get(path)

    assert rendered == [path]
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert stories.HEADLINE in second.text


@pytest.mark.parametrize(
    "path", ["/", "/wirtschaft/", "/autoren/anna-weber/", "/feed.xml", "/sitemap-2026-w19.xml"]
)
def test_a_release_is_on_every_kept_page_at_once(client, clock, path):
    stories.published(at=NOON - HOUR, headline="Der erste Artikel des Tages")
    before = client.get(path)
    stories.published(at=NOON - MINUTE, headline="Der zweite Artikel des Tages")
    after = client.get(path)

    assert before.status_code == HTTPStatus.OK
    assert after.content != before.content
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_plan_comes_true_in_its_second_and_nothing_ran(client, clock, rendered):
    stories.published(at=NOON - HOUR)
    planned = stories.scheduled(live_from=NOON + MINUTE, at=NOON - MINUTE, headline="Das war geplant")
    path = stories.address(planned)
    seen = []
    for moment in (NOON, NOON + MINUTE - SECOND, NOON + MINUTE, NOON + HOUR):
        clock.move_to(moment)
        seen.append(("Das war geplant" in client.get("/").text, client.get(path).status_code))

    assert seen == [(False, 404), (False, 404), (True, 200), (True, 200)]
    assert rendered.count("/") == 2


def test_an_end_takes_it_away_in_its_second(client, clock):
    article = stories.scheduled(live_from=NOON, live_until=NOON + HOUR, at=NOON - HOUR)
    path = stories.address(article)
    answers = []
    for moment in (NOON, NOON + HOUR - SECOND, NOON + HOUR):
        clock.move_to(moment)
        answers.append(client.get(path).status_code)

    assert answers == [200, 200, 404]


def test_a_withdrawal_is_there_at_once(client, clock):
    article = stories.published(at=NOON - HOUR)
    path = stories.address(article)
    assert client.get(path).status_code == HTTPStatus.OK
    stories.withdrawn(article, at=NOON)

    assert client.get(path).status_code == HTTPStatus.GONE


def test_the_day_changes_at_midnight_in_berlin(client, clock, rendered):
    stories.published(at=NOON - HOUR)
    midnight = dt.datetime(2026, 5, 4, 22, 0, tzinfo=dt.UTC)
    for moment in (NOON, midnight - SECOND, midnight):
        clock.move_to(moment)
        client.get("/")

    assert rendered == ["/", "/"]


def test_a_name_is_changed_everywhere_at_once(client, clock):
    article = stories.published(at=NOON - HOUR)
    assert "Anna Weber" in client.get(stories.address(article)).text
    author = article.bylines.get().author
    author.name = "Anna Kranich"
    author.save()

    assert "Anna Kranich" in client.get(stories.address(article)).text


def test_posting_asks_neither_memory_nor_state(client, clock, django_assert_num_queries):
    path = stories.address(stories.published(at=NOON - HOUR))
    client.get(path)
    with django_assert_num_queries(0):
        assert client.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.get(path).status_code == HTTPStatus.OK


def test_cookies_of_others_change_nothing(client, clock, rendered):
    path = stories.address(stories.published(at=NOON - HOUR))
    client.get(path)
    client.cookies.load({"consent": "yes", "csrftoken": "x" * 32, "messages": "y"})
    answer = client.get(path)

    assert answer.headers["Cache-Control"].startswith("public")
    assert rendered == [path]


@pytest.mark.parametrize(
    "harm",
    [
        lambda response: response.set_cookie("visitor", "1"),
        lambda response: response.headers.__setitem__("Vary", "Accept-Encoding, Cookie"),
        lambda response: response.headers.__setitem__("Cache-Control", "private"),
    ],
    ids=["sets a cookie", "differs by cookie", "private"],
)
def test_what_is_not_the_same_for_everybody_is_not_kept(clock, harm):
    def view(request):
        response = HttpResponse("<p>Seite</p>")
        pages.public(response)
        harm(response)
        return response

    request = RequestFactory().get("/")
    request.at = NOON
    answer = pages.middleware(view)(request)

    assert pages.store.size == 0
    assert "ETag" not in answer.headers


def test_who_is_signed_in_gets_nothing_from_memory_and_leaves_nothing_there(client, clock, rendered):
    path = stories.address(stories.published(at=NOON - HOUR))
    staff = Client()
    staff.force_login(stories.editor())
    staff.cookies.load({"consent": "yes"})
    for answer in (staff.get(path), client.get(path), staff.get(path)):
        assert answer.status_code == HTTPStatus.OK
        private = answer.wsgi_request.COOKIES != {}
        assert answer.headers["Cache-Control"].startswith("private" if private else "public")
        assert ("ETag" in answer.headers) is not private
    assert rendered == [path]


@pytest.mark.parametrize(
    ("path", "keeping"),
    [
        ("/gibt-es-nicht/", "public, max-age=0, must-revalidate"),
        ("/suche/?q=x", "public, max-age=0, must-revalidate"),
        ("/admin/login/", "max-age=0, no-cache, no-store, must-revalidate, private"),
    ],
)
def test_each_answer_says_who_may_keep_it(client, clock, path, keeping):
    assert client.get(path).headers["Cache-Control"] == keeping


def test_a_fault_is_kept_by_nobody(client, clock, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("frontpage.views.compose", lambda *args: 1 / 0)
    answer = client.get("/")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store")


def test_nobody_keeps_a_page_beyond_the_next_event(client, clock):
    stories.published(at=NOON - HOUR)
    stories.scheduled(live_from=NOON + MINUTE, at=NOON - MINUTE)
    kept = []
    for moment in (NOON, NOON + MINUTE - SECOND, NOON + MINUTE - SECOND / 2, NOON + MINUTE):
        clock.move_to(moment)
        kept.append(client.get("/").headers["Cache-Control"])

    def words(seconds):
        return (
            f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={seconds}, stale-if-error=86400"
        )

    assert kept == [words(1), words(1), words(0), words(1)]


def test_nginx_is_told_the_end_of_the_second(client, clock, settings):
    settings.BEHIND_PROXY = True
    stories.published(at=NOON - HOUR)
    clock.move_to(NOON + dt.timedelta(milliseconds=700))

    for path in ("/", "/gibt-es-nicht/"):  # what is gone takes the place of what was there
        assert client.get(path).headers["X-Accel-Expires"] == f"@{int(NOON.timestamp())}"
    assert "X-Accel-Expires" not in client.get("/suche/").headers


# --- What the desks change ---------------------------------------------------------------------


def test_breaking_news_is_on_a_kept_page_from_its_beginning_to_its_end(client, clock):
    stories.published(at=NOON - HOUR)
    assert client.get("/").status_code == HTTPStatus.OK
    line = stories.breaking("Der Fährverkehr ruht", at=NOON)
    seen = []
    for moment in (NOON, NOON + MINUTE):
        clock.move_to(moment)
        seen.append("Der Fährverkehr ruht" in client.get("/").text)
    breaking.end(stories.chief(), line, at=NOON + MINUTE)
    clock.move_to(NOON + MINUTE + SECOND)
    seen.append("Der Fährverkehr ruht" in client.get("/").text)

    assert seen == [True, True, False]


def test_a_picture_leaves_a_kept_page_with_its_licence(client, clock):
    picture = stories.image(alt="Ein Saal voller Stühle", licensed_until=NOON + HOUR)
    path = stories.address(stories.published(at=NOON - HOUR, lead_image=picture))
    seen = []
    for moment in (NOON, NOON + HOUR - SECOND, NOON + HOUR):
        clock.move_to(moment)
        seen.append("Ein Saal voller Stühle" in client.get(path).text)

    assert seen == [True, True, False]


def test_what_the_picture_desk_says_is_on_a_kept_page_at_once(client, clock):
    picture = stories.image(credit="Emil Thannhäuser/RENEWZ")
    path = stories.address(stories.published(at=NOON - HOUR, lead_image=picture))
    assert "Emil Thannhäuser/RENEWZ" in client.get(path).text
    desk.describe(stories.chief(), picture, picture.version, {"credit": "Ilse Kranich/RENEWZ"})

    assert "Ilse Kranich/RENEWZ" in client.get(path).text
    desk.swap(
        stories.chief(), picture, Image.objects.get(pk=picture.pk).version, stories.image(alt="Ein Hof")
    )

    assert "Ein Hof" in client.get(path).text
