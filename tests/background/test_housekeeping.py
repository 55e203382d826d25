"""What piles up is removed at night, and nothing else."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import housekeeping, queue
from tests.background.tasks import note
from tests.stories import DAY, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker_is_configured")]


def order(word: str, status: str, finished_at: dt.datetime | None) -> None:
    note.enqueue(word)
    DBTaskResult.objects.filter(pk=queue.number_of(note, word)).update(
        status=status, finished_at=finished_at, enqueued_at=NOON - 99 * DAY
    )


def test_orders_are_forgotten_when_they_were_done_or_failed_long_ago(clock: object) -> None:
    for word, status, ago in (
        ("waits", "READY", None), ("runs", "RUNNING", None),
        ("done", "SUCCESSFUL", 7 * DAY), ("old done", "SUCCESSFUL", 7 * DAY + MINUTE),
        ("failed", "FAILED", 30 * DAY), ("old failed", "FAILED", 30 * DAY + MINUTE),
    ):  # fmt: skip
        order(word, status, ago and NOON - ago)
    for _ in range(2):
        housekeeping.remove_old_orders.call()
        left = {row.args_kwargs["args"][0] for row in DBTaskResult.objects.all()}
        assert left == {"waits", "runs", "done", "failed"}


def test_sessions_that_are_over_are_forgotten() -> None:
    now = timezone.now()
    for key, ends in (("over", now - MINUTE), ("open", now + MINUTE)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    housekeeping.clear_sessions.call()
    assert [session.pk for session in Session.objects.all()] == ["open"]
