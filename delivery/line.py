"""Questions to a database that may be away: one at a time, and nobody waits long for an answer."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError

logger = logging.getLogger(__name__)


class Away(Exception):
    """The database did not answer, or not in time."""


class Line:
    """One thread asks, the others wait for it; ``patience`` and ``pause`` are seconds.

    A database that is frozen holds up that one thread. Whoever has waited for ``patience`` is
    told so, and whoever comes later at once. A database that refused is left alone for ``pause``.
    """

    def __init__(self, patience: float, pause: float) -> None:
        self.patience = patience
        self.pause = pause
        self._free = threading.Lock()
        self._asking_since: float | None = None
        self._refused_at: float | None = None
        self._away_since: float | None = None

    def ask[Answer](self, question: Callable[[], Answer]) -> Answer:
        """Return the answer. Raises ``Away``."""
        if not self._free.acquire(timeout=self._time_left()):
            self._note_away()
            raise Away("no answer in time")
        try:
            if self._rests():
                raise Away("refused a moment ago")
            self._asking_since = time.monotonic()
            answer = question()
        except (DatabaseError, InterfaceError) as error:
            self._refused_at = time.monotonic()
            self._note_away(error)
            raise Away("refused") from error
        else:
            self._note_back()
            return answer
        finally:
            self._asking_since = None
            self._free.release()

    def is_broken(self) -> bool:
        """Say whether asking would be in vain at the moment; asks nobody."""
        return self._rests() or self._time_left() == 0

    def _time_left(self) -> float:
        since = self._asking_since
        waited = 0.0 if since is None else time.monotonic() - since
        return max(0.0, self.patience - waited)

    def _rests(self) -> bool:
        refused_at = self._refused_at
        return refused_at is not None and time.monotonic() - refused_at < self.pause

    def _note_away(self, error: Exception | None = None) -> None:
        """Say it once, however many ask meanwhile."""
        if self._away_since is None:
            self._away_since = time.monotonic()
            logger.error("database away", exc_info=error)

    def _note_back(self) -> None:
        self._refused_at = None
        if self._away_since is not None:
            seconds = round(time.monotonic() - self._away_since, 1)
            self._away_since = None
            logger.warning("database back", extra={"seconds": seconds})
