"""The queue: orders („Aufträge“) wait as rows of django-tasks-db until a worker takes them.

An order is a task and what it is about. Its number follows from both, so there is one row for
each: ordered twice while it waits, it runs once; ordered while it runs, it runs once more
afterwards, because it may have looked already; what failed and is ordered again is the same row.
The number stays over all attempts, and when the same is ordered once more later: whoever acts outside
this database, as by a mail, passes on number and ``enqueued_at`` as a key, which no other order has.

A worker may die after it has acted and before it has said so. Every task therefore has to be
one that may run twice with one effect.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import Task, TaskResultStatus
from django.utils import timezone
from django.utils.json import normalize_json
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max

from background.policies import policy_of
from background.reasons import UnknownTask, WorkerDied, frames_of, reason_of

WAITING, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, DONE = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL
# What has failed for good is tried again after this time by those who look for what is missing.
TRY_AGAIN = dt.timedelta(days=1)

_NUMBERS = uuid.UUID("6f0d5a0e-5f5b-4d53-9a55-0d6a3f1c0a22")
_AT_ONCE: dt.datetime = get_date_max()  # what django-tasks-db stores for „no special moment“
_CLEAN = {"return_value": None, "exception_class_path": "", "traceback": ""}


class WorkerBackend(DatabaseBackend):
    """Puts orders where a worker finds them; each at most once."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> Any:
        """Order a task; return what is known of the order."""
        self.validate_task(task)
        return order(task, _given(args, kwargs)).task_result


def number_of(task: Task, *args: Any) -> uuid.UUID:
    """Return the number of the order of this task about these things."""
    return _number(task.module_path, _given(args, {}))


def _given(args: Any, kwargs: Any) -> dict[str, Any]:
    return {"args": normalize_json(args), "kwargs": normalize_json(kwargs)}


def _number(task_path: str, given: dict[str, Any]) -> uuid.UUID:
    kwargs = sorted(given["kwargs"].items())
    return uuid.uuid5(_NUMBERS, f"{task_path} {given['args']} {kwargs}")


@transaction.atomic
def order(task: Task, given: dict[str, Any]) -> DBTaskResult:
    """Put an order into the queue, or its row back there; ``given`` is what the row stores."""
    fresh: dict[str, Any] = {
        "status": WAITING,
        "priority": task.priority,
        "queue_name": task.queue_name,
        "backend_name": task.backend,
        "run_after": task.run_after or _AT_ONCE,
        "worker_ids": [],
        **_CLEAN,
    }
    row, is_new = DBTaskResult.objects.select_for_update().get_or_create(
        id=_number(task.module_path, given),
        defaults=fresh | {"task_path": task.module_path, "args_kwargs": given},
    )
    if row.status in {FAILED, DONE} and not is_new:
        _set(row, enqueued_at=timezone.now(), started_at=None, finished_at=None, **fresh)
    elif row.status == RUNNING:
        # ``_settle`` sees that the moment has moved.
        _set(row, run_after=timezone.now())
    return row


def _set(row: DBTaskResult, **values: Any) -> None:
    DBTaskResult.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


# --- What a worker does with an order ----------------------------------------------------------


def claim(worker: str) -> DBTaskResult | None:
    """Take the next order that is due; no other worker gets it."""
    due = DBTaskResult.objects.ready()
    # A plain question first: who has nothing to do holds up nobody who writes.
    if not due.exists():
        return None
    with transaction.atomic():
        row = due.get_locked()
        if row is not None:
            row.claim(worker)
        return row


def done(row: DBTaskResult) -> bool:
    """Note that it is done; False: it was given to somebody else meanwhile."""
    return _settle(row, status=DONE, **_CLEAN)


def failed(row: DBTaskResult, error: BaseException) -> bool:
    """Note the failure and when to try again, if at all; False as for ``done``."""
    policy, attempt = policy_of(row.task_path), len(row.worker_ids)
    if attempt >= policy.attempts or isinstance(error, UnknownTask):
        return _settle(row, status=FAILED, **_said(error))
    again = timezone.now() + policy.pause(attempt)
    return bool(_ours(row).update(status=WAITING, run_after=again, **_said(error)))


def give_back(row: DBTaskResult) -> bool:
    """Put an order back as if it had not been taken: its worker has to stop."""
    return bool(_ours(row).update(status=WAITING, run_after=_AT_ONCE, worker_ids=row.worker_ids[:-1]))


def give_back_lost(worker: str) -> None:
    """Put back what this worker took without hearing that it had: the answer to its commit was lost."""
    for row in DBTaskResult.objects.running():
        if row.worker_ids[-1] == worker:
            give_back(row)


def give_back_of_dead(row: DBTaskResult) -> bool:
    """Put an order back whose worker died, as a failure: it may be what killed it, and others wait."""
    return failed(row, WorkerDied())


def _settle(row: DBTaskResult, **values: Any) -> bool:
    """Close an order, unless somebody ordered it again while it ran."""
    if _ours(row).filter(run_after=row.run_after).update(finished_at=timezone.now(), **values):
        return True
    return bool(_ours(row).update(status=WAITING, run_after=_AT_ONCE, worker_ids=[]))


def _ours(row: DBTaskResult) -> QuerySet[DBTaskResult]:
    """Return the row only as long as it runs as we took it."""
    return DBTaskResult.objects.filter(pk=row.pk, status=RUNNING, started_at=row.started_at)


def _said(error: BaseException) -> dict[str, str]:
    kind = type(error)
    return {
        "exception_class_path": f"{kind.__module__}.{kind.__qualname__}",
        "traceback": f"{reason_of(error)}\n{frames_of(error)}",
    }


def reason_in(row: DBTaskResult) -> str:
    """Return why the last attempt failed, for people."""
    return row.traceback.partition("\n")[0]


# --- What was never ordered, or failed long ago ------------------------------------------------


def catch_up(task: Task, numbers: Iterable[int]) -> int:
    """Order a task for each of these things, unless that waits, runs or failed lately; return how many.

    Makes good what a process lost that died between its commit and its order.
    """
    recently = timezone.now() - TRY_AGAIN
    ordered = 0
    for batch in batched(numbers, 200, strict=False):
        orders = {number_of(task, number): number for number in batch}
        busy = Q(status__in=(WAITING, RUNNING)) | Q(status=FAILED, finished_at__gt=recently)
        known = DBTaskResult.objects.filter(busy, pk__in=orders).values_list("pk", flat=True)
        for each in orders.keys() - set(known):
            task.enqueue(orders[each])
            ordered += 1
    return ordered
