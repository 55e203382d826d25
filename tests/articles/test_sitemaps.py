"""Sitemaps by month: well-formed, absolute, complete, and only what readers can see."""

import datetime as dt
import xml.etree.ElementTree as ET  # reads our own files only

import pytest
import time_machine
from django.test import Client

from tests import stories
from tests.stories import DAY, HOUR, NOON

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


def test_the_index_lists_the_months_from_the_first_article_to_now():
    stories.bulk(1, newest=utc(2025, 11, 6, 12))

    assert locations("/sitemap.xml") == [
        f"{SITE}/sitemap-{month}.xml"
        for month in ("2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12", "2025-11")
    ]


def test_an_empty_paper_has_an_empty_index(db):
    assert locations("/sitemap.xml") == []


def test_a_month_lists_its_articles_with_whole_addresses_and_the_date_of_the_last_change():
    article = stories.published(at=NOON - DAY)
    stories.revised(article, at=NOON - HOUR)

    response = get("/sitemap-2026-05.xml")
    [url] = ET.fromstring(response.content).iterfind("s:url", NAMES)  # noqa: S314

    edition = stories.live_edition(article, NOON)
    assert url.findtext("s:loc", namespaces=NAMES) == SITE + edition.get_absolute_url()
    assert url.findtext("s:lastmod", namespaces=NAMES) == "2026-05-04"


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (utc(2026, 3, 31, 21, 59, 59), "2026-03"),
        (utc(2026, 3, 31, 22, 0), "2026-04"),
        (utc(2025, 12, 31, 22, 59, 59), "2025-12"),
        (utc(2025, 12, 31, 23, 0), "2026-01"),
    ],
)
def test_a_month_is_one_of_berlin(moment, month):
    stories.bulk(1, newest=moment)

    found = {
        name: len(locations(f"/sitemap-{name}.xml")) for name in ("2025-12", "2026-01", "2026-03", "2026-04")
    }

    assert found == {name: int(name == month) for name in found}


def test_an_article_stands_in_the_month_of_its_first_publication_only():
    article = stories.published(at=utc(2026, 3, 10, 12))
    stories.revised(article, at=NOON - HOUR)

    assert len(locations("/sitemap-2026-03.xml")) == 1
    assert locations("/sitemap-2026-05.xml") == []


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-5", "1999-01", "x", "2026-05-01", "26-05"])
def test_what_is_no_month_is_not_found(db, month):
    assert get(f"/sitemap-{month}.xml").status_code == 404


def test_only_what_is_live_stands_in_it():
    stories.article()
    stories.scheduled(at=NOON - HOUR, live_from=NOON + HOUR)
    stories.withdrawn(stories.published(at=NOON - DAY), at=NOON - HOUR)

    assert locations("/sitemap-2026-05.xml") == []
    assert locations("/sitemap.xml") == []
    assert len(locations("/sitemap-2026-05.xml", NOON + HOUR)) == 1
