"""The heart of a worker: a thread that says that it lives while the main thread works.

It also looks after the others (``background/reaper.py``), and it ends the whole process where the
main thread cannot: when an order hangs, or when the time to stop is over.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass, field

from django.db import Error, close_old_connections, connections
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import queue
from background.models import Worker
from background.policies import policy_of
from background.reaper import Reaper

logger = logging.getLogger(__name__)

BEATS = 6  # in the time after which a worker counts as dead


@dataclass
class Work:
    """What the main thread is at; the heart reads it."""

    worker: Worker
    grace: float  # seconds between the wish to stop and the end
    order: DBTaskResult | None = None
    since: float = field(default_factory=time.monotonic)
    stop_asked_at: float | None = None

    def begin(self, order: DBTaskResult | None) -> None:
        """Note that an order begins, or with None that it has ended."""
        self.since = time.monotonic()
        self.order = order

    def has_returned(self) -> None:
        """Note that the task is over: what is left may wait for the database as long as it takes."""
        self.since = float("inf")

    @property
    def is_stopping(self) -> bool:
        return self.stop_asked_at is not None

    def hangs(self) -> bool:
        """Say whether the order takes longer than any of its kind should."""
        order = self.order
        if order is None:
            return False
        return time.monotonic() - self.since > policy_of(order.task_path).limit.total_seconds()

    def is_late(self) -> bool:
        """Say whether the time to stop is over."""
        return self.stop_asked_at is not None and time.monotonic() - self.stop_asked_at > self.grace


class Heart(threading.Thread):
    """Beats until it is told to rest."""

    def __init__(self, work: Work, dead_after: float) -> None:
        super().__init__(name="heart", daemon=True)
        self.work, self.pause = work, dead_after / BEATS
        self.reaper = Reaper(work.worker.name, dead_after)
        self._rest = threading.Event()
        self._last = -1e9  # heartbeat

    def run(self) -> None:
        while not self._rest.wait(min(self.pause, 1)):
            self.look_at_main_thread()
            if time.monotonic() - self._last >= self.pause:
                self.beat()
        connections.close_all()

    def rest(self) -> None:
        """Stop beating."""
        self._rest.set()
        self.join()

    def beat(self) -> None:
        """Say that we live, and look whether the others do. A fault must not stop the heart."""
        self._last = time.monotonic()
        try:
            close_old_connections()
            say_alive(self.work)
            self.reaper.look()
        except Error as error:
            logger.warning("heartbeat not written", extra={"reason": type(error).__name__})
        except Exception:
            logger.exception("heartbeat failed")

    def look_at_main_thread(self) -> None:
        """End the process where the main thread cannot end it any more."""
        if self.work.hangs():
            self._end("order hangs", 1)
        elif self.work.is_late():
            self._end("order not finished in time", 0)

    def _end(self, event: str, code: int) -> None:
        """End without waiting for anybody. What hung is counted as an attempt of a dead worker."""
        order, name = self.work.order, self.work.worker.name
        about = {"task": order.task_path, "order": str(order.pk)} if order else {}
        logger.error(event, extra={"worker": name, **about})
        try:
            if order and code:
                queue.give_back_of_dead(order)
            elif order:
                queue.give_back(order)
            Worker.objects.filter(pk=name).delete()
        except Error:
            logger.warning("order not given back", extra={"worker": name, **about})
        finally:
            logging.shutdown()
            os._exit(code)


def say_alive(work: Work) -> None:
    """Write the row of this worker anew; one that was taken for dead comes back."""
    worker, now = work.worker, timezone.now()
    values = {"seen_at": now, "is_stopping": work.is_stopping}
    if not Worker.objects.filter(pk=worker.pk).update(beat=F("beat") + 1, **values):
        Worker.objects.create(
            name=worker.name, host=worker.host, pid=worker.pid, started_at=worker.started_at, **values
        )
