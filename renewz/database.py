"""How we talk to PostgreSQL: connections that notice a dead server, and nobody who waits for a silent one."""

import math
import select
import time
from contextvars import ContextVar
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import _WaitTimeout
from psycopg_pool import ConnectionPool

# Seconds that whoever asks in this context waits for one answer; None: as long as it takes.
patience: ContextVar[float | None] = ContextVar("patience", default=None)

# For a question of a reader or a list of the newsroom, and for what somebody wants to save: both
# end in time for an answer within two seconds.
READING, WRITING = 1.2, 1.6

# A server that is gone is noticed in seconds, by whoever asks and by a connection that waits unused.
CONNECTION = {
    "connect_timeout": 2,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# What a web process may cost the server. Commands and migrations may take as long as they need.
_WEB_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "1500ms",
    "idle_in_transaction_session_timeout": "30s",
}


class Silent(psycopg.OperationalError):
    """The server did not refuse; it said nothing in time."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection on which nobody waits longer than ``patience``.

    The limits of the server itself are worth nothing when it is the server that hangs: frozen, or
    behind a network that swallows everything. The connection is of no use afterwards and closed.
    """

    answered_at = -math.inf  # by ``time.monotonic``

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait as psycopg does. Raises ``Silent`` when patience is over."""
        limit = timeout if timeout is not None else patience.get()
        try:
            said = super().wait(gen, interval=interval, timeout=limit)
        except _WaitTimeout as error:
            if timeout is not None:  # whoever set a limit handles it
                raise
            self.pgconn.finish()
            raise Silent(f"no answer within {limit} s") from error
        self.answered_at = time.monotonic()
        return said


_silent_until: dict[str, float] = {}
# Seconds for which an answer says that its connection is alive.
_FRESH = 1.0


def _has_arrived(connection: psycopg.Connection[Any]) -> bool:
    """Say whether there is something to read on a connection that nobody has asked: its end, mostly."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _is_alive(connection: PatientConnection) -> None:
    """Let the pool hand out no dead connection; finding that out takes no longer for who writes.

    A pool asks one connection after the other. When the first was silent, the others need not be
    asked: for a second they count as dead, too. One that answered a moment ago need not be asked
    either: that would cost a reader's page a question more. If its server has ended since, that has arrived.
    """
    server = connection.info.dsn
    if time.monotonic() < _silent_until.get(server, 0.0):
        raise Silent("no answer a moment ago")
    if time.monotonic() - connection.answered_at < _FRESH and not _has_arrived(connection):
        return
    waits = patience.set(READING)
    try:
        ConnectionPool.check_connection(connection)
    except Silent:
        _silent_until[server] = time.monotonic() + 1
        raise
    finally:
        patience.reset(waits)


def limit_web_process(database: dict[str, Any]) -> None:
    """Give the connections of a process that answers readers their limits (``renewz.wsgi``)."""
    if database["ENGINE"] != "django.db.backends.postgresql":
        return
    options = database["OPTIONS"]
    limits = " ".join(f"-c {name}={value}" for name, value in _WEB_LIMITS.items())
    options["options"] = f"{limits} {options.get('options', '')}".strip()
    options["pool"] = {
        **options["pool"],
        "timeout": READING,
        "connection_class": PatientConnection,
        "check": _is_alive,
    }
