"""How things stand, in words: the manuscript's state and what readers see."""

import datetime as dt

import pytest

from accounts.models import User
from articles.models import Article, Edition
from articles.standing import badges
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def words(article: Article, at: dt.datetime) -> list[str]:
    current = Edition.objects.current(at).filter(article=article).for_newsroom()
    return [badge.text for badge in badges(stories.fresh(article), current, at)]


def test_a_manuscript_says_its_state(writer: User) -> None:
    article = stories.article(writer)
    assert words(article, NOON) == ["Entwurf"]
    stories.submitted(article)
    assert words(article, NOON) == ["In Prüfung"]
    stories.act(article, "approve")
    assert words(article, NOON) == ["Freigegeben"]


def test_a_released_version_needs_no_word_about_the_manuscript() -> None:
    assert words(stories.published(at=NOON), NOON + HOUR) == ["Online"]
    assert words(stories.scheduled(at=NOON, live_from=NOON + DAY), NOON + HOUR) == ["Geplant"]


def test_work_beside_a_live_text_is_named() -> None:
    article = stories.saved(stories.published(at=NOON), headline="Was sich geändert hat", at=NOON + HOUR)
    assert words(article, NOON + 2 * HOUR) == ["In Überarbeitung", "Online"]
    stories.act(article, "submit", stories.chief(), at=NOON + HOUR)
    stories.act(article, "approve", stories.editor(), at=NOON + HOUR)
    assert words(article, NOON + 2 * HOUR) == ["Freigegeben", "Online"]
    stories.act(article, "schedule", at=NOON + HOUR, live_from=NOON + DAY)
    assert words(article, NOON + 2 * HOUR) == ["Online", "Geplant"]


def test_an_end_that_was_planned_is_told() -> None:
    article = stories.scheduled(at=NOON, live_from=NOON + HOUR, live_until=NOON + DAY)
    assert words(article, NOON + DAY) == ["Freigegeben", "Abgelaufen"]


def test_a_withdrawal_is_told() -> None:
    article = stories.act(
        stories.published(at=NOON), "withdraw", stories.chief(), at=NOON + HOUR, note="Falsch."
    )
    assert words(article, NOON + DAY) == ["Freigegeben", "Zurückgezogen"]


def test_the_bin_says_nothing_else(writer: User) -> None:
    article = stories.act(stories.article(writer), "trash", writer)
    assert words(article, NOON) == ["Papierkorb"]
