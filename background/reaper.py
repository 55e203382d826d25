"""Finds workers whose heart stands still, and gives their orders back.

Judged by our own steady clock and the others' counting alone: two machines' clocks need not
agree, and nobody has died because a clock was put forward.
"""

import logging
import time
from collections.abc import Callable

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from background import queue
from background.models import Worker

logger = logging.getLogger(__name__)


class Reaper:
    """Remembers how far the others had counted, and since when they stand there."""

    def __init__(self, me: str, dead_after: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.me, self.dead_after, self.clock = me, dead_after, clock
        self._seen: dict[str, tuple[int, float]] = {}
        self._looked_at = -1e9

    def look(self) -> None:
        """Look at everybody once; bury who is dead. Call it as often as the heart beats."""
        now = self.clock()
        if now - self._looked_at > self.dead_after / 2:
            # We were away ourselves, so were the others perhaps: a database that stood still.
            self._seen = {}
        self._looked_at = now
        # In this order: a worker writes its row before it takes an order.
        running = list(DBTaskResult.objects.running())
        beats = dict(Worker.objects.values_list("name", "beat"))
        before, self._seen = self._seen, {}
        for name, beat in beats.items():
            known = before.get(name)
            self._seen[name] = known if known and known[0] == beat else (beat, now)
        for name, (beat, since) in self._seen.items():
            if name != self.me and now - since >= self.dead_after:
                self._bury(name, beat, running)
        for row in running:
            if row.worker_ids[-1] not in beats:
                _give_back(row)

    @transaction.atomic
    def _bury(self, name: str, beat: int, running: list[DBTaskResult]) -> None:
        if not Worker.objects.filter(name=name, beat=beat).delete()[0]:
            return  # it lives, or somebody else was faster
        logger.warning("worker died", extra={"worker": name})
        for row in running:
            if row.worker_ids[-1] == name:
                _give_back(row)


def _give_back(row: DBTaskResult) -> None:
    if queue.give_back_of_dead(row):
        about = {"task": row.task_path, "order": str(row.pk), "worker": row.worker_ids[-1]}
        logger.warning("order given back", extra=about)
