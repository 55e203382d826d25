"""The state of the site: what a public page may be kept for, and until when.

Two things change what readers see: somebody changes content, or time passes a moment that was
set before. The first raises the generation, one row in the database, in the transaction of the
change itself. The second is asked of timelines that the apps above register. Two requests with
the same state get the same page; that is all that caches need to know.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.db.models.signals import post_delete, post_save

from delivery.line import Line
from delivery.models import SiteState
from renewz.lib.dates import BERLIN
from renewz.lib.prepared import Prepared

# The first moment after the given one at which public pages change by themselves, if there is one.
Timeline = Callable[[dt.datetime], dt.datetime | None]
# Called with the moment at which this process found another state, before it answers with any page of it.
Listener = Callable[[dt.datetime], None]

_ROW = 1
_generation: Prepared[int] = Prepared(
    lambda row: SiteState.objects.filter(pk=row).values_list("generation", flat=True)
)


@dataclass(frozen=True)
class State:
    """The site up to its next event: no event lies between two moments that have the same one."""

    generation: int
    until: dt.datetime


@dataclass(frozen=True)
class _Known:
    """What this process found out, and the moment it asked for."""

    state: State
    since: dt.datetime

    def holds(self, generation: int, at: dt.datetime) -> bool:
        return self.state.generation == generation and self.since <= at < self.state.until


def _midnight(at: dt.datetime) -> dt.datetime:
    """Pages say „gestern“: the day changes in Berlin."""
    today = at.astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=1)


_timelines: list[Timeline] = [_midnight]
_listeners: list[Listener] = []
_watched: set[type[models.Model]] = set()
_known: _Known | None = None
_asked: tuple[object, int] | None = None
# A page that takes longer than this is a fault; the web server before us gives up a moment later.
_line = Line(patience=1.0, pause=1.0)


def register(timeline: Timeline) -> None:
    """Let an app say when its part of the public pages changes by itself. Call it in ``ready``."""
    _timelines.append(timeline)


def listen(listener: Listener) -> None:
    """Let somebody know of each new state that this process finds. May ask the database."""
    _listeners.append(listener)


def watch(*senders: type[models.Model], new: bool = True) -> None:
    """Count every saved or deleted row of these models as a change of public content.

    ``new=False``: a new row stands on no page yet, whoever uses it says so. What changes rows by
    ``update`` or ``bulk_create`` calls ``changed`` itself.
    """

    def row_changed(*, created: bool = False, **kwargs: object) -> None:
        if new or not created:
            changed()

    for sender in senders:
        _watched.add(sender)
        for signal in (post_save, post_delete):
            signal.connect(row_changed, sender, weak=False, dispatch_uid=f"delivery {sender._meta.label}")


def is_watched(model: type[models.Model]) -> bool:
    """Say whether saving and deleting rows of this model raises the generation."""
    return model in _watched


def changed(beyond: int = 0) -> None:
    """Say that public content changes with this transaction; others that do the same wait for it.

    The number follows the clock, so that a database which comes back from a backup does not
    repeat one that caches have seen with other content; nor one up to ``beyond``.
    """
    row = SiteState.objects.filter(pk=_ROW)
    now = max(time.time_ns() // 1000, beyond + 1)
    raised = Greatest(F("generation") + 1, Value(now), output_field=models.BigIntegerField())
    if not row.update(generation=raised):
        SiteState.objects.get_or_create(pk=_ROW, defaults={"generation": 0})
        row.update(generation=raised)


def current(at: dt.datetime) -> State:
    """Return the state at ``at``: at most one tiny query, and the timelines only when it has changed.

    Raises ``delivery.line.Away`` when the database does not say.
    """
    return known(at) or _line.ask(lambda: known(at) or _found_out(at))


def known(at: dt.datetime) -> State | None:
    """Return the state at ``at`` if this process knows it without asking.

    It asks once in a tenth of a second: under load that is most of what a page costs. Tenths by
    the clock, so that nothing is carried into the next second: nginx keeps a page for the second
    in which it was asked for, and the two delays must not add up.
    """
    asked = _asked
    return _remembered(asked[1], at) if asked is not None and asked[0] == _tenth_of(at) else None


def is_away() -> bool:
    """Say whether the database was found not to answer; asks nobody."""
    return _line.is_broken()


def _tenth_of(at: dt.datetime) -> object:
    return int(at.timestamp() * 10)


def _remembered(generation: int, at: dt.datetime) -> State | None:
    last = _known
    return last.state if last is not None and last.holds(generation, at) else None


def _found_out(at: dt.datetime) -> State:
    """Ask for the generation before anything else: what is rendered afterwards is at least as new."""
    global _asked, _known  # noqa: PLW0603  what this process remembers of the site
    generation = _generation.first(row=_ROW) or 0
    _asked = (_tenth_of(at), generation)
    state = _remembered(generation, at)
    if state is None:
        state = State(generation, min(filter(None, (timeline(at) for timeline in _timelines))))
        for listener in _listeners:
            listener(at)
        _known = _Known(state, at)
    return state
