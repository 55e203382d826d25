"""The worker: one process that orders what the timetable says and does one order after another.

It survives a database that goes away, stops in order at SIGTERM and SIGINT, and loses nothing
when it is killed: what it was at is given back by the others, or by itself after its restart.
"""

import functools
import logging
import os
import random
import signal
import socket
import time
import uuid
from collections.abc import Callable
from types import FrameType

from django.core.exceptions import SuspiciousOperation
from django.db import Error, close_old_connections, connections, reset_queries
from django.tasks.base import TaskContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import queue, timetable
from background.heartbeat import Heart, Work, say_alive
from background.models import Worker
from background.reasons import UnknownTask, is_ours, reason_of

logger = logging.getLogger(__name__)

POLL = 1.0  # seconds between two looks into an empty queue
_PIECE = 0.25
_LONGEST_PAUSE = 30.0  # between two questions to a database that is away


class Runner:
    """The main thread of a worker."""

    def __init__(self, *, dead_after: float, grace: float) -> None:
        now = timezone.now()
        worker = Worker(
            name=uuid.uuid4().hex, host=socket.gethostname(), pid=os.getpid(), started_at=now, seen_at=now
        )
        self.work = Work(worker, grace)
        self.heart = Heart(self.work, dead_after)
        self._failures = 0  # of the database, in a row

    def listen_to_signals(self) -> None:
        """Stop in order when told to; a plain value, because a handler must not wait for a lock."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.work.stop_asked_at = self.work.stop_asked_at or time.monotonic()

    def run(self) -> None:
        """Work until somebody asks to stop."""
        about = {"worker": self.work.worker.name, "pid": self.work.worker.pid}
        logger.info("worker started", extra=about)
        if self._insist(self._begin):
            self.heart.start()
            while not self.work.is_stopping:
                self._insist(self._round)
            self.heart.rest()
        self._leave()
        logger.info("worker stopped", extra=about)

    def _begin(self) -> bool:
        say_alive(self.work)
        timetable.forget_strangers()
        return True

    def _round(self) -> None:
        """Do the next order if there is one, or rest a moment."""
        if self._failures:
            queue.give_back_lost(self.work.worker.name)
        timetable.order_due(timezone.now())
        order = queue.claim(self.work.worker.name)
        if order is None:
            self._sleep(POLL)
            return
        self.work.begin(order)
        try:
            self._do(order)
        finally:
            self.work.begin(None)

    def _do(self, order: DBTaskResult) -> None:
        """Call the task and note what came of it, as soon as the database listens."""
        about = {"task": order.task_path, "order": str(order.pk), "attempt": len(order.worker_ids)}
        began = time.monotonic()
        error = called(order)
        self.work.has_returned()
        about["ms"] = round((time.monotonic() - began) * 1000)
        if error is None:
            note = queue.done
        elif self.work.is_stopping:
            # Who stops us may have stopped the task's own processes too: nobody's fault.
            note = queue.give_back
        else:
            note = functools.partial(queue.failed, error=error)
        if not self._insist(lambda: note(order), to_the_end=True):
            logger.warning("order was given to somebody else", extra=about)
        elif error is None:
            logger.info("order done", extra=about)
        else:
            about["reason"] = reason_of(error)
            logger.error("order failed", extra=about, exc_info=None if is_ours(error) else error)

    def _leave(self) -> None:
        try:
            Worker.objects.filter(pk=self.work.worker.pk).delete()
        except Error as error:
            logger.warning("worker not signed off", extra={"reason": type(error).__name__})
        for connection in connections.all(initialized_only=True):
            connection.close()
            getattr(connection, "close_pool", lambda: None)()

    # --- A database that is away -----------------------------------------------------------------

    def _insist[Answer](self, action: Callable[[], Answer], *, to_the_end: bool = False) -> Answer | None:
        """Do it, again and again while the database is away; None: we were told to stop before.

        ``to_the_end``: even then, until the process is ended (``Heart``).
        """
        while True:
            try:
                close_old_connections()
                reset_queries()
                answer = action()
            except Error as error:
                self._failures += 1
                if self._failures == 1:
                    logger.error("database away", extra={"reason": type(error).__name__})
            else:
                if self._failures:
                    logger.info("database back", extra={"failures": self._failures})
                self._failures = 0
                return answer
            if self.work.is_stopping and not to_the_end:
                return None
            self._sleep(min(_LONGEST_PAUSE, 2.0 ** (self._failures - 1)) * random.uniform(0.5, 1))  # noqa: S311

    def _sleep(self, seconds: float) -> None:
        """Rest in small pieces, so that a signal is heard; after it, one piece at the most."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _PIECE))
            if self.work.is_stopping:
                return


def called(order: DBTaskResult) -> BaseException | None:
    """Call the task of an order; return what it raised."""
    try:
        result = order.task_result
    except (ImportError, SuspiciousOperation):
        return UnknownTask()
    try:
        context: list[object] = [TaskContext(task_result=result)] if result.task.takes_context else []
        result.task.call(*context, *result.args, **result.kwargs)
    except (Exception, SystemExit) as error:
        return error
    return None
