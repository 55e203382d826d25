"""The timetable: what is done again and again, as apps register it in ``ready``.

An entry that is due becomes an order of its task, once, whatever the number of workers. Runs that
were missed while no worker was there are made up by one.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.tasks import Task

from background.models import TimetableEntry
from renewz.lib.dates import BERLIN


@dataclass(frozen=True)
class Every:
    """Again after so many seconds."""

    seconds: int

    @property
    def longest(self) -> dt.timedelta:
        """Return the longest time between two runs."""
        return dt.timedelta(seconds=self.seconds)

    def first(self, now: dt.datetime) -> dt.datetime:
        """Return when a new entry is due."""
        return now

    def after(self, now: dt.datetime) -> dt.datetime:
        """Return the next moment after ``now``."""
        return now + self.longest

    def __str__(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        if seconds:
            return f"alle {self.seconds} Sekunden"
        return "jede Minute" if minutes == 1 else f"alle {minutes} Minuten"


@dataclass(frozen=True)
class Daily:
    """Once a day, at this time in Berlin, also in the nights in which the clocks are changed.

    A time that the clocks jump over means the moment one hour later by the new time; one that
    they show twice means the first.
    """

    hour: int
    minute: int

    longest = dt.timedelta(hours=25)

    def first(self, now: dt.datetime) -> dt.datetime:
        """Return when a new entry is due."""
        return self.after(now)

    def after(self, now: dt.datetime) -> dt.datetime:
        """Return the next moment after ``now``."""
        today = now.astimezone(BERLIN).date()
        moments = (self._on(today + dt.timedelta(days=days)) for days in (0, 1))
        return next(moment for moment in moments if moment > now)

    def _on(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(self.hour, self.minute), BERLIN).astimezone(dt.UTC)

    def __str__(self) -> str:
        return f"täglich um {self.hour:02}:{self.minute:02} Uhr"


@dataclass(frozen=True)
class Entry:
    """A task without arguments, and how often."""

    name: str
    task: Task
    rhythm: Every | Daily


entries: dict[str, Entry] = {}


def register(name: str, task: Task, rhythm: Every | Daily) -> None:
    """Have a task done again and again. Call it in ``ready``."""
    entries[name] = Entry(name, task, rhythm)


def forget_strangers() -> None:
    """Drop the rows of entries that this release does not have."""
    TimetableEntry.objects.exclude(name__in=entries).delete()


def order_due(now: dt.datetime) -> list[str]:
    """Order what is due at ``now``; return the names of what this call ordered."""
    rows = TimetableEntry.objects.in_bulk()
    return [name for name, entry in entries.items() if _is_ordered(entry, rows.get(name), now)]


def _is_ordered(entry: Entry, row: TimetableEntry | None, now: dt.datetime) -> bool:
    if row is None:
        first = {"next_at": entry.rhythm.first(now)}
        row, _ = TimetableEntry.objects.get_or_create(name=entry.name, defaults=first)
    same = TimetableEntry.objects.filter(name=entry.name, next_at=row.next_at)
    if row.next_at > now + entry.rhythm.longest:  # the clock was put back, or the rhythm changed
        same.update(next_at=entry.rhythm.after(now))
    if row.next_at > now:
        return False
    with transaction.atomic():
        # Compared and set in one statement: of two workers one orders.
        is_mine = bool(same.update(next_at=entry.rhythm.after(now), ordered_at=now))
        if is_mine:
            entry.task.enqueue()
    return is_mine
