"""The connection breaks after COMMIT: it is done, and nobody gets to know."""

import time
from collections.abc import Iterator

from tests.faults.outcome import Outcome, under_load
from tests.faults.proxy import wire
from tests.faults.site import prepared, start_machine, start_nginx

_TIMES = 8


def outcomes() -> Iterator[Outcome]:
    """Cut the wire after some COMMITs while the newsroom saves; whoever gets no answer saves again."""
    with prepared() as site, wire(site.environment["DATABASE_URL"]) as one:
        site.environment["DATABASE_URL"] = one.url
        start_machine(site)
        start_nginx(site)

        def fault() -> None:
            for _ in range(_TIMES):
                one.cut_next()
                time.sleep(1.5)

        yield under_load(
            "Antwort auf COMMIT verloren",
            site,
            fault,
            lambda outcome: outcome.expect("durchtrennte Verbindungen", one.cut, _TIMES),
        )
