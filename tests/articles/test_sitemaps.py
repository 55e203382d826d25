"""Sitemaps by week: well-formed, absolute, complete, and only what readers can see."""

import datetime as dt
import xml.etree.ElementTree as ET  # reads our own files only

import pytest
import time_machine
from django.test import Client

from tests import stories
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def get(address, at=NOON):
    with time_machine.travel(at, tick=False):
        return Client().get(address, headers={"host": "localhost"})


def locations(address, at=NOON) -> list[str]:
    response = get(address, at)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    return [element.text for element in ET.fromstring(response.content).iterfind(".//s:loc", NAMES)]  # noqa: S314


def utc(*parts) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_the_index_lists_the_weeks_from_the_first_article_to_now_across_the_years():
    stories.bulk(1, newest=utc(2025, 12, 10, 12))

    weeks = [*(f"2026-w{week:02d}" for week in range(19, 0, -1)), "2025-w52", "2025-w51", "2025-w50"]
    assert locations("/sitemap.xml") == [f"{SITE}/sitemap-{week}.xml" for week in weeks]


def test_the_index_has_a_fifty_third_week_in_years_that_have_one():
    stories.bulk(1, newest=utc(2020, 12, 22, 12))

    assert locations("/sitemap.xml", utc(2021, 1, 5, 12)) == [
        f"{SITE}/sitemap-{week}.xml" for week in ("2021-w01", "2020-w53", "2020-w52")
    ]


def test_every_week_of_the_index_is_there_and_each_article_in_one_of_them():
    stories.bulk(40, newest=NOON - HOUR, step=5 * DAY)

    weeks = [address.removeprefix(SITE) for address in locations("/sitemap.xml")]
    articles = [address for week in weeks for address in locations(week)]
    assert (len(articles), len(set(articles))) == (40, 40)


def test_an_empty_paper_has_an_empty_index(db):
    assert locations("/sitemap.xml") == []


def test_a_week_lists_its_articles_with_whole_addresses_and_the_date_of_the_last_change():
    article = stories.published(at=NOON - DAY)
    stories.revised(article, at=NOON - HOUR)

    response = get("/sitemap-2026-w18.xml")
    [url] = ET.fromstring(response.content).iterfind("s:url", NAMES)  # noqa: S314

    edition = stories.live_edition(article, NOON)
    assert url.findtext("s:loc", namespaces=NAMES) == SITE + edition.get_absolute_url()
    assert url.findtext("s:lastmod", namespaces=NAMES) == "2026-05-04"


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (utc(2026, 3, 29, 21, 59, 59), "2026-w13"),  # a Sunday, and the first of summer time
        (utc(2026, 3, 29, 22, 0), "2026-w14"),
        (utc(2025, 12, 28, 22, 59, 59), "2025-w52"),
        (utc(2025, 12, 28, 23, 0), "2026-w01"),  # three days before the year begins
    ],
)
def test_a_week_is_one_of_berlin(moment, week):
    stories.bulk(1, newest=moment)

    weeks = ("2025-w52", "2026-w01", "2026-w13", "2026-w14")
    found = {name: len(locations(f"/sitemap-{name}.xml")) for name in weeks}

    assert found == {name: int(name == week) for name in found}


def test_an_article_stands_in_the_week_of_its_first_publication_only():
    article = stories.published(at=utc(2026, 3, 10, 12))
    stories.revised(article, at=NOON - HOUR)

    assert len(locations("/sitemap-2026-w11.xml")) == 1
    assert locations("/sitemap-2026-w19.xml") == []


@pytest.mark.parametrize(
    "name",
    ["2026-w00", "2026-w54", "2025-w53", "2026-w5", "1899-w01", "x", "2026-w18-1", "26-w18", "2026-05",
     "2026-W18", "2026-w1٨", "9999-w52", "2999-w52"],
)  # fmt: skip
def test_what_is_no_week_is_not_found(db, name):
    assert get(f"/sitemap-{name}.xml").status_code == 404


def test_a_week_begins_before_it_has_a_sitemap(db):
    begin = utc(2026, 5, 10, 22)

    assert get("/sitemap-2026-w20.xml", begin - SECOND).status_code == 404
    assert get("/sitemap-2026-w20.xml", begin).status_code == 200


def test_only_what_is_live_stands_in_it():
    stories.article()
    stories.scheduled(at=NOON - HOUR, live_from=NOON + HOUR)
    stories.withdrawn(stories.published(at=NOON - DAY), at=NOON - HOUR)

    assert locations("/sitemap-2026-w18.xml") == locations("/sitemap-2026-w19.xml") == []
    assert locations("/sitemap.xml") == []
    assert len(locations("/sitemap-2026-w19.xml", NOON + HOUR)) == 1
