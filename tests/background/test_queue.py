"""Orders: one row each, taken once, tried again with pauses, and given back when a worker dies."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django_tasks_db.models import DBTaskResult

from background import queue
from background.policies import Policy, policy_of
from background.worker import called
from images.tasks import make_renditions
from tests.background.tasks import CALLS, note, number, ring
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker_is_configured")]


def row(*words: object) -> DBTaskResult:
    return DBTaskResult.objects.get(pk=queue.number_of(note, *words))


def claimed(worker: str = "w1") -> DBTaskResult:
    order = queue.claim(worker)
    assert order is not None
    return order


# --- One row for one thing ---------------------------------------------------------------------


def test_an_order_waits_and_nothing_is_done_by_who_orders() -> None:
    note.enqueue("a", 1, b=[2])
    found = DBTaskResult.objects.get()
    assert (found.status, found.task_path, found.args_kwargs, found.worker_ids) == (
        "READY", "tests.background.tasks.note", {"args": ["a", 1], "kwargs": {"b": [2]}}, [],
    )  # fmt: skip
    assert CALLS == []


def test_ordered_twice_it_waits_once_and_other_things_wait_beside_it() -> None:
    for words in (("a",), ("a",), ("b",), ("a", 1), ()):
        note.enqueue(*words)
    ring.enqueue()
    ring.enqueue()
    assert DBTaskResult.objects.count() == 5


def test_the_order_of_named_arguments_does_not_matter() -> None:
    note.enqueue(a=1, b=2)
    note.enqueue(b=2, a=1)
    assert DBTaskResult.objects.count() == 1


def test_a_clash_does_not_spoil_the_transaction_of_who_orders() -> None:
    note.enqueue("a")
    with connection.cursor() as cursor:
        note.enqueue("a")
        cursor.execute("SELECT 1")
    assert DBTaskResult.objects.count() == 1


def test_what_is_done_and_ordered_again_is_the_same_row_with_fresh_attempts(
    clock: time_machine.Traveller,
) -> None:
    note.enqueue("a")
    assert queue.done(claimed())
    clock.shift(HOUR)
    note.enqueue("a")
    found = row("a")
    assert (found.status, found.worker_ids, found.enqueued_at, found.finished_at) == (
        "READY", [], NOON + HOUR, None,
    )  # fmt: skip
    assert claimed().pk == found.pk


def test_ordered_while_it_runs_it_runs_once_more() -> None:
    note.enqueue("a")
    order = claimed()
    note.enqueue("a")
    note.enqueue("a")
    assert queue.claim("w2") is None
    assert queue.done(order)
    assert (row("a").status, row("a").worker_ids) == ("READY", [])
    assert queue.done(claimed())
    assert (row("a").status, queue.claim("w1")) == ("SUCCESSFUL", None)


def test_a_last_failure_of_something_ordered_again_meanwhile_is_not_the_last() -> None:
    ring.enqueue()
    for _ in range(policy_of(ring.module_path).attempts):
        DBTaskResult.objects.update(run_after=NOON)
        order = claimed()
        ring.enqueue()
        assert queue.failed(order, ValueError())
    assert DBTaskResult.objects.get().status == "READY"


def test_the_number_stays_over_all_attempts_and_with_its_moment_it_is_a_key(
    clock: time_machine.Traveller,
) -> None:
    number.enqueue()
    order = claimed()
    called(order)
    queue.give_back_of_dead(order)
    clock.shift(MINUTE)
    again = claimed()
    called(again)
    assert [str(queue.number_of(number))] * 2 == CALLS
    assert again.enqueued_at == order.enqueued_at
    queue.done(again)
    number.enqueue()  # the same once more: another mail, for example
    assert claimed().enqueued_at == NOON + MINUTE


# --- Taking ------------------------------------------------------------------------------------


def test_the_weightier_comes_first_then_the_older() -> None:
    for word in ("a", "b"):
        note.enqueue(word)
    ring.enqueue()
    taken = [claimed() for _ in range(3)]
    assert [each.task_path.rpartition(".")[2] for each in taken] == ["ring", "note", "note"]
    assert [each.args_kwargs["args"] for each in taken[1:]] == [["a"], ["b"]]
    assert queue.claim("w1") is None


def test_who_finds_nothing_to_do_locks_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as asked:
        assert queue.claim("w1") is None
    assert asked[0]["sql"].startswith("SELECT 1")


def test_an_order_for_later_is_not_taken_before(clock: time_machine.Traveller) -> None:
    note.using(run_after=NOON + MINUTE).enqueue("a")
    assert queue.claim("w1") is None
    clock.shift(MINUTE)
    assert claimed().args_kwargs["args"] == ["a"]


# --- Trying again ------------------------------------------------------------------------------


def test_each_pause_is_twice_as_long_up_to_the_longest_and_left_to_chance() -> None:
    policy = Policy(title="", first=dt.timedelta(seconds=10), longest=dt.timedelta(seconds=100))
    for attempt, full in {1: 10, 2: 20, 3: 40, 4: 80, 5: 100, 40: 100}.items():
        pauses = {policy.pause(attempt).total_seconds() for _ in range(50)}
        assert full / 2 <= min(pauses) < max(pauses) <= full


def test_a_failure_is_tried_again_after_its_pause_and_given_up_in_the_end(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("background.policies.random.uniform", lambda least, most: most)
    note.enqueue("a")
    waits = []
    while queue.failed(claimed(), ConnectionError("geheim@host")) and row("a").status == "READY":
        waits.append(row("a").run_after)
        clock.move_to(waits[-1] - SECOND)
        assert queue.claim("w1") is None
        clock.move_to(waits[-1])
    steps = [after - before for before, after in zip([NOON, *waits], waits, strict=False)]
    assert steps == [each * SECOND for each in (10, 20, 40, 80, 160)]
    found = row("a")
    assert (found.status, len(found.worker_ids), found.exception_class_path) == (
        "FAILED", 6, "builtins.ConnectionError",
    )  # fmt: skip
    assert queue.reason_in(found) == "Keine Verbindung: ConnectionError"
    assert "geheim" not in found.traceback


def test_success_after_failures_leaves_no_reason_behind() -> None:
    note.enqueue("a")
    queue.failed(claimed(), ValueError("x"))
    DBTaskResult.objects.update(run_after=NOON)
    queue.done(claimed())
    assert (row("a").status, row("a").traceback, row("a").exception_class_path) == ("SUCCESSFUL", "", "")


def test_each_task_may_have_its_own_policy() -> None:
    assert policy_of(ring.module_path) == Policy(title="Glocke läuten", attempts=2)
    assert policy_of(note.module_path) == Policy(title="note")


# --- Workers that die --------------------------------------------------------------------------


def test_what_a_dead_worker_was_at_waits_as_after_a_failure_and_holds_up_nobody(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("background.policies.random.uniform", lambda least, most: most)
    ring.enqueue()  # comes before all others
    note.enqueue("a")
    assert queue.give_back_of_dead(claimed("w1"))
    assert claimed("w2").args_kwargs["args"] == ["a"]
    clock.move_to(NOON + 10 * SECOND - dt.timedelta(microseconds=1))
    assert queue.claim("w2") is None
    clock.move_to(NOON + 10 * SECOND)
    assert claimed("w2").worker_ids == ["w1", "w2"]


def test_who_was_taken_for_dead_cannot_close_what_somebody_else_is_at(
    clock: time_machine.Traveller,
) -> None:
    note.enqueue("a")
    lost = claimed("w1")
    queue.give_back_of_dead(lost)
    clock.shift(MINUTE)
    theirs = claimed("w2")
    assert [queue.done(lost), queue.failed(lost, ValueError()), queue.give_back(lost)] == [False] * 3
    assert (row("a").status, row("a").worker_ids) == ("RUNNING", ["w1", "w2"])
    assert queue.done(theirs)
    assert queue.done(lost) is False


def test_an_order_that_kills_every_worker_is_given_up(clock: time_machine.Traveller) -> None:
    ring.enqueue()
    for name in ("w1", "w2"):
        clock.shift(MINUTE)
        assert queue.give_back_of_dead(claimed(name))
    found = DBTaskResult.objects.get()
    assert (found.status, queue.reason_in(found)) == (
        "FAILED", "Der Worker ist mitten in diesem Auftrag gestorben.",
    )  # fmt: skip


def test_what_is_given_back_at_a_stop_costs_no_attempt() -> None:
    note.enqueue("a")
    assert queue.give_back(claimed())
    assert claimed("w2").worker_ids == ["w2"]


# --- What was never ordered --------------------------------------------------------------------


def test_catching_up_orders_what_is_unknown_done_or_failed_long_ago(clock: time_machine.Traveller) -> None:
    path = make_renditions.module_path
    standing = {1: ("READY", None), 2: ("RUNNING", None), 3: ("FAILED", NOON), 4: ("FAILED", NOON - 2 * DAY),
                5: ("SUCCESSFUL", NOON)}  # fmt: skip
    for each, (status, finished_at) in standing.items():
        make_renditions.enqueue(each)
        DBTaskResult.objects.filter(pk=queue.number_of(make_renditions, each)).update(
            status=status, finished_at=finished_at
        )
    assert queue.catch_up(make_renditions, range(1, 7)) == 3
    waiting = DBTaskResult.objects.filter(task_path=path, status="READY")
    assert sorted(each.args_kwargs["args"][0] for each in waiting) == [1, 4, 5, 6]


def test_catching_up_asks_in_batches_and_not_for_each(django_assert_num_queries) -> None:
    for each in range(1, 251):
        make_renditions.enqueue(each)
    with django_assert_num_queries(2):
        assert queue.catch_up(make_renditions, range(1, 251)) == 0
