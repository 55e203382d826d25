"""Lets public pages be rendered from a copy of the database, where there is one that is up to date.

The copy decides nothing. A page is kept under the state that the original named, so it may be
rendered from a copy only when the copy has that state, too: the generation is raised in the
transaction of each public change, and a copy that has the number has everything before it.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from delivery import state
from delivery.line import Away
from delivery.models import SiteState

logger = logging.getLogger(__name__)

ALIAS = "replica"
# A copy that failed is left alone for so long (seconds).
_PAUSE = 5.0

_reads_here: ContextVar[bool] = ContextVar("reads_here", default=False)
_rests_until = 0.0


class Router:
    """Sends reading to the copy while a public page is rendered from it, and all else to the original."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Return the copy, but never inside a transaction: who has begun one is going to write."""
        if _reads_here.get() and not transaction.get_connection("default").in_atomic_block:
            return ALIAS
        return "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Render a public page from the copy; once more from the original if that fails."""

    def from_the_copy(request: HttpRequest) -> HttpResponse:
        if not _is_public(request) or not _is_up_to_date(request):
            return get_response(request)
        here = _reads_here.set(True)
        try:
            response = get_response(request)
        finally:
            _reads_here.reset(here)
        if response.status_code < 500:
            return response
        _leave_alone("failed")
        return get_response(request)

    return from_the_copy if ALIAS in settings.DATABASES else get_response


def _is_public(request: HttpRequest) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.path_info.startswith(("/admin/", "/healthz", "/readyz"))
    )


def _is_up_to_date(request: HttpRequest) -> bool:
    if time.monotonic() < _rests_until:
        return False
    try:
        wanted = state.current(request.at).generation  # type: ignore[attr-defined]
        there = SiteState.objects.using(ALIAS).values_list("generation", flat=True).first() or 0
    except Away:
        return False
    except (DatabaseError, InterfaceError) as error:
        _leave_alone(type(error).__name__)
        return False
    return there >= wanted


def _leave_alone(reason: str) -> None:
    global _rests_until  # noqa: PLW0603  one copy, one pause
    _rests_until = time.monotonic() + _PAUSE
    connections[ALIAS].close()
    logger.warning("replica away", extra={"reason": reason})
