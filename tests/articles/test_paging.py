"""Pages begin below a named article: nothing is lost, nothing shown twice, no address is invented."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from articles.models import Edition
from articles.paging import page_of
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def page(query="", at=NOON, size=3):
    return page_of(Edition.objects.live(at), RequestFactory().get(f"/wirtschaft/{query}"), at, size)


def walk(at=NOON, size=3):
    """Follow the pages from the first to the last."""
    pages, query = [], ""
    while True:
        found = page(query, at, size)
        pages.append([edition.article_id for edition in found.editions])
        if not found.older:
            return pages
        query = found.older


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])]
)
@pytest.mark.parametrize("step", [HOUR, 0 * HOUR], ids=["one after the other", "all in one second"])
def test_the_pages_hold_every_article_once_in_order(number, sizes, step):
    stories.bulk(number, newest=NOON, step=step)

    pages = walk()

    assert [len(rows) for rows in pages] == sizes
    listed = Edition.objects.live(NOON).newest_first().values_list("article_id", flat=True)
    assert [pk for rows in pages for pk in rows] == list(listed)


def test_only_the_first_page_is_the_first():
    rows = stories.bulk(4, newest=NOON)

    assert (page().is_first, bool(page())) == (True, True)
    assert page(f"?vor={rows[0].article_id}").is_first is False


def test_a_page_stays_what_it_was_when_new_articles_come():
    stories.bulk(7, newest=NOON)
    query = page().older
    before = page(query).editions

    stories.bulk(5, newest=NOON + HOUR)

    assert page(query, NOON + DAY).editions == before


def test_the_place_of_an_article_that_is_gone_stays():
    stories.bulk(3, newest=NOON - 2 * HOUR)
    gone = stories.withdrawn(stories.published(at=NOON - HOUR), at=NOON)

    assert len(page(f"?vor={gone.pk}").editions) == 3


@pytest.mark.parametrize(
    "anchor", ["0", "007", "-1", "x", "1.5", "٣", "²", "1e3", " 1", "9" * 15, "9" * 40, "987654", "%00"]
)
def test_an_address_that_never_was_is_not_found(anchor):
    stories.bulk(4, newest=NOON)

    with pytest.raises(Http404):
        page(f"?vor={anchor}")


def test_what_is_not_live_yet_is_no_place():
    stories.bulk(4, newest=NOON)
    draft = stories.article()
    planned = stories.scheduled(at=NOON, live_from=NOON + HOUR)

    for article in (draft, planned):
        with pytest.raises(Http404):
            page(f"?vor={article.pk}")


def test_below_the_last_article_is_no_page():
    [last] = stories.bulk(1, newest=NOON)

    with pytest.raises(Http404):
        page(f"?vor={last.article_id}")


def test_an_empty_place_is_the_first_page():
    stories.bulk(2, newest=NOON)

    assert page("?vor=").is_first
    assert len(page("?vor=&andere=1").editions) == 2
