"""The page: German in every case, safe with every text, the same cost for few and many."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from search import index
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def test_robots_stay_away_and_the_page_has_no_other_address(asked):
    stories.published(at=NOON - HOUR)

    for words in ("", "Kursziel", "gibtesnicht"):
        markup = asked(words)
        assert '<meta name="robots" content="noindex">' in markup
        assert "canonical" not in markup
        assert len(re.findall("<h1[ >]", markup)) == 1


def test_an_empty_question_shows_the_field_and_how_to_ask(asked):
    markup = asked("")

    assert '<input type="search" name="q" value=""' in markup
    assert "Gesucht wird in Überschriften" in markup
    assert "Nichts gefunden" not in markup
    assert "kein Wort" not in markup


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("***", "Darin steht kein Wort, nach dem wir suchen können."),
        ("-Haushalt", "Sagen Sie bitte auch, was vorkommen soll."),
        ("wort " * 600, "Gesucht haben wir nur nach dem Anfang."),
        ("gibtesnicht", "Nichts gefunden"),
    ],
)
def test_every_question_is_answered_in_german(asked, words, answer):
    assert answer in asked(words)


def test_hits_are_marked_and_everything_is_escaped(asked):
    evil = '<script>alert(1)</script> & "Haushalt" <img src=x onerror=alert(1)>'
    stories.bulk(1, newest=NOON - HOUR, headline=evil, kicker="<b>Haushalt</b>", lead=evil, plain_text=evil)

    markup = asked("Haushalt script onerror")

    assert "<script>alert" not in markup
    assert "<img src=x" not in markup
    assert "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp;" in markup
    assert "&quot;<mark>Haushalt</mark>&quot;" in markup
    assert markup.count("<mark>") == markup.count("</mark>") >= 6


@pytest.mark.parametrize(
    "words", ['"><script>alert(1)</script>', "' onfocus=alert(1) x='", "</title><svg onload=alert(1)>"]
)
def test_the_question_itself_is_escaped_everywhere(asked, words):
    markup = asked(words)

    assert "<script>alert" not in markup
    assert "<svg onload" not in markup
    assert "' onfocus" not in markup


def test_the_words_stay_with_section_and_order(asked):
    stories.section("Politik")
    stories.published(at=NOON - HOUR, headline="Öl & Gas")

    markup = asked("Öl & Gas", ressort="wirtschaft", sortiert="datum")

    same = quote("Öl & Gas").replace("%20", "+")
    assert 'name="q" value="Öl &amp; Gas"' in markup
    assert '<input type="hidden" name="ressort" value="wirtschaft">' in markup
    assert '<input type="hidden" name="sortiert" value="datum">' in markup
    assert f'href="?q={same}&amp;ressort=politik&amp;sortiert=datum"' in markup
    assert f'href="?q={same}&amp;ressort=wirtschaft&amp;sortiert=datum" aria-current="true"' in markup
    assert f'href="?q={same}&amp;sortiert=datum">Alle Ressorts' in markup
    assert f'href="?q={same}&amp;ressort=wirtschaft">Beste zuerst' in markup
    assert "1 Treffer" in markup


@pytest.mark.parametrize("number", ["0", "-1", "2", "11", "999", "9999", "x", "", "1.5", "٣", "1" * 400])
def test_a_page_that_never_was_is_not_found(asked, number):
    stories.published(at=NOON - HOUR)

    asked("Kursziel", status=404, seite=number)
    asked("", status=404, seite=number)


def test_what_does_not_exist_in_the_address_is_ignored(asked):
    stories.published(at=NOON - HOUR)

    assert "1 Treffer" in asked("Kursziel", ressort="gibtesnicht", sortiert="x", seite="1")


# --- Nothing found ----------------------------------------------------------------------------


def test_nothing_found_offers_what_resembles_and_is_live(asked):
    eva = stories.author("Eva Kürschner")
    stories.published(at=NOON - HOUR, tags=["Künstliche Intelligenz"], bylines=[(eva, "text")])
    stories.article(tags=["Künstliche Intelligenzen"], bylines=[(stories.author("Udo Kürbis"), "text")])

    markup = asked("Künstlihce Intelligenz")
    assert 'Meinten Sie <a href="?q=K%C3%BCnstliche%20Intelligenz">Künstliche Intelligenz</a>?' in markup
    assert '<a href="/thema/kuenstliche-intelligenz/">Thema Künstliche Intelligenz</a>' in markup
    assert "Intelligenzen" not in markup
    assert "Deutsche Bank bleibt" in markup  # the newest

    assert "Ressort Wirtschaft" in asked("Wirtschfat")
    assert "Meinten Sie" not in asked("qqqqqq")
    markup = asked("Kür -Deutsche")
    assert "Artikel von Eva Kürschner" in markup
    assert "Kürbis" not in markup


def test_nothing_in_a_section_offers_all_sections(asked):
    stories.section("Politik")
    stories.published(at=NOON - HOUR)

    markup = asked("Kursziel", ressort="politik")

    assert "steht im Ressort Politik nichts." in markup
    assert '<a class="onward" href="?q=Kursziel">In allen Ressorts suchen</a>' in markup


# --- Ways to the field ------------------------------------------------------------------------


def test_the_field_is_in_every_menu_and_on_the_page_that_is_not_there(client):
    stories.published()

    for address, fields in (("/", 1), ("/impressum/", 1), ("/gibt-es-nicht/", 2), ("/suche/", 2)):
        markup = client.get(address).content.decode()
        assert markup.count('role="search" action="/suche/"') == fields
        assert '<a class="search-link" href="/suche/"' in markup


# --- Cost -------------------------------------------------------------------------------------

MORE_ON_POSTGRES = connection.vendor == "postgresql"  # the months of the newest
COSTS = {
    "/suche/": 3,  # sections, ticker, breaking news
    "/suche/?q=***": 3,
    "/suche/?q=Montag": 7 + MORE_ON_POSTGRES,  # and: words that hold it, index, live, rows
    "/suche/?q=Montag&sortiert=datum": 7 + MORE_ON_POSTGRES,
    "/suche/?q=Montag&ressort=wirtschaft": 7 + MORE_ON_POSTGRES,
    "/suche/?q=Montag+Aktie+Prozent": 7 + MORE_ON_POSTGRES,
    # sections, ticker, breaking news, words that hold it, index, topics by likeness, names, newest
    "/suche/?q=qqqqqq": 8 + MORE_ON_POSTGRES,
}


@pytest.mark.parametrize(("address", "number"), COSTS.items())
def test_what_a_question_costs_the_database(django_assert_num_queries, address, number):
    stories.published(lead_image=stories.image())
    list(index.add_missing())
    client = Client()
    with django_assert_num_queries(number):
        assert client.get(address).status_code == 200

    stories.bulk(
        40,
        newest=timezone.now() - DAY,
        lead="Am Montag legt die Aktie ein Prozent zu",
        lead_image=stories.image(),
    )
    list(index.add_missing())
    with django_assert_num_queries(number):
        assert client.get(address).status_code == 200
