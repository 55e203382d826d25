"""The state of the site: what raises it, and what it holds for."""

import contextlib
import datetime as dt

import pytest
from django.db import transaction

from articles import publishing
from delivery import state
from delivery.models import SiteState
from tests import stories
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db

TENTH_OF = state._tenth_of  # as it is outside of tests, see conftest.py


def test_the_generation_only_grows_even_when_the_clock_is_set_back(clock):
    seen = []
    for moment in (NOON, NOON + HOUR, NOON - DAY, NOON - DAY):
        clock.move_to(moment)
        state.changed()
        seen.append(SiteState.objects.get().generation)

    assert seen == sorted(set(seen))
    assert seen[1] == int((NOON + HOUR).timestamp() * 1_000_000)


def test_a_refused_action_changes_nothing(clock):
    article = stories.article()
    before = state.current(NOON)
    with pytest.raises(publishing.Refusal):
        stories.act(article, "publish")

    assert state.current(NOON) == before


def test_a_draft_changes_nothing_that_readers_see(clock):
    stories.published(at=NOON - HOUR)
    before = state.current(NOON)
    stories.article(headline="Noch nicht fertig, noch lange nicht", tags=["Banken"])

    assert state.current(NOON) == before


def test_the_state_is_a_window_between_two_events(clock, django_assert_num_queries):
    stories.scheduled(live_from=NOON + HOUR, live_until=NOON + 2 * HOUR, at=NOON - DAY)
    windows = [state.current(at) for at in (NOON + SECOND, NOON + HOUR, NOON + 2 * HOUR)]

    assert [window.until for window in windows[:2]] == [NOON + HOUR, NOON + 2 * HOUR]
    assert len(set(windows)) == 3
    with django_assert_num_queries(1):
        state.current(NOON + 2 * HOUR + SECOND)


@pytest.mark.parametrize("kind", ["section", "tag", "author", "image"])
def test_a_changed_row_raises_the_generation_and_a_refused_one_does_not(clock, kind):
    row = getattr(stories, kind)() if kind != "tag" else stories.published().tags.get()
    before = state.current(NOON)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        row.save()
        assert state.current(NOON) != before
        raise ZeroDivisionError
    assert state.current(NOON) == before
    row.save()

    assert state.current(NOON).generation > before.generation


def test_a_new_name_stands_nowhere_yet_and_holds_up_nobody(clock):
    before = state.current(NOON)
    stories.author("Ganz Neu")

    assert state.current(NOON) == before
    stories.section("Ganz Neu")  # stands in every menu
    assert state.current(NOON) != before


def test_under_load_the_database_is_asked_once_in_a_tenth_of_a_second(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(state, "_tenth_of", TENTH_OF)
    second = NOON + dt.timedelta(milliseconds=900)
    state.current(second)
    with django_assert_num_queries(0):
        assert state.current(second + dt.timedelta(milliseconds=99)) == state.current(second)
    with django_assert_num_queries(1):  # nothing is carried into the next second
        state.current(NOON + SECOND)


def test_a_clock_that_is_set_back_asks_the_timelines_again(clock):
    stories.scheduled(live_from=NOON + HOUR, at=NOON - HOUR)

    assert [state.current(at).until == NOON + HOUR for at in (NOON, NOON + HOUR, NOON)] == [True, False, True]
