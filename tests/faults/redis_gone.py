"""Redis is emptied, gone and back, frozen."""

import shutil
import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, missing, under_load
from tests.faults.site import folder, running
from tests.redis_server import RedisServer

_AWAY = 8.0


def outcomes() -> Iterator[Outcome]:
    """Take the shared cache away from a site that keeps sessions in it."""
    if shutil.which("redis-server") is None:
        yield missing("Redis weg", "redis-server fehlt. Debian und Ubuntu: sudo apt-get install redis-server")
        return
    with folder() as home:
        server = RedisServer(home)
        try:
            with running(REDIS_URL=server.url) as site:
                yield under_load(
                    "Redis geleert, weg, wieder da, steht still",
                    site,
                    lambda: _fault(server),
                    lambda outcome: outcome.at_least(
                        "Meldungen, dass der gemeinsame Speicher weg ist",
                        site.log().count("shared cache away"),
                    ),
                )
        finally:
            server.stop()


def _fault(server: RedisServer) -> None:
    server.empty()
    time.sleep(1)
    server.stop()
    time.sleep(_AWAY)
    server.start()
    time.sleep(1)
    server.freeze()
    time.sleep(_AWAY)
    server.thaw()
