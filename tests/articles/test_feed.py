"""The feed: well-formed, absolute, stable, and harmless whatever a headline says."""

import xml.etree.ElementTree as ET  # reads our own feed only
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.test import Client

from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def feed(at=NOON) -> ET.Element:
    with time_machine.travel(at, tick=False):
        response = Client().get("/feed.xml", headers={"host": "localhost"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314


def items(at=NOON) -> list[ET.Element]:
    return feed(at).findall("./channel/item")


def test_the_channel_says_whose_it_is(db):
    channel = feed().find("channel")

    assert channel.findtext("title") == "RENEWZ.de"
    assert channel.findtext("description") == "Finde, was zählt. Immer informiert."
    assert channel.findtext("link") == f"{SITE}/"
    assert channel.findtext("language") == "de-DE"
    assert channel.find("{http://www.w3.org/2005/Atom}link").get("href") == f"{SITE}/feed.xml"


def test_an_item_says_all_that_a_reader_needs():
    bylines = [(stories.author("Max Moll"), "photo"), (stories.author("Änne Weiß"), "text")]
    article = stories.published(at=NOON - HOUR, bylines=bylines)

    [item] = items()

    assert item.findtext("title") == stories.HEADLINE
    assert item.findtext("description") == stories.LEAD
    assert item.findtext("link") == f"{SITE}/wirtschaft/deutsche-bank-bleibt-bei-hohem-kursziel-{article.pk}/"
    assert item.findtext("guid") == f"{SITE}/artikel/{article.pk}/"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("category") == "Wirtschaft"
    assert [creator.text for creator in item.findall(CREATOR)] == ["Max Moll", "Änne Weiß"]


def test_the_date_is_that_of_the_first_publication_in_english_as_rss_wants_it():
    stories.revised(stories.published(at=NOON - DAY), at=NOON - HOUR)

    [item] = items()

    assert item.findtext("pubDate").startswith("Sun, 03 May 2026 ")
    assert parsedate_to_datetime(item.findtext("pubDate")) == NOON - DAY


def test_a_guid_survives_a_new_headline_and_a_new_address():
    article = stories.published(at=NOON - DAY)
    [before] = items()
    stories.revised(
        article, at=NOON - HOUR, headline="Wie es jetzt heißt", section=stories.section("Politik")
    )
    [after] = items()

    assert after.findtext("guid") == before.findtext("guid")
    assert after.findtext("link") == f"{SITE}/politik/wie-es-jetzt-heisst-{article.pk}/"


def test_hostile_words_are_only_words():
    hostile = 'A & B <script>alert(1)</script> ]]> &lt;b&gt; "C"'
    author = stories.author("<i>Max</i> & Moll")
    stories.published(at=NOON - HOUR, headline=hostile, lead=hostile, bylines=[(author, "text")])

    [item] = items()

    typeset = "A & B <script>alert(1)</script> ]]> &lt;b&gt; „C“"
    assert (item.findtext("title"), item.findtext("description")) == (typeset, typeset)
    assert item.findtext(CREATOR) == "<i>Max</i> & Moll"
    assert len(item.findall("./*//*")) == 0


def test_the_newest_thirty_stand_in_it_the_newest_first():
    rows = stories.bulk(33, newest=NOON)

    assert [item.findtext("guid") for item in items()] == [
        f"{SITE}/artikel/{row.article_id}/" for row in rows[:30]
    ]


def test_an_empty_paper_has_an_empty_feed(db):
    assert items() == []
