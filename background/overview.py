"""What the room „Betrieb“ shows: what failed, runs, waits and is overdue, the timetable, the workers."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django_tasks_db.models import DBTaskResult, get_date_max

from background import queue, timetable
from background.models import TimetableEntry, Worker
from background.policies import policy_of
from renewz.lib.dates import BERLIN, countdown, german_moment, german_time

# Without a heartbeat, a run or a worker for so long, something is wrong.
SILENCE = dt.timedelta(minutes=2)
SHOWN = 30


@dataclass(frozen=True)
class Badge:
    """A word with a mark, as the newsroom's lists have it."""

    kind: str
    text: str


LATE = Badge("review", "überfällig")
_STANDING = {
    queue.WAITING: Badge("waiting", "wartet"),
    queue.RUNNING: Badge("approved", "läuft"),
    queue.FAILED: Badge("review", "gescheitert"),
    queue.DONE: Badge("live", "erledigt"),
}


@dataclass(frozen=True)
class Order:
    """One order, in words."""

    number: str
    title: str
    about: str
    badge: Badge
    detail: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One entry of the timetable, in words."""

    title: str
    rhythm: str
    last: Badge | None
    last_at: str
    reason: str
    next_at: str
    is_late: bool


@dataclass(frozen=True)
class Alive:
    """One worker, in words."""

    name: str
    badge: Badge
    seen: str
    since: str
    at: str


@dataclass(frozen=True)
class Overview:
    """Everything at one moment."""

    has_worker: bool
    silent_since: dt.datetime | None
    is_silent: bool
    failed: list[Order]
    failures: int
    running: list[Order]
    waiting: list[Order]
    waiting_count: int
    late_count: int
    entries: list[Row]
    workers: list[Alive]


def overview(now: dt.datetime) -> Overview:
    """Look at everything once."""
    orders = DBTaskResult.objects
    running = list(orders.running().order_by("started_at")[:SHOWN])
    waiting = orders.filter(status=queue.WAITING).order_by("enqueued_at")
    failed = orders.failed().order_by("-finished_at")
    workers = list(Worker.objects.order_by("-seen_at"))
    return Overview(
        has_worker=settings.TASKS_RUN == "worker",
        silent_since=workers[0].seen_at if workers else None,
        is_silent=is_silent(now),
        failed=[_said(row, now) for row in failed[:SHOWN]],
        failures=failed.count(),
        running=[_said(row, now) for row in running],
        waiting=[_said(row, now) for row in waiting[:SHOWN]],
        waiting_count=waiting.count(),
        late_count=_late(waiting, now).count(),
        entries=_entries(now),
        workers=[_alive(worker, running, now) for worker in workers],
    )


def moment(at: dt.datetime, now: dt.datetime) -> str:
    """Return a moment of today by its time alone."""
    is_today = at.astimezone(BERLIN).date() == now.astimezone(BERLIN).date()
    return german_time(at) if is_today else german_moment(at)


def is_silent(now: dt.datetime) -> bool:
    """Say whether a worker should be there, and none has been heard of for two minutes."""
    if settings.TASKS_RUN != "worker":
        return False
    return not Worker.objects.filter(seen_at__gt=now - SILENCE).exists()


def _due(row: DBTaskResult) -> dt.datetime:
    return row.enqueued_at if row.run_after == get_date_max() else row.run_after


def _late(waiting: QuerySet[DBTaskResult], now: dt.datetime) -> QuerySet[DBTaskResult]:
    """Say the same as ``_is_late`` for many."""
    ago = now - SILENCE
    return waiting.filter(Q(run_after__lt=ago) | Q(run_after=get_date_max(), enqueued_at__lt=ago))


def _is_late(row: DBTaskResult, now: dt.datetime) -> bool:
    return row.status == queue.WAITING and _due(row) < now - SILENCE


def _said(row: DBTaskResult, now: dt.datetime) -> Order:
    policy = policy_of(row.task_path)
    given = [*row.args_kwargs["args"], *row.args_kwargs["kwargs"].values()]
    return Order(
        number=str(row.pk),
        title=policy.title,
        about=", ".join(f"Nr. {each}" if isinstance(each, int) else str(each) for each in given),
        badge=LATE if _is_late(row, now) else _STANDING[row.status],
        detail=_detail(row, policy.attempts, now),
        reason=queue.reason_in(row),
    )


def _detail(row: DBTaskResult, attempts: int, now: dt.datetime) -> str:
    attempt = len(row.worker_ids)
    if row.status == queue.RUNNING:
        return f"seit {moment(row.started_at, now)}, Versuch {attempt} von {attempts}"
    if row.status == queue.FAILED:
        return f"{moment(row.finished_at, now)}, nach {attempt} {'Versuch' if attempt == 1 else 'Versuchen'}"
    if attempt:
        return f"Versuch {attempt + 1} von {attempts} {countdown(_due(row), now)}"
    return f"seit {moment(row.enqueued_at, now)}"


def _entries(now: dt.datetime) -> list[Row]:
    rows = TimetableEntry.objects.in_bulk()
    numbers = {name: queue.number_of(entry.task) for name, entry in timetable.entries.items()}
    orders = DBTaskResult.objects.in_bulk(numbers.values())
    often_first = sorted(timetable.entries.values(), key=lambda one: (one.rhythm.longest, str(one.rhythm)))
    return [_entry(each, rows.get(each.name), orders.get(numbers[each.name]), now) for each in often_first]


def _entry(
    entry: timetable.Entry, row: TimetableEntry | None, order: DBTaskResult | None, now: dt.datetime
) -> Row:
    last_at = order and (order.finished_at or order.started_at)
    late = row is not None and row.next_at < now - SILENCE
    return Row(
        title=policy_of(entry.task.module_path).title,
        rhythm=str(entry.rhythm),
        last=None if order is None else LATE if _is_late(order, now) else _STANDING[order.status],
        last_at=moment(last_at, now) if last_at else "",
        reason=queue.reason_in(order) if order else "",
        next_at=moment(row.next_at, now) if row else "",
        is_late=late,
    )


def _alive(worker: Worker, running: list[DBTaskResult], now: dt.datetime) -> Alive:
    at = [policy_of(row.task_path).title for row in running if row.worker_ids[-1] == worker.name]
    if worker.seen_at < now - SILENCE:
        badge = Badge("review", "schweigt")
    else:
        badge = Badge("waiting", "hört auf") if worker.is_stopping else Badge("live", "lebt")
    return Alive(
        name=str(worker),
        badge=badge,
        seen=moment(worker.seen_at, now),
        since=moment(worker.started_at, now),
        at=", ".join(at) or "nichts",
    )
