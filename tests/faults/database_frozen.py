"""The database stands still: connections stay open, and nothing is answered."""

import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, saves_were_refused, under_load
from tests.faults.site import Site, running

_STILL = 20.0


def outcomes() -> Iterator[Outcome]:
    """Stop all processes of PostgreSQL with SIGSTOP and let them go on."""
    with running() as site:
        yield under_load("Datenbank 20 Sekunden eingefroren", site, lambda: _freeze(site), saves_were_refused)


def _freeze(site: Site) -> None:
    assert site.postgres is not None
    site.postgres.freeze()
    try:
        time.sleep(_STILL)
    finally:
        site.postgres.thaw()
