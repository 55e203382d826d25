"""Each request has a number, which stands in every line of its log; slow and failed ones get a line."""

import logging
import re
import time
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

from delivery.middleware import View
from renewz.database import READING, WRITING, patience
from renewz.lib import logs

logger = logging.getLogger(__name__)

# A request that takes longer than this is worth a line (seconds).
_SLOW = 1.0
_SAFE = {"GET", "HEAD", "OPTIONS"}
_NUMBER = re.compile(r"[0-9a-f]{32}")
_queries: ContextVar[int] = ContextVar("queries", default=0)


def journal(get_response: View) -> View:
    """Number the request, tell how it went where that matters, and bound its patience.

    A page for everybody says no number: whoever keeps it would show the same to all. nginx names
    one with each answer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        number = request.number = _number(request)  # type: ignore[attr-defined]
        in_log = logs.request_number.set(number)
        asked = _queries.set(0)
        waits = patience.set(READING if request.method in _SAFE else WRITING)
        began = time.perf_counter()
        try:
            response = get_response(request)
            if request.resolver_match:  # else it came from memory
                request.META["renewz.rendered"] = True
            _tell(request, response, time.perf_counter() - began)
        finally:
            patience.reset(waits)
            _queries.reset(asked)
            logs.request_number.reset(in_log)
        if not response.headers.get("Cache-Control", "").startswith("public"):
            response.headers["X-Request-ID"] = number
        return response

    return middleware


def _number(request: HttpRequest) -> str:
    """Return nginx's number where nginx stands before us: nobody else may write into our log."""
    given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
    return given if _NUMBER.fullmatch(given) else uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    failed = response.status_code >= 500
    if not failed and seconds < _SLOW:
        return
    logger.log(
        logging.ERROR if failed else logging.WARNING,
        "request failed" if failed else "request slow",
        extra={
            "method": request.method,
            "path": request.path,  # without the query: what readers search for is nobody's business
            "status": response.status_code,
            "seconds": round(seconds, 3),
            "queries": _queries.get(),
        },
    )


def count_queries(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let a new connection count what it is asked (``connection_created``)."""
    if _count not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count)


def _count(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    _queries.set(_queries.get() + 1)
    return execute(sql, params, many, context)
