"""Time as the newsroom says it: Berlin's clocks with both their traps, in German."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewz.lib.dates import (
    BERLIN,
    AmbiguousTime,
    ImpossibleTime,
    berlin_moment,
    countdown,
    german_date,
    german_moment,
    german_plan,
    german_time,
    is_ambiguous,
)
from renewz.lib.text import NBSP

pytestmark = pytest.mark.once


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def local(*parts):
    return dt.datetime(*parts)  # noqa: DTZ001  what a person types has no zone


# --- From what a person types to a moment ------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        (local(2026, 1, 15, 6, 0), utc(2026, 1, 15, 5, 0)),
        (local(2026, 7, 15, 6, 0), utc(2026, 7, 15, 4, 0)),
        (local(2026, 3, 29, 1, 59, 59), utc(2026, 3, 29, 0, 59, 59)),
        (local(2026, 3, 29, 3, 0), utc(2026, 3, 29, 1, 0)),
        (local(2026, 10, 25, 1, 59, 59), utc(2026, 10, 24, 23, 59, 59)),
        (local(2026, 10, 25, 3, 0), utc(2026, 10, 25, 2, 0)),
    ],
)
@pytest.mark.parametrize("second", [None, False, True])
def test_a_clear_local_time_means_one_moment_whatever_was_chosen(typed, moment, second):
    assert berlin_moment(typed, second) == moment


@pytest.mark.parametrize(
    "typed", [local(2026, 3, 29, 2, 0), local(2026, 3, 29, 2, 30), local(2026, 3, 29, 2, 59, 59)]
)
@pytest.mark.parametrize("second", [None, False, True])
def test_the_hour_that_the_clocks_jump_over_is_refused(typed, second):
    with pytest.raises(ImpossibleTime):
        berlin_moment(typed, second)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        (local(2026, 10, 25, 2, 0), utc(2026, 10, 25, 0, 0), utc(2026, 10, 25, 1, 0)),
        (local(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)),
        (local(2026, 10, 25, 2, 59, 59), utc(2026, 10, 25, 0, 59, 59), utc(2026, 10, 25, 1, 59, 59)),
    ],
)
def test_the_hour_that_comes_twice_asks_which_one(typed, first, second):
    with pytest.raises(AmbiguousTime):
        berlin_moment(typed)
    assert berlin_moment(typed, second=False) == first
    assert berlin_moment(typed, second=True) == second


@given(st.datetimes(min_value=local(2000, 1, 1), max_value=local(2099, 12, 31)), st.booleans())
def test_every_moment_reads_back_as_what_was_typed(typed, second):
    try:
        moment = berlin_moment(typed, second)
    except ImpossibleTime:
        return

    assert moment.astimezone(BERLIN).replace(tzinfo=None) == typed


@pytest.mark.parametrize(
    ("moment", "ambiguous"),
    [
        (utc(2026, 10, 24, 23, 59, 59), False),
        (utc(2026, 10, 25, 0, 0), True),
        (utc(2026, 10, 25, 1, 59, 59), True),
        (utc(2026, 10, 25, 2, 0), False),
        (utc(2026, 3, 29, 0, 30), False),
        (utc(2026, 3, 29, 1, 30), False),
    ],
)
def test_is_ambiguous_for_both_moments_of_the_double_hour_only(moment, ambiguous):
    assert is_ambiguous(moment) is ambiguous


# --- From a moment to what a person reads ------------------------------------------------------


def test_dates_are_german_and_their_spaces_protected():
    moment = utc(2025, 11, 6, 13, 32)

    assert german_date(moment) == f"6.{NBSP}November{NBSP}2025"
    assert german_time(moment) == f"14:32{NBSP}Uhr"
    assert german_moment(moment) == f"6.{NBSP}November{NBSP}2025, 14:32{NBSP}Uhr"


def test_the_day_is_that_of_berlin():
    assert german_moment(utc(2025, 12, 31, 23, 5)) == f"1.{NBSP}Januar{NBSP}2026, 00:05{NBSP}Uhr"


def test_every_month_has_its_name():
    names = [german_date(utc(2026, month, 15)).split(NBSP)[1] for month in range(1, 13)]

    assert names == [
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ]  # fmt: skip


def test_a_plan_names_weekday_and_zone_so_that_the_two_half_past_twos_differ():
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)

    assert german_plan(first) == f"So., 25.{NBSP}Oktober{NBSP}2026, 02:30{NBSP}Uhr (MESZ)"
    assert german_plan(second) == f"So., 25.{NBSP}Oktober{NBSP}2026, 02:30{NBSP}Uhr (MEZ)"
    assert german_plan(utc(2026, 11, 23, 5)) == f"Mo., 23.{NBSP}November{NBSP}2026, 06:00{NBSP}Uhr (MEZ)"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (dt.timedelta(seconds=-5), "jetzt"),
        (dt.timedelta(0), "jetzt"),
        (dt.timedelta(milliseconds=900), "jetzt"),
        (dt.timedelta(seconds=1), "in 1 Sek."),
        (dt.timedelta(seconds=59), "in 59 Sek."),
        (dt.timedelta(minutes=1), "in 1 Min."),
        (dt.timedelta(minutes=59, seconds=59), "in 59 Min."),
        (dt.timedelta(hours=1), "in 1 Std."),
        (dt.timedelta(hours=3, minutes=4), "in 3 Std. 4 Min."),
        (dt.timedelta(days=1), "in 1 Tag"),
        (dt.timedelta(days=1, hours=1), "in 1 Tag 1 Std."),
        (dt.timedelta(days=2, hours=3, minutes=9), "in 2 Tagen 3 Std."),
    ],
)
def test_countdown(ahead, said):
    now = utc(2026, 5, 4, 10, 0)

    assert countdown(now + ahead, now).replace(NBSP, " ") == said
