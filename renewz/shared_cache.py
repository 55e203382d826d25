"""Redis or Valkey as a cache for several machines, without which everything goes on.

Nothing is only there: what it does not know or say is asked of the database.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Whoever does not answer within this is away (seconds); nobody asks again before the pause is over.
_PATIENCE = 0.2
_PAUSE = 2.0
# A session that ended while Redis was away is known to it for no longer than this.
_SESSION_SECONDS = 60

_rests_until = 0.0


def _forgiving(otherwise: Any, ask: Callable[..., Any], *args: Any) -> Any:
    """Return the answer, or ``otherwise`` while the server is away."""
    global _rests_until  # noqa: PLW0603  one server, one pause
    if time.monotonic() < _rests_until:
        return otherwise
    try:
        return ask(*args)
    except RedisError as error:
        _rests_until = time.monotonic() + _PAUSE
        logger.warning("shared cache away", extra={"reason": type(error).__name__})
        return otherwise


class _Json:
    """Values as JSON, numbers as they are: who writes into the cache cannot run anything here."""

    def dumps(self, value: Any) -> Any:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class _Client(RedisCacheClient):
    """Django's client, to whom a server that is away is one that knows nothing."""

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return bool(_forgiving(True, super().add, key, value, timeout))

    def get(self, key: Any, default: Any) -> Any:
        return _forgiving(default, super().get, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        _forgiving(None, super().set, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(_forgiving(False, super().touch, key, timeout))

    def delete(self, key: Any) -> bool:
        return bool(_forgiving(False, super().delete, key))

    def get_many(self, keys: Any) -> Any:
        return _forgiving({}, super().get_many, keys)

    def has_key(self, key: Any) -> bool:
        return bool(_forgiving(False, super().has_key, key))

    def incr(self, key: Any, delta: int) -> Any:
        return _forgiving(delta, super().incr, key, delta)

    def set_many(self, data: Any, timeout: Any) -> None:
        _forgiving(None, super().set_many, data, timeout)

    def delete_many(self, keys: Any) -> None:
        _forgiving(None, super().delete_many, keys)

    def clear(self) -> bool:
        return bool(_forgiving(False, super().clear))


class ForgivingCache(RedisCache):
    """A cache that knows nothing while its server is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": _PATIENCE,
            "socket_connect_timeout": _PATIENCE,
            "retry": None,
            "serializer": _Json(),
        }
        super().__init__(server, {**params, "OPTIONS": {**options, **params.get("OPTIONS", {})}})
        self._class = _Client


class SessionCache(ForgivingCache):
    """Sessions for a minute at most: the truth about them is in the database."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int | None:
        seconds = super().get_backend_timeout(timeout)
        return _SESSION_SECONDS if seconds is None else min(int(seconds), _SESSION_SECONDS)
