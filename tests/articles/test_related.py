"""„Lesen Sie auch“: hand-picked first, then shared topics, then the section; never wrong, never twice."""

import datetime as dt

import pytest

from articles.models import Edition, Tag
from articles.related import SHOWN, Teasers, teasers
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def of(article, *, at=NOON, picked=(), named=(), tags=None, section=True) -> Teasers:
    names = ["Banken"] if tags is None else tags
    return teasers(
        article_id=article.pk if article else None,
        section=article.section if article and section else None,
        tags=list(Tag.objects.filter(name__in=names)),
        named_ids=named,
        picked_ids=picked,
        in_text_ids=named,
        at=at,
    )


def after(*args, **kwargs) -> list[int]:
    return [edition.article_id for edition in of(*args, **kwargs).after]


def live(*, hours=1, **changes) -> int:
    return stories.published(at=NOON - hours * HOUR, **{"tags": [], **changes}).pk


def test_hand_picked_then_shared_topics_then_the_section_by_recency():
    section = stories.section("Kultur")
    older, newer = live(hours=9), live(hours=8)
    topic = live(hours=5, tags=["Banken"], section=section)
    picked = live(hours=30, section=section)
    article = stories.published(at=NOON - HOUR)

    assert after(article, picked=[picked]) == [picked, topic, newer, older]


def test_who_shares_more_topics_comes_first_then_the_newer():
    one_old, one_new = live(hours=9, tags=["Banken"]), live(hours=2, tags=["Zinsen"])
    two = live(hours=20, tags=["Banken", "Zinsen"])
    article = stories.published(at=NOON - HOUR, tags=["Banken", "Zinsen"], section=stories.section("Sport"))

    assert after(article, tags=["Banken", "Zinsen"]) == [two, one_new, one_old]


def test_no_more_than_fit_are_shown():
    for hours in range(2, 12):
        live(hours=hours, tags=["Banken"])
    article = stories.published(at=NOON - HOUR)

    assert len(after(article)) == SHOWN == 4


def test_never_the_article_itself_never_one_twice():
    both = live(hours=5, tags=["Banken"])
    article = stories.published(at=NOON - HOUR)

    assert after(article, picked=[article.pk, both, both]) == [both]


def test_what_stands_in_the_text_is_not_repeated_after_it():
    named, other = live(hours=3, tags=["Banken"]), live(hours=5)
    article = stories.published(at=NOON - HOUR)

    found = of(article, named=[named], picked=[named])

    assert list(found.named) == [named]
    assert [edition.article_id for edition in found.after] == [other]


def test_only_what_is_live_is_teased():
    draft = stories.article(tags=["Banken"]).pk
    planned = stories.scheduled(at=NOON - HOUR, live_from=NOON + HOUR).pk
    run_out = stories.scheduled(at=NOON - 9 * HOUR, live_from=NOON - 8 * HOUR, live_until=NOON - HOUR).pk
    gone = stories.withdrawn(stories.published(at=NOON - 3 * HOUR), at=NOON - HOUR).pk
    article = stories.published(at=NOON - HOUR)
    numbers = [draft, planned, run_out, gone, 987_654]

    found = of(article, picked=numbers, named=numbers)

    assert (found.named, found.after) == ({}, [])


def test_a_planned_article_is_teased_from_its_moment_on():
    planned = stories.scheduled(at=NOON - HOUR, live_from=NOON + HOUR).pk
    article = stories.published(at=NOON - HOUR)

    assert after(article, at=NOON + HOUR - dt.timedelta(microseconds=1)) == []
    assert after(article, at=NOON + HOUR) == [planned]


def test_the_headline_follows_the_target():
    target = stories.published(at=NOON - 3 * HOUR, headline="Wie es zuerst hieß")
    stories.revised(target, at=NOON - HOUR, headline="Wie es jetzt heißt")
    article = stories.published(at=NOON - HOUR)

    assert [edition.headline for edition in of(article).after] == ["Wie es jetzt heißt"]


def test_a_topic_that_the_live_edition_lost_is_not_shared_any_more():
    target = stories.published(at=NOON - 3 * HOUR, section=stories.section("Kultur"))
    stories.revised(target, at=NOON - HOUR, tags=["Oper"])
    article = stories.published(at=NOON - HOUR)

    assert after(article) == []


def test_shared_topics_count_for_half_a_year():
    old = stories.published(at=NOON - 181 * DAY, section=stories.section("Kultur")).pk
    article = stories.published(at=NOON - HOUR)

    assert old not in after(article)


def test_a_manuscript_without_section_topics_and_number_has_nothing_to_tease():
    live()

    assert of(None, tags=[]) == Teasers({}, [])


def test_it_costs_the_same_with_one_and_with_thirty_candidates(django_assert_num_queries):
    article = stories.published(at=NOON - HOUR)
    live(hours=2, tags=["Banken"])
    tags = list(Tag.objects.filter(name="Banken"))

    def ask():
        return teasers(
            article_id=article.pk, section=article.section, tags=tags,
            named_ids=[], picked_ids=[], in_text_ids=[], at=NOON,
        )  # fmt: skip

    with django_assert_num_queries(3):
        assert len(ask().after) == 1
    stories.bulk(30, newest=NOON - 2 * HOUR)
    with django_assert_num_queries(3):
        assert len(ask().after) == SHOWN
    assert Edition.objects.count() == 32
