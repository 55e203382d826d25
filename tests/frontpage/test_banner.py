"""The breaking news on the pages of readers: on all of them, in their second, and never more."""

import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import html

from delivery import state
from frontpage import breaking
from markets.models import Quote
from tests import stories
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db

TEXT = "Bundestag beschließt den Haushalt"
KINDS = [
    "/", "/wirtschaft/", "/thema/banken/", "/autoren/anna-weber/", "/korrekturen/", "/impressum/",
    "/datenschutz/", "/barrierefreiheit/", "/suche/?q=Kursziel", "/gibt-es-nicht/", "{address}", "{gone}",
]  # fmt: skip


def page(address: str, at=NOON) -> str:
    with time_machine.travel(at, tick=False):
        return Client().get(address).content.decode()


def banners(markup: str) -> list[html.HtmlElement]:
    return html.fromstring(markup).xpath("//section[@aria-label='Eilmeldung']")


@pytest.fixture
def addresses() -> dict[str, str]:
    article = stories.published(at=NOON - DAY)
    gone = stories.withdrawn(stories.published(at=NOON - DAY), at=NOON - HOUR)
    address = stories.live_edition(article, NOON).get_absolute_url()
    return {"address": address, "gone": f"/artikel/{gone.pk}/"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_shows_it_from_its_second_until_its_end(addresses, kind) -> None:
    row = stories.breaking(TEXT, starts_at=NOON, at=NOON - HOUR)
    address = kind.format(**addresses)
    found = [
        len(banners(page(address, at)))
        for at in (NOON - SECOND, NOON, NOON + 2 * HOUR - SECOND, NOON + 2 * HOUR)
    ]
    assert found == [0, 1, 1, 0]
    assert html.fromstring(page(address)).get("data-breaking") == str(row.pk)
    assert html.fromstring(page(address, NOON - SECOND)).get("data-breaking") is None


def test_it_is_a_named_line_with_its_time_before_the_main_part(addresses) -> None:
    stories.breaking(TEXT, at=NOON)
    found = banners(page("/"))[0]
    assert " ".join(found.xpath("string(.//p)").split()) == f"Eilmeldung 12:00 Uhr {TEXT}"
    assert found.xpath(".//time/@datetime") == ["2026-05-04T12:00:00+02:00"]
    assert found.xpath("following::main") and not found.xpath("ancestor::main")
    assert (found.get("role"), found.xpath(".//@aria-live | .//@role")) == (None, [])
    assert found.xpath(".//a") == []
    assert found.xpath(".//button[not(ancestor::template)]") == []


def test_after_midnight_it_says_that_it_is_of_yesterday() -> None:
    stories.section()
    stories.breaking(TEXT, at=NOON, hours=24)
    assert banners(page("/", NOON + 13 * HOUR))[0].xpath("string(.//time)") == "gestern, 12:00\u00a0Uhr"


def test_it_links_the_article_only_while_that_is_online(addresses) -> None:
    article = stories.published(at=NOON - DAY, headline="Xyzzy steht in der Überschrift", slug="xyzzy")
    stories.breaking(TEXT, article=article, at=NOON)
    address = stories.live_edition(article, NOON).get_absolute_url()
    assert [link.get("href") for link in banners(page("/"))[0].xpath(".//a")] == [address]
    stories.withdrawn(article, at=NOON + HOUR)
    found = page("/", NOON + HOUR)
    assert banners(found)[0].xpath(".//a") == []
    assert TEXT in found
    assert "xyzzy" not in found.lower()


def test_a_planned_article_leaves_no_trace_behind_the_line(addresses) -> None:
    article = stories.scheduled(at=NOON - DAY, live_from=NOON + DAY, headline="Xyzzy", slug="xyzzy")
    stories.breaking(TEXT, article=article, at=NOON)
    for kind in KINDS:
        found = page(kind.format(**addresses))
        assert "xyzzy" not in found.lower()
        assert not re.search(rf"-{article.pk}/|/artikel/{article.pk}/", found)


def test_an_ended_line_is_gone_at_once(addresses) -> None:
    row = stories.breaking(TEXT, at=NOON)
    breaking.end(stories.chief(), row, at=NOON + HOUR)
    assert [len(banners(page("/", at))) for at in (NOON + HOUR - SECOND, NOON + HOUR)] == [1, 0]


def test_a_hostile_line_is_text(addresses) -> None:
    stories.breaking('<img src=x onerror="alert(1)">', at=NOON)
    found = page("/")
    assert "<img src=x" not in found
    assert "&lt;img src=x onerror=" in found


@pytest.mark.parametrize(
    "address", ["/feed.xml", "/sitemap.xml", "/robots.txt", "/healthz", "/artikel/{pk}/"]
)
def test_what_shows_no_masthead_does_not_ask_for_it(
    client, django_assert_max_num_queries, address, addresses
) -> None:
    article = stories.published()
    state.current(timezone.now())  # when the next one begins or ends is asked once, not for each page
    with django_assert_max_num_queries(9) as asked:
        client.get(address.format(pk=article.pk))
    assert [query["sql"] for query in asked if "breakingnews" in query["sql"]] == []


def test_the_error_page_asks_the_database_nothing(rf, django_assert_num_queries) -> None:
    from articles.views import server_error  # noqa: PLC0415

    stories.breaking(TEXT)
    request = rf.get("/")
    request.at = NOON
    with django_assert_num_queries(0):
        assert banners(server_error(request).content.decode()) == []


def test_no_page_leaves_a_banner_to_a_ticker_that_is_away(addresses) -> None:
    assert not Quote.objects.exists()
    stories.breaking(TEXT, at=NOON)
    assert len(banners(page("/"))) == 1
