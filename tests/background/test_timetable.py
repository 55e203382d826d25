"""The timetable: due once whatever the number of workers, made up once, right in the nights of the clocks."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult

from background import queue, timetable
from background.models import TimetableEntry
from background.timetable import Daily, Every, order_due
from tests.background.tasks import note, ring
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND


@pytest.fixture(autouse=True)
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timetable, "entries", {})
    yield


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


# --- Rhythms -----------------------------------------------------------------------------------


def test_a_day_in_berlin() -> None:
    at_night = Daily(3, 30)
    assert at_night.after(utc(2026, 11, 22, 2, 29, 59)) == utc(2026, 11, 22, 2, 30)
    assert at_night.after(utc(2026, 11, 22, 2, 30)) == utc(2026, 11, 23, 2, 30)
    assert at_night.after(utc(2026, 7, 1, 12, 0)) == utc(2026, 7, 2, 1, 30)
    # After midnight in Berlin, before it in Greenwich.
    assert at_night.after(utc(2026, 7, 1, 23, 0)) == utc(2026, 7, 2, 1, 30)
    assert Daily(0, 30).after(utc(2026, 7, 1, 22, 45)) == utc(2026, 7, 2, 22, 30)


def test_the_night_in_which_the_clocks_jump_over_the_time() -> None:
    """On 28 March 2027 it is 03:00 after 01:59; „02:30“ comes at 03:30, once."""
    daily, now, moments = Daily(2, 30), utc(2027, 3, 26, 12, 0), []
    for _ in range(4):
        now = daily.after(now)
        moments.append(now)
    assert moments == [
        utc(2027, 3, 27, 1, 30), utc(2027, 3, 28, 1, 30), utc(2027, 3, 29, 0, 30), utc(2027, 3, 30, 0, 30),
    ]  # fmt: skip


def test_the_night_in_which_the_clocks_show_the_time_twice() -> None:
    """On 25 October 2026 it is 02:30 at 00:30 and at 01:30 in Greenwich; the first counts, once."""
    daily, now, moments = Daily(2, 30), utc(2026, 10, 23, 12, 0), []
    for _ in range(4):
        now = daily.after(now)
        moments.append(now)
    assert moments == [
        utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 26, 1, 30), utc(2026, 10, 27, 1, 30),
    ]  # fmt: skip


@pytest.mark.parametrize("day", [utc(2026, 10, 24, 0, 0), utc(2027, 3, 27, 0, 0), utc(2026, 11, 22, 0, 0)])
def test_every_quarter_of_an_hour_of_these_nights_leads_to_one_run_a_day(day: dt.datetime) -> None:
    daily, seen = Daily(2, 30), set()
    for quarter in range(4 * 72):
        moment = daily.after(day + quarter * 15 * MINUTE)
        assert dt.timedelta(0) < moment - (day + quarter * 15 * MINUTE) <= daily.longest
        seen.add(moment)
    assert len(seen) == 4


def test_rhythms_in_words() -> None:
    words = [str(rhythm) for rhythm in (Every(60), Every(90), Every(600), Daily(3, 5))]
    assert words == ["jede Minute", "alle 90 Sekunden", "alle 10 Minuten", "täglich um 03:05 Uhr"]


# --- Ordering ----------------------------------------------------------------------------------


def waiting() -> list[str]:
    return [row.task_path.rpartition(".")[2] for row in DBTaskResult.objects.filter(status="READY")]


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_is_configured")
class TestOrdering:
    def test_what_repeats_is_due_at_once_and_what_is_daily_at_its_time(self) -> None:
        timetable.register("often", ring, Every(60))
        timetable.register("daily", note, Daily(12, 30))
        assert order_due(NOON) == ["often"]
        assert waiting() == ["ring"]
        rows = dict(TimetableEntry.objects.values_list("name", "next_at"))
        assert rows == {"often": NOON + MINUTE, "daily": NOON + 30 * MINUTE}
        assert order_due(NOON + 59 * SECOND) == []
        assert order_due(NOON + 30 * MINUTE) == ["often", "daily"]

    def test_missed_runs_are_made_up_by_one(self) -> None:
        timetable.register("often", ring, Every(60))
        timetable.register("daily", note, Daily(12, 0))
        order_due(NOON - HOUR)
        DBTaskResult.objects.all().delete()
        assert order_due(NOON + 9 * DAY + SECOND) == ["often", "daily"]
        assert order_due(NOON + 9 * DAY + 2 * SECOND) == []
        assert sorted(waiting()) == ["note", "ring"]
        rows = dict(TimetableEntry.objects.values_list("name", "next_at"))
        assert rows == {"often": NOON + 9 * DAY + SECOND + MINUTE, "daily": NOON + 10 * DAY}

    def test_of_two_workers_that_saw_the_same_row_one_orders(self) -> None:
        timetable.register("often", ring, Every(60))
        order_due(NOON)
        DBTaskResult.objects.all().delete()
        seen = TimetableEntry.objects.get()
        entry, later = timetable.entries["often"], NOON + MINUTE
        assert [timetable._is_ordered(entry, seen, later) for _ in range(2)] == [True, False]
        assert waiting() == ["ring"]

    def test_a_run_that_is_not_over_yet_is_followed_by_one_only(self) -> None:
        timetable.register("often", ring, Every(60))
        order_due(NOON)
        order = queue.claim("w1")
        for minute in (1, 2, 3):
            order_due(NOON + minute * MINUTE)
        assert queue.claim("w2") is None
        queue.done(order)
        queue.done(queue.claim("w1"))
        assert queue.claim("w1") is None

    def test_an_order_that_cannot_be_given_stays_due(self, monkeypatch: pytest.MonkeyPatch) -> None:
        timetable.register("often", ring, Every(60))
        order_due(NOON)
        DBTaskResult.objects.all().delete()

        def away(*args: object) -> None:
            raise OperationalError

        with monkeypatch.context() as broken:
            broken.setattr("background.queue.order", away)
            with pytest.raises(OperationalError):
                order_due(NOON + MINUTE)
        assert order_due(NOON + MINUTE) == ["often"]

    def test_a_clock_that_was_put_back_stops_nothing_for_long(self) -> None:
        timetable.register("often", ring, Every(60))
        order_due(NOON)
        assert order_due(NOON - HOUR) == []
        assert order_due(NOON - HOUR + MINUTE) == ["often"]

    def test_a_night_run_is_not_repeated_by_a_clock_put_back_by_an_hour(self) -> None:
        timetable.register("daily", note, Daily(12, 0))
        order_due(NOON - SECOND)
        assert order_due(NOON) == ["daily"]
        assert order_due(NOON - HOUR) == []
        assert order_due(NOON + SECOND) == []

    def test_entries_of_another_release_are_forgotten(self) -> None:
        timetable.register("often", ring, Every(60))
        order_due(NOON)
        TimetableEntry.objects.create(name="gone", next_at=NOON)
        timetable.forget_strangers()
        assert [row.name for row in TimetableEntry.objects.all()] == ["often"]


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_is_configured")
def test_a_night_of_the_clocks_minute_by_minute() -> None:
    timetable.register("daily", note, Daily(2, 30))
    runs = []
    with time_machine.travel(utc(2026, 10, 24, 12, 0), tick=False) as clock:
        for _ in range(36 * 60):
            now = dt.datetime.now(dt.UTC)
            if order_due(now):
                runs.append(now)
            clock.shift(MINUTE)
    assert runs == [utc(2026, 10, 25, 0, 30)]
