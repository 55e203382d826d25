"""Time as people in the newsroom say it: Europe/Berlin, in German."""

import datetime as dt
from zoneinfo import ZoneInfo

from renewz.lib.text import NBSP

BERLIN = ZoneInfo("Europe/Berlin")

# „Bis auf Weiteres“: an end that every database and Python's time zones can still hold.
FOREVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)

_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_WEEKDAYS = ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So.")


class ImpossibleTime(ValueError):
    """The clocks jump over this local time (last Sunday in March, 02:00 to 03:00)."""


class AmbiguousTime(ValueError):
    """The clocks show this local time twice (last Sunday in October, 02:00 to 03:00)."""


def berlin_moment(local: dt.datetime, second: bool | None = None) -> dt.datetime:
    """Return the moment that a naive local time in Berlin means, in UTC.

    ``second`` chooses between the two moments of an ambiguous time; ``None`` means that
    nobody has chosen. Raises ImpossibleTime, AmbiguousTime.
    """
    first = local.replace(tzinfo=BERLIN, fold=0)
    other = local.replace(tzinfo=BERLIN, fold=1)
    if first.astimezone(dt.UTC).astimezone(BERLIN).replace(tzinfo=None) != local:
        raise ImpossibleTime(local.isoformat())
    if first.utcoffset() != other.utcoffset() and second is None:
        raise AmbiguousTime(local.isoformat())
    return (other if second else first).astimezone(dt.UTC)


def is_ambiguous(moment: dt.datetime) -> bool:
    """Say whether the Berlin clocks show this moment's local time twice."""
    local = moment.astimezone(BERLIN)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def german_date(moment: dt.datetime) -> str:
    """Return „6. November 2025“ with protected spaces."""
    local = moment.astimezone(BERLIN)
    return f"{local.day}.{NBSP}{_MONTHS[local.month - 1]}{NBSP}{local.year}"


def german_time(moment: dt.datetime) -> str:
    """Return „09:15 Uhr“."""
    return f"{moment.astimezone(BERLIN):%H:%M}{NBSP}Uhr"


def german_moment(moment: dt.datetime) -> str:
    """Return „6. November 2025, 14:32 Uhr“."""
    return f"{german_date(moment)}, {german_time(moment)}"


def german_plan(moment: dt.datetime) -> str:
    """Return „Mo., 23. November 2026, 06:00 Uhr (MEZ)“; the zone tells the two 02:30 apart."""
    local = moment.astimezone(BERLIN)
    zone = "MESZ" if local.dst() else "MEZ"
    return f"{_WEEKDAYS[local.weekday()]}, {german_moment(moment)} ({zone})"


def countdown(moment: dt.datetime, now: dt.datetime) -> str:
    """Return „in 2 Tagen 3 Std.“, „in 4 Min.“ or „jetzt“."""
    seconds = int((moment - now).total_seconds())
    if seconds <= 0:
        return "jetzt"
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days:
        return f"in {days}{NBSP}{'Tag' if days == 1 else 'Tagen'}" + (f" {hours}{NBSP}Std." if hours else "")
    if hours:
        return f"in {hours}{NBSP}Std." + (f" {minutes}{NBSP}Min." if minutes else "")
    return f"in {minutes}{NBSP}Min." if minutes else f"in {rest}{NBSP}Sek."
