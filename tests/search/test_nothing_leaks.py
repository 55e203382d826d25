"""What is not live is not found, not counted and not suggested; from its second on it is."""

from urllib.parse import quote, quote_plus

import pytest
from django.test import Client
from django.utils.html import escape

from articles.models import Edition
from search import index, query, results
from search.models import Entry
from tests import stories
from tests.articles.test_nothing_leaks import MARK, NEVER_SEEN, TEXT, hidden
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db

BEGIN, END = NOON + DAY, NOON + 2 * DAY
# By every field, as a part, almost, as a phrase, with and without other words.
QUESTIONS = [
    MARK, "xyzzy", "Xyzz", "Xyzzi", "Xyzzy Thema", f"„{MARK} ist die Überschrift“", f"{MARK} Mustermann",
    "Mustermann", "Mustermannn", "Dachzeile", "wiederfinden", "Xyzzy -Haushalt",
]  # fmt: skip


def without_question(markup: str, words: str) -> str:
    for shown in (escape(words), quote(words), quote_plus(words), words):
        markup = markup.replace(shown, "?")
    return markup


@pytest.mark.parametrize("standing", [*NEVER_SEEN, "run out"])
def test_no_question_finds_a_trace(asked, standing):
    stories.published(at=NOON - HOUR)
    before = {words: asked(words) for words in QUESTIONS}

    hidden(standing)

    for words in QUESTIONS:
        markup = asked(words)
        assert markup == before[words]
        assert "Nichts gefunden" in markup
        assert MARK not in without_question(markup, words)


def test_a_page_is_the_same_with_and_without_what_is_hidden(asked):
    """No count, no order and no word of a text that is not live."""
    stories.published(at=NOON - HOUR)
    questions = ["Kursziel", "Montag", "Aktie", "Banken", "Weber", "gibtesnicht", "Bankn"]
    before = {words: asked(words) for words in questions}

    for standing in [*NEVER_SEEN, "run out"]:
        hidden(standing)
    stories.scheduled(at=NOON - DAY, live_from=BEGIN, headline="Kursziel Montag Aktie Bankenaktie")
    gone = stories.published(at=NOON - DAY, headline="Kursziel der Bankenaktie")
    stories.withdrawn(gone, at=NOON - HOUR, reason="Das Kursziel war falsch.")

    assert {words: asked(words) for words in questions} == before
    assert Entry.objects.count() == Edition.objects.count() > 4


def test_a_planned_one_is_found_from_its_second_until_its_end_and_nothing_ran(asked):
    hidden("planned")
    index_size = len(list(index.add_missing()))

    assert index_size == 1
    assert "Nichts gefunden" in asked(MARK, BEGIN - SECOND)
    assert "1 Treffer" in asked(MARK, BEGIN)
    assert TEXT["lead"].replace(MARK, f"<mark>{MARK}</mark>") in asked(MARK, BEGIN)
    assert "1 Treffer" in asked(MARK, END - SECOND)
    assert "Nichts gefunden" in asked(MARK, END)


def test_only_the_edition_of_the_moment_is_found(found):
    article = stories.published(at=NOON - DAY, headline="Was zuerst zu lesen war")
    stories.revised(article, at=NOON, headline="Was jetzt zu lesen ist")

    assert found("zuerst", NOON - SECOND) == ["Was zuerst zu lesen war"]
    assert found("zuerst", NOON) == []
    assert found("lesen", NOON - SECOND) == ["Was zuerst zu lesen war"]
    assert found("lesen", NOON) == ["Was jetzt zu lesen ist"]


def test_a_withdrawn_one_is_found_no_more_and_neither_is_the_reason(found):
    article = stories.published(at=NOON - DAY, **TEXT)
    assert len(found(MARK, NOON - SECOND)) == 1

    stories.withdrawn(article, at=NOON, reason="Die Wunderlampe war erfunden.")

    assert found(MARK) == []
    assert found("Wunderlampe") == []


def test_many_editions_that_are_over_hide_none_that_is_live(found):
    old = stories.bulk(300, newest=NOON - HOUR, lead="Alle Wetter", live_until=NOON - SECOND)
    live = stories.bulk(30, newest=NOON - 900 * HOUR, lead="Alle Wetter")

    assert len(old) == 300
    assert found("Wetter") == [edition.headline for edition in live]


def test_what_went_off_between_asking_and_showing_is_left_out():
    stories.scheduled(at=NOON - DAY, live_from=NOON - HOUR, live_until=NOON + HOUR)
    list(index.add_missing())
    answer = results.find(query.read("Kursziel"), NOON)

    assert len(answer.page(1, NOON)) == 1
    assert answer.page(1, NOON + HOUR) == []


def test_reading_needs_no_session(asked):
    answer = Client().get("/suche/?q=x")

    assert not answer.cookies
