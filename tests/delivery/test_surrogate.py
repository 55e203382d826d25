"""Pages name the articles on them for a CDN, if somebody wants it."""

import pytest
from django.http import HttpResponse

from delivery import surrogate
from renewz import checks
from tests import stories
from tests.stories import HOUR, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "kept_pages")]


@pytest.fixture
def wanted(settings):
    settings.SURROGATE_HEADER = "Surrogate-Key"
    return settings


def names(client, path: str) -> str:
    return client.get(path).headers["Surrogate-Key"]


def test_without_the_setting_no_page_has_such_a_header(client):
    article = stories.published(at=NOON - HOUR)

    assert "Surrogate-Key" not in client.get("/").headers
    assert "Surrogate-Key" not in client.get(stories.address(article)).headers


@pytest.mark.parametrize(
    "path", ["/", "/wirtschaft/", "/autoren/anna-weber/", "/feed.xml", "/sitemap-2026-w19.xml"]
)
def test_a_page_names_what_it_shows_and_nothing_unpublished(client, wanted, path):
    stories.scheduled(live_from=NOON + HOUR, at=NOON - HOUR, headline="Noch nicht da")
    articles = [stories.published(at=NOON - HOUR, headline=f"Artikel {number}") for number in "ab"]

    assert names(client, path) == " ".join(["site", *(f"article-{article.pk}" for article in articles)])


def test_an_article_names_itself_and_what_it_teases(client, wanted):
    first = stories.published(at=NOON - HOUR, headline="Der erste")
    second = stories.published(at=NOON - HOUR, headline="Der zweite")

    assert names(client, stories.address(first)) == f"site article-{first.pk} article-{second.pk}"


def test_what_is_gone_and_what_is_not_there_yet_name_their_number(client, wanted):
    withdrawn = stories.published(at=NOON - HOUR)
    path = stories.address(withdrawn)
    stories.withdrawn(withdrawn, at=NOON)
    planned = stories.scheduled(live_from=NOON + HOUR, at=NOON - HOUR, headline="Noch nicht da")

    assert names(client, path) == f"site article-{withdrawn.pk}"
    assert names(client, stories.address(planned)) == f"site article-{planned.pk}"


def test_the_way_to_an_article_names_its_number(client, wanted):
    article = stories.published(at=NOON - HOUR)

    assert names(client, f"/artikel/{article.pk}/") == f"site article-{article.pk}"


def test_a_page_without_articles_names_the_site(client, wanted):
    assert names(client, "/impressum/") == "site"


def test_from_memory_it_is_the_same(client, wanted):
    article = stories.published(at=NOON - HOUR)

    assert names(client, "/") == names(client, "/") == f"site article-{article.pk}"


def test_rooms_and_search_name_nothing(client, admin_client, wanted):
    stories.published(at=NOON - HOUR)

    for response in (client.get("/suche/?q=Artikel"), client.get("/admin/login/"), admin_client.get("/")):
        assert "Surrogate-Key" not in response.headers


def test_more_than_fit_into_a_header_are_many(wanted):
    links = [f"<loc>https://renewz.example/politik/a-{number}/</loc>" for number in range(1, 202)]
    full, fuller = HttpResponse("".join(links[:200])), HttpResponse("".join(links))
    for response in (full, fuller):
        surrogate.name_articles(response, surrogate.articles_on(response, "/sitemap-2026-w19.xml"))

    assert len(full.headers["Surrogate-Key"].split()) == 201
    assert fuller.headers["Surrogate-Key"] == "site many"


def test_tags_are_separated_by_commas(wanted):
    wanted.SURROGATE_HEADER = "Cache-Tag"
    response = HttpResponse('<a href="/politik/a-1/">a</a> <a href="/politik/b-2/#x">b</a>')
    surrogate.name_articles(response, surrogate.articles_on(response, "/"))

    assert response.headers["Cache-Tag"] == "site,article-1,article-2"


@pytest.mark.parametrize(
    ("name", "found"),
    [("", []), ("Cache-Tag", []), ("xkey", []), ("Surrogate Key", ["renewz.E015"]), ("X:", ["renewz.E015"])],
)
def test_a_name_that_is_none_is_said_at_the_start(settings, name, found):
    settings.SURROGATE_HEADER = name

    assert [error.id for error in checks.surrogate_header_is_a_name(None)] == found
