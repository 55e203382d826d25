"""How gunicorn runs RENEWZ, in the demo and in production. Settings come from the environment.

nginx stands in front in production: it takes slow clients, uploads and files off these workers.
Which proxies may say that a request came by https is gunicorn's own FORWARDED_ALLOW_IPS.
"""

import ctypes
import mmap
import os
import signal
import struct
import tempfile
import time
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

bind = [os.environ.get("RENEWZ_BIND", "127.0.0.1:8000")]
# Figures for Prometheus have a port of their own; nginx knows nothing of it. Workers add theirs up
# in files, which must be there before the first of them starts.
if metrics_bind := os.environ.get("RENEWZ_METRICS_BIND"):
    bind.append(metrics_bind)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="renewz-metrics-"))

# Threads wait for the database, processes use the cores. A connection each: with PostgreSQL,
# workers * DATABASE_POOL_SIZE must stay below the server's max_connections.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))

# The longest address that nginx lets through; gunicorn knows no more than this.
limit_request_line = 8190

# Off: each worker opens its own connections after the fork, and SIGHUP loads new code.
preload_app = False

# A worker that hangs this long is replaced; one that is asked to stop may finish what it began.
timeout = 30
graceful_timeout = 30
# Longer than nginx keeps an idle connection (20 s), so that nginx never reuses a closed one.
keepalive = 30
# Not a cure for anything here: a worker that restarts while traffic is high only costs.
max_requests = 0

# The heartbeat file must not wait for a busy disk.
if os.access("/dev/shm", os.W_OK):  # noqa: S108  the memory-backed place itself is meant
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# Nobody uses it, and it would write into the home directory of whoever starts the server.
control_socket_disable = True

# nginx writes the access log, and shortens addresses in it. What gunicorn says of itself
# goes to stdout like everything else: one event, one line of JSON.
accesslog = None


class _NoAccessLog(Logger):
    """Writes no line for each request. Without this gunicorn would put one together and give it to nobody.

    That is a fifth of what a kept page costs, see docs/decisions/0031-was-gunicorn-kostet.md.
    """

    def access(self, *about: Any) -> None:
        """Do nothing."""


logger_class = _NoAccessLog
_level = os.environ.get("RENEWZ_LOG_LEVEL", "INFO").upper()
logconfig_dict = {
    "formatters": {"json": {"()": "renewz.lib.logs.JsonFormatter"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
    },
    "root": {"handlers": ["stdout"], "level": _level},
    "loggers": {"gunicorn.error": {"handlers": ["stdout"], "level": _level, "propagate": False}},
}

# At SIGHUP gunicorn stops the old workers when it starts the new ones, which need seconds to load
# the program: nobody would answer meanwhile. The old ones go on until a new one can, or for so long.
_HANDOVER_SECONDS = 20
_TURNS = struct.Struct("QQ")  # the turn that began last, the turn whose workers can answer

chdir = str(Path(__file__).resolve().parent.parent)


def on_starting(server: Any) -> None:
    """Make the memory in which master and workers count the reloads."""
    server.turns = mmap.mmap(-1, _TURNS.size)


def on_reload(server: Any) -> None:
    """Count a reload before its workers start."""
    began, answering = _TURNS.unpack_from(server.turns)
    _TURNS.pack_into(server.turns, 0, began + 1, answering)


# <malloc.h> of glibc; other systems have no such thing, and no such habit.
_M_ARENA_MAX = -8


def _share_one_heap() -> None:
    """Let the threads of a worker use one heap.

    By default each gets its own and keeps what its largest page, list or picture needed: after a
    quarter of an hour of mixed work 367 MB instead of 283. They hold Python's lock in turns anyway.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_M_ARENA_MAX, 1)


def post_fork(server: Any, worker: Any) -> None:
    """Tell a worker to which turn it belongs, before it has threads."""
    _share_one_heap()
    worker.turns = server.turns
    worker.turn, _ = _TURNS.unpack_from(server.turns)


def worker_exit(server: Any, worker: Any) -> None:
    """Close the connection pool: unclosed, its threads hold up the end of a worker by 20 seconds."""
    from django.apps import apps  # noqa: PLC0415  gunicorn reads this file before Django is set up
    from django.db import connections  # noqa: PLC0415

    if not apps.ready:  # a worker that failed to start has none
        return
    for connection in connections.all():
        if close_pool := getattr(connection, "close_pool", None):  # PostgreSQL has one
            close_pool()


def post_worker_init(worker: Any) -> None:
    """Say that this worker can answer; leave Ctrl-C to the master, and hand over before stopping.

    Told twice at once to end, a worker can hang until the time-out.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    began, _ = _TURNS.unpack_from(worker.turns)
    _TURNS.pack_into(worker.turns, 0, began, worker.turn)
    limit = float("inf")

    def stop(number: int, frame: Any) -> None:
        nonlocal limit
        began, answering = _TURNS.unpack_from(worker.turns)
        limit = min(limit, time.monotonic() + _HANDOVER_SECONDS)
        if began == worker.turn or answering > worker.turn or time.monotonic() >= limit:
            worker.handle_exit(signal.SIGTERM, frame)
        else:
            signal.setitimer(signal.ITIMER_REAL, 0.1)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, stop)
