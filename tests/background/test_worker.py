"""One worker: what it does with an order, a database that goes away, and the wish to stop."""

import re
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django_tasks_db.models import DBTaskResult

from background import heartbeat, queue, timetable
from background.models import Worker
from background.worker import Runner
from tests.background.tasks import CALLS, FAULTS, note
from tests.stories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker_is_configured")]


@pytest.fixture(autouse=True)
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither timetable nor heart nor pauses: each test says what it wants of them."""
    monkeypatch.setattr(timetable, "entries", {})
    monkeypatch.setattr("background.worker.Heart.start", lambda self: None)
    monkeypatch.setattr("background.worker.Heart.rest", lambda self: None)
    monkeypatch.setattr("background.worker.close_old_connections", lambda: None)
    monkeypatch.setattr("background.worker.connections.all", lambda initialized_only: [])


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A worker that stops when it has nothing to do."""
    one = Runner(dead_after=30, grace=1)
    monkeypatch.setattr(one, "_sleep", lambda seconds: one._stop(signal.SIGTERM, None))
    return one


def standing() -> list[tuple[str, int]]:
    rows = DBTaskResult.objects.order_by("enqueued_at")
    return [(row.status, len(row.worker_ids)) for row in rows]


def test_it_does_what_waits_in_turn_and_signs_off(runner: Runner) -> None:
    for word in ("a", "b"):
        note.enqueue(word, more=1)
    runner.run()
    assert CALLS == [("a", 1), ("b", 1)]
    assert standing() == [("SUCCESSFUL", 1), ("SUCCESSFUL", 1)]
    assert not Worker.objects.exists()


def test_a_task_that_fails_stops_nobody(runner: Runner, caplog: Any) -> None:
    note.enqueue("a")
    note.enqueue("b")
    FAULTS.extend([ValueError("geheim"), SystemExit(3)])
    runner.run()
    assert CALLS == [("a",), ("b",)]
    assert standing() == [("READY", 1), ("READY", 1)]
    told = [(record.getMessage(), re.sub(r"\d+", "…", record.reason)) for record in caplog.records]
    assert told == [
        ("order failed", "ValueError (tests/background/tasks.py, Zeile …)"),
        ("order failed", "SystemExit (tests/background/tasks.py, Zeile …)"),
    ]


@pytest.mark.parametrize("path", ["tests.background.tasks.gone", "nothing.there", "tests.stories.NOON"])
def test_a_task_of_another_release_fails_at_once_with_a_sentence(runner: Runner, path: str) -> None:
    note.enqueue("a")
    DBTaskResult.objects.update(task_path=path)
    runner.run()
    order = DBTaskResult.objects.get()
    assert (order.status, queue.reason_in(order)) == (
        "FAILED", "Diese Ausgabe der Anwendung kennt die Aufgabe nicht.",
    )  # fmt: skip


def test_what_the_timetable_says_is_ordered_and_done(runner: Runner) -> None:
    timetable.register("often", note, timetable.Every(60))
    runner.run()
    assert CALLS == [()]


def away(times: int, really: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that finds no database so many times, and then works."""
    faults = [kind("passwort=geheim") for kind in (OperationalError, InterfaceError)] * times

    def question(*args: Any, **more: Any) -> Any:
        if len(faults) > times:
            raise faults.pop()
        return really(*args, **more)

    return question


@pytest.mark.parametrize("place", ["claim", "done", "failed"])
def test_it_survives_a_database_that_is_away_and_comes_back(
    monkeypatch: pytest.MonkeyPatch, caplog: Any, place: str
) -> None:
    caplog.set_level("INFO", "background.worker")
    runner, pauses = Runner(dead_after=30, grace=1), []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        # However long it takes, an order whose task is over does not hang.
        assert runner.work.order is None or runner.work.since > time.monotonic() + 1e6
        if seconds == 1.0:  # nothing to do
            runner._stop(signal.SIGTERM, None)

    monkeypatch.setattr(runner, "_sleep", sleep)
    monkeypatch.setattr("background.worker.random.uniform", lambda least, most: 0.9)
    monkeypatch.setattr(queue, place, away(7, getattr(queue, place)))
    if place == "failed":
        FAULTS.append(ValueError())
    note.enqueue("a")
    runner.run()
    assert CALLS == [("a",)]  # done once, however often it took to say so
    assert [round(pause / 0.9) for pause in pauses[:-1]] == [1, 2, 4, 8, 16, 30, 30]
    assert standing() == [("READY" if place == "failed" else "SUCCESSFUL", 1)]
    events = [record.getMessage() for record in caplog.records]
    assert events.count("database away") == events.count("database back") == 1
    assert not [record for record in caplog.records if "geheim" in str(vars(record))]


def test_what_it_took_without_hearing_so_is_not_lost(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is cut after the commit of its claim."""
    really, sleep = queue.claim, runner._sleep

    def cut(worker: str) -> None:
        monkeypatch.setattr(queue, "claim", really)
        assert really(worker) is not None
        raise OperationalError

    monkeypatch.setattr(queue, "claim", cut)
    monkeypatch.setattr(runner, "_sleep", lambda seconds: sleep(seconds) if seconds == 1.0 else None)
    note.enqueue("a")
    runner.run()
    assert (CALLS, standing()) == ([("a",)], [("SUCCESSFUL", 1)])


def test_told_to_stop_before_the_database_was_ever_there_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(dead_after=30, grace=1)
    monkeypatch.setattr(runner, "_begin", away(99, lambda: None))
    monkeypatch.setattr(runner, "_sleep", lambda seconds: runner._stop(signal.SIGTERM, None))
    runner.run()
    assert CALLS == []


def test_told_to_stop_while_the_database_is_away_it_goes_on_saying_what_it_has_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner, slept = Runner(dead_after=30, grace=1), []
    monkeypatch.setattr("background.worker.time.sleep", slept.append)
    monkeypatch.setattr("background.worker.called", lambda order: runner._stop(signal.SIGTERM, None))
    monkeypatch.setattr(queue, "done", away(3, queue.done))
    note.enqueue("a")
    runner.run()
    assert standing() == [("SUCCESSFUL", 1)]
    assert slept == [0.25] * 3  # neither at once nor for long


def test_at_a_signal_it_finishes_what_it_is_at_and_takes_nothing_more(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    note.enqueue("a")
    note.enqueue("b")
    monkeypatch.setattr("background.worker.called", lambda order: runner._stop(signal.SIGTERM, None))
    runner.run()
    assert standing() == [("SUCCESSFUL", 1), ("READY", 0)]


def test_what_fails_while_it_is_being_stopped_costs_no_attempt(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(order: DBTaskResult) -> BaseException:
        runner._stop(signal.SIGTERM, None)
        return ChildProcessError()

    note.enqueue("a")
    monkeypatch.setattr("background.worker.called", killed)
    runner.run()
    assert standing() == [("READY", 0)]


def test_who_was_taken_for_dead_meanwhile_leaves_the_order_to_the_other(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def slow(order: DBTaskResult) -> None:
        queue.give_back_of_dead(order)
        DBTaskResult.objects.update(run_after=order.run_after)  # its pause is over
        queue.claim("other")
        runner._stop(signal.SIGTERM, None)

    note.enqueue("a")
    monkeypatch.setattr("background.worker.called", slow)
    runner.run()
    assert standing() == [("RUNNING", 2)]
    assert [record.getMessage() for record in caplog.records] == ["order was given to somebody else"]


# --- The heart -----------------------------------------------------------------------------------


class Ended(BaseException):
    """Instead of the end of the process."""


@pytest.fixture
def heart(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> heartbeat.Heart:
    def end(code: int) -> None:
        raise Ended(code)

    monkeypatch.setattr(heartbeat.os, "_exit", end)
    monkeypatch.setattr(heartbeat.logging, "shutdown", lambda: None)
    monkeypatch.setattr(heartbeat, "close_old_connections", lambda: None)
    return runner.heart


def begun(runner: Runner, seconds_ago: float) -> None:
    note.enqueue("a")
    heartbeat.say_alive(runner.work)
    runner.work.begin(queue.claim(runner.work.worker.name))
    runner.work.since = time.monotonic() - seconds_ago


def test_an_order_that_hangs_ends_the_process_and_counts_as_an_attempt(
    runner: Runner, heart: heartbeat.Heart
) -> None:
    begun(runner, 599)
    heart.look_at_main_thread()
    runner.work.since -= 2
    with pytest.raises(Ended) as ended:
        heart.look_at_main_thread()
    assert ended.value.args == (1,)
    assert standing() == [("READY", 1)]
    assert not Worker.objects.exists()


def test_who_only_waits_for_the_database_does_not_hang(runner: Runner, heart: heartbeat.Heart) -> None:
    begun(runner, 601)
    runner.work.has_returned()
    heart.look_at_main_thread()
    assert standing() == [("RUNNING", 1)]


def test_an_order_that_outlasts_the_time_to_stop_is_given_back(
    runner: Runner, heart: heartbeat.Heart
) -> None:
    begun(runner, 1)
    runner._stop(signal.SIGTERM, None)
    heart.look_at_main_thread()
    runner.work.stop_asked_at -= 1.1
    with pytest.raises(Ended) as ended:
        heart.look_at_main_thread()
    assert ended.value.args == (0,)
    assert standing() == [("READY", 0)]


def test_a_second_signal_does_not_prolong_the_time_to_stop(runner: Runner) -> None:
    runner._stop(signal.SIGTERM, None)
    first = runner.work.stop_asked_at
    runner._stop(signal.SIGINT, None)
    assert runner.work.stop_asked_at == first


def test_a_heartbeat_that_cannot_be_written_stops_neither_heart_nor_worker(
    heart: heartbeat.Heart, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    for fault, event in (
        (OperationalError("geheim"), "heartbeat not written"),
        (KeyError(), "heartbeat failed"),
    ):

        def fails(work: heartbeat.Work, fault: Exception = fault) -> None:
            raise fault

        with monkeypatch.context() as broken:
            broken.setattr(heartbeat, "say_alive", fails)
            heart.beat()
        assert caplog.records[-1].getMessage() == event
    heart.beat()
    assert Worker.objects.get().beat == 0


def test_the_heart_counts_and_says_when(runner: Runner, heart: heartbeat.Heart, clock: Any) -> None:
    for seconds in (0, 5, 10):
        clock.move_to(NOON.timestamp() + seconds)
        heart.beat()
    row = Worker.objects.get()
    assert (row.beat, (row.seen_at - NOON).total_seconds()) == (2, 10)
