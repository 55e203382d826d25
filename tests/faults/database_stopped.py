"""The database is gone for half a minute and comes back."""

import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, saves_were_refused, under_load
from tests.faults.site import Site, running

_AWAY = 30.0


def outcomes() -> Iterator[Outcome]:
    """Stop PostgreSQL as in a crash and start it again."""
    with running() as site:
        yield under_load("Datenbank 30 Sekunden weg", site, lambda: _stop(site), saves_were_refused)


def _stop(site: Site) -> None:
    assert site.postgres is not None
    site.postgres.stop()
    time.sleep(_AWAY)
    site.postgres.start()
