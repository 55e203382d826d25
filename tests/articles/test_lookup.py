"""The newsroom's search: parts of words, every spelling, and no input that breaks it."""

import pytest

from articles.models import Article
from articles.models.lookup import matching
from tests import stories
from tests.stories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def articles(db):
    """Three manuscripts."""
    stories.article(
        kicker="Rüstung", headline="Munitionsproduktion in Unterlüß steigt", tags=["Verteidigung"]
    )
    stories.article(kicker="Börse", headline='Wie "sicher" sind 100 % Aktien?', tags=["C++", "Öl"])
    stories.article(
        kicker="EU",
        headline="Straße nach Brüssel gesperrt_heute",
        bylines=[(stories.author("Jörg O'Hara"), "text")],
    )


def found(words: str) -> set[str]:
    return {article.kicker for article in matching(Article.objects.all(), words)}


EVERYTHING = {"Rüstung", "Börse", "EU"}


@pytest.mark.parametrize(
    ("words", "kickers"),
    [
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("Munitionsproduktion", {"Rüstung"}),
        ("produktion", {"Rüstung"}),
        ("PRODUKTION", {"Rüstung"}),
        ("Unterlüß", {"Rüstung"}),
        ("unterluess", {"Rüstung"}),
        ("strasse", {"EU"}),
        ("Straße Brüssel", {"EU"}),
        ("Brüssel Straße", {"EU"}),
        ("Straße Munition", set()),
        ("Jörg", {"EU"}),
        ("O'Hara", {"EU"}),
        ("Verteidigung", {"Rüstung"}),
        ("Öl", {"Börse"}),
        ("oel", {"Börse"}),
        ("EU", {"EU"}),
        ("100", {"Börse"}),
        ("gibtesnicht", set()),
    ],
)
def test_parts_of_words_in_any_order_and_spelling(words, kickers):
    assert found(words) == kickers


@pytest.mark.parametrize(
    ("words", "kickers"),
    [
        ("%", {"Börse"}),
        ("%%%", set()),
        ("_", {"EU"}),
        ("gesperrt_heute", {"EU"}),
        ("gesperrtxheute", set()),
        ("___", set()),
        ("c++", {"Börse"}),
        ('"', set()),
        ('"""', set()),
        ("„sicher“", {"Börse"}),
        ("'", {"EU"}),
        ("'''", set()),
        ("\\", set()),
        ("\\\\\\", set()),
        ("munition*", set()),
        ("munition AND", set()),
        ("lookup:munition", set()),
        ("NEAR(munition)", set()),
        ("-munition", set()),
        ("^munition", set()),
        ("munition OR bruessel", set()),
        ("'; DROP TABLE articles_article; --", set()),
        ("\x00", EVERYTHING),
        ("🙂🙂🙂", set()),
    ],
)
def test_operators_and_hostile_input_are_only_words(words, kickers):
    assert found(words) == kickers


def test_a_very_long_search_is_answered():
    assert found("munition " * 5_000) == {"Rüstung"}
    assert found("x" * 50_000) == set()


def test_the_index_follows_changes():
    article = Article.objects.get(kicker="Rüstung")
    stories.saved(article, headline="Haushalt beschlossen", tags=[])

    assert found("produktion") == set()
    assert found("haushalt") == {"Rüstung"}


def test_what_is_deleted_is_found_no_more():
    Article.objects.get(kicker="Rüstung").delete()

    assert found("produktion") == set()


def test_among_a_thousand_younger_ones_she_finds_her_own():
    """And what was changed last comes first, however long ago it was begun."""
    mine = stories.article(headline="Umspannwerk im letzten Jahr")
    other = stories.section("Anderswo")
    Article.objects.bulk_create(
        Article(lookup="umspannwerk", section=other, owner=stories.editor(), changed_at=NOON)
        for _ in range(1_100)
    )
    stories.saved(mine, lead="Eben geändert.")

    assert list(matching(Article.objects.filter(owner=mine.owner), "Umspannwerk")) == [mine]
    assert list(matching(Article.objects.filter(section=mine.section), "Umspannwerk")) == [mine]
    everybody = matching(Article.objects.all(), "Umspannwerk").order_by("-changed_at")
    assert (everybody.first(), len(everybody)) == (mine, 200)


def test_it_narrows_what_it_is_given():
    rows = Article.objects.exclude(kicker="EU")

    assert list(matching(rows, "Brüssel")) == []
