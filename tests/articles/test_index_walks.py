"""Every list walks an index from now backwards: what a page costs does not grow with the archive.

Asked of SQLite, whose plan depends on the tables' definition alone (the loader makes no
statistics there). How long pages take on both databases is measured by ``bench/scale.py``.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet

from articles import related
from articles.models import Edition, Section, Tag
from articles.models.article import Article
from articles.models.edition import EditionQuerySet
from articles.models.lookup import matching
from authors.models import Author
from tests import stories
from tests.stories import NOON

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by statistics; bench/scale.py measures it"
)

Lists = dict[str, tuple[Callable[[EditionQuerySet], QuerySet[Edition]], str]]

LISTS: Lists = {
    "front": (lambda live: live, "edition_by_date (first_live_from<?)"),
    "section": (
        lambda live: live.filter(section=Section.objects.get()),
        "edition_by_section (section_id=? AND first_live_from<?)",
    ),
    "topic": (
        lambda live: live.about(Tag.objects.get(), NOON),
        "tagged_edition_by_date (tag_id=? AND first_live_from<?)",
    ),
    "author": (
        lambda live: live.written_by(Author.objects.get(), NOON),
        "edition_by_author (author_id=? AND first_live_from<?)",
    ),
}


@pytest.fixture(autouse=True)
def article() -> Article:
    return stories.published(at=NOON)


def plan(rows: QuerySet) -> str:
    return rows.explain()


@on_sqlite
@pytest.mark.parametrize("deep", [False, True], ids=["first page", "deep page"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_walks_its_index_and_sorts_no_more_than_ties(name: str, deep: bool, article: Article) -> None:
    narrow, index = LISTS[name]
    rows = narrow(Edition.objects.live(NOON))
    if deep:
        rows = rows.older_than(NOON, article.pk)

    said = plan(rows.newest_first().for_lists()[:20])

    assert index in said
    assert "SCAN" not in said
    assert "USE TEMP B-TREE FOR ORDER BY" not in said


@on_sqlite
def test_shared_topics_are_compared_in_a_piece_of_the_index(article: Article) -> None:
    said = plan(
        Edition.objects.live(NOON).about_any([Tag.objects.get()], NOON - related.TOPIC_WINDOW, NOON, 60)
    )

    assert "tagged_edition_by_date (tag_id=? AND first_live_from>? AND first_live_from<?)" in said
    assert "SCAN" not in said


@on_sqlite
@pytest.mark.parametrize("which", ["corrections", "waiting", "withdrawn"])
def test_what_is_rare_is_found_without_looking_at_the_rest(which: str, article: Article) -> None:
    said = plan(getattr(Edition.objects, which)(NOON).order_by("-live_from"))

    assert "SCAN" not in said
    assert "edition_by_kind (kind=?" in said or "edition_by_start (live_from>?" in said


def test_the_search_asks_the_index_once_for_all_words(
    article: Article, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(1) as asked:
        found = matching(Article.objects.all(), "deutsche bank kursziel")

    assert asked[0]["sql"].count("articles_lookup MATCH") == (connection.vendor == "sqlite")
    assert list(found) == [article]
    assert found.count() == 1
    assert matching(Article.objects.all(), " ").count() == 1


def test_an_edition_that_lost_a_topic_leaves_its_page(article: Article) -> None:
    topic, later = Tag.objects.get(), NOON + dt.timedelta(hours=1)
    assert Edition.objects.live(NOON).about(topic, NOON).exists()

    stories.revised(article, at=later, tags=["Anderes"])

    assert not Edition.objects.live(later).about(topic, later).exists()
    assert Edition.objects.live(later).written_by(Author.objects.get(), later).count() == 1
