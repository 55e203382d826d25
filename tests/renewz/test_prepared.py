"""A prepared query answers what the query itself answers, for every value, on both databases."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import Edition, Tag
from renewz.lib.prepared import Prepared
from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

LIVE = Prepared(lambda at, pk: Edition.objects.live(at).filter(article=pk).for_page().order_by())
AMONG = Prepared(lambda at, articles: Edition.objects.live(at).filter(article__in=articles).for_lists())


def loaded(edition: Edition) -> tuple[list[str], list[str], str]:
    """Return what of an edition and its picture was read."""
    return sorted(edition.__dict__), sorted(edition.lead_image.__dict__), edition.section.name


def test_it_finds_what_the_query_finds_and_reads_as_much(django_assert_num_queries):
    now = timezone.now()
    one = stories.published(at=now - HOUR, lead_image=stories.image())
    other = stories.published(at=now - DAY, lead_image=stories.image())

    for article in (one, other):
        with django_assert_num_queries(1):
            [found] = LIVE(at=now, pk=article.pk)
        plain = Edition.objects.live(now).for_page().get(article=article.pk)
        assert (found, loaded(found)) == (plain, loaded(plain))
    assert LIVE.first(at=now - 2 * HOUR, pk=one.pk) is None
    assert LIVE.first(at=now, pk=one.pk + other.pk) is None


def test_lists_of_any_length_are_one_value():
    now = timezone.now()
    keys = [stories.published(at=now - number * HOUR).pk for number in range(1, 5)]

    for number in range(5):
        found = AMONG(at=now, articles=keys[:number])
        assert sorted(edition.article_id for edition in found) == keys[:number]


def test_the_moment_is_that_of_the_call():
    article = stories.published(at=timezone.now() - DAY)
    start = stories.live_edition(article, timezone.now()).live_from
    moments = (start - dt.timedelta(microseconds=1), start, start + DAY)

    assert [len(LIVE(at=moment, pk=article.pk)) for moment in moments] == [0, 1, 1]


def test_what_is_left_out_is_asked_for_once_for_all(django_assert_num_queries):
    now = timezone.now()
    keys = [stories.published(at=now - number * HOUR).pk for number in range(1, 4)]
    found = AMONG(at=now, articles=keys)

    with django_assert_num_queries(1):
        assert [edition.word_count > 0 for edition in found] == [True, True, True]


def test_a_value_that_the_query_does_not_name_is_an_error():
    query = Prepared(lambda at, pk: Tag.objects.filter(pk=pk))

    with pytest.raises(ValueError, match=r"^at does not stand in the query as it is: SELECT"):
        query(at=timezone.now(), pk=1)


def test_a_hostile_value_is_a_value():
    """Only the driver puts values into SQL; what is no number is refused or finds nothing."""
    names = Prepared(lambda tag: Tag.objects.filter(pk=tag).values_list("name"))
    stories.published()
    [(name,)] = names(tag=Tag.objects.get().pk)

    assert (name, names(tag=-1), names(tag=2**62)) == ("Banken", [], [])


def test_a_query_that_prefetches_is_refused():
    query = Prepared(lambda pk: Edition.objects.filter(pk=pk).prefetch_related("bylines"))

    with pytest.raises(ValueError, match=r"^A prepared query cannot prefetch"):
        query(pk=1)
