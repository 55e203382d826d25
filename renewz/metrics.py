"""Figures for Prometheus, where RENEWZ_METRICS_BIND is set: on a port that no reader reaches."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from background.models import Worker
from delivery.front_door import Application, Environ, StartResponse
from delivery.models import SiteState
from markets.models import Quote
from renewz.database import READING, patience

_KINDS = {
    "/admin/": "room", "/suche/": "search", "/feed.xml": "feed", "/sitemap": "sitemap",
    "/static/": "file", "/media/": "file", "/healthz": "check", "/readyz": "check",
}  # fmt: skip

_requests = Counter(
    "renewz_requests",
    "Answers by kind, status and where they came from: memory, or rendered for this request.",
    ["kind", "status", "source"],
)
_rendering = Histogram(
    "renewz_rendering_seconds",
    "How long an answer took that was not in memory.",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def _since_the_last_change() -> float | None:
    newest = SiteState.objects.aggregate(newest=Max("generation"))["newest"]
    return time.time() - newest / 1e6 if newest else None  # the number follows the clock


def _since_the_last_rate() -> float | None:
    newest = Quote.objects.aggregate(newest=Max("as_of"))["newest"]
    return (timezone.now() - newest).total_seconds() if newest else None


def _since_a_worker_was_seen() -> float | None:
    seen = Worker.objects.aggregate(seen=Max("seen_at"))["seen"]
    return (timezone.now() - seen).total_seconds() if seen else None


# Asked of the database when somebody wants to know.
GAUGES: dict[str, tuple[str, Callable[[], float | None]]] = {
    "renewz_generation_age_seconds": ("Since public content was last changed.", _since_the_last_change),
    "renewz_ticker_age_seconds": ("Age of the newest rate of the ticker.", _since_the_last_rate),
    "renewz_orders_due": ("Orders that a worker could do now.", lambda: DBTaskResult.objects.ready().count()),
    "renewz_orders_failed": (
        "Orders that have failed for good.",
        lambda: DBTaskResult.objects.failed().count(),
    ),
    "renewz_worker_age_seconds": ("Since a worker last said that it lives.", _since_a_worker_was_seen),
}


class _State:
    """What the database knows; without it that is missing, and the rest is there."""

    def collect(self) -> Iterator[Metric]:
        found = {}
        waits = patience.set(READING)
        try:
            found = {name: ask() for name, (_, ask) in GAUGES.items()}
        except (DatabaseError, InterfaceError):
            found = {}
        finally:
            connection.close()
            patience.reset(waits)
        yield GaugeMetricFamily("renewz_database_up", "Whether the database answers.", value=bool(found))
        for name, value in found.items():
            if value is not None:
                yield GaugeMetricFamily(name, GAUGES[name][0], value=value)


def with_metrics(application: Application, port: str) -> Application:
    """Count what a WSGI application answers, and tell it to whoever asks on ``port``."""

    def counted(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["SERVER_PORT"] == port:
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [_exposition()]
        began = time.perf_counter()

        def count_and_start(status: str, headers: Any, *more: Any) -> Any:
            _count(environ, status[:3], time.perf_counter() - began)
            return start_response(status, headers, *more)

        return application(environ, count_and_start)

    return counted


def _count(environ: Environ, status: str, seconds: float) -> None:
    path = environ.get("PATH_INFO", "")
    kind = next((kind for start, kind in _KINDS.items() if path.startswith(start)), "page")
    rendered = "renewz.rendered" in environ
    _requests.labels(kind, status, "rendered" if rendered else "memory").inc()
    if rendered:
        _rendering.labels(kind).observe(seconds)


def _exposition() -> bytes:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(_State())
    return generate_latest(registry)
