"""What a fault did to readers and newsroom, measured against what the house promises."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.faults.load import SAVES, SEEN, Hit, Load
from tests.faults.site import Site

# Who cannot be served is told so within two seconds; all is well again this long after the fault.
PROMPT = 2.0
RECOVERY = 10.0


@dataclass
class Outcome:
    """One fault: what was counted, and what is wrong with it."""

    name: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    # How often each kind of question was answered with 503.
    told: dict[str, int] = field(default_factory=dict)

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Note a fact, and a breach where it is not as it must be."""
        self.rows.append((what, str(found)))
        if found != wanted:
            self.breaches.append(f"{what}: {found} statt {wanted}")

    def at_least(self, what: str, found: int, least: int = 1) -> None:
        """Note a number, and a breach where it is smaller."""
        self.rows.append((what, str(found)))
        if found < least:
            self.breaches.append(f"{what}: {found} statt mindestens {least}")


def missing(name: str, what: str) -> Outcome:
    """Return the outcome of a fault for which this machine lacks something: a breach that names it."""
    return Outcome(name, breaches=[what])


# Notes what shows that the fault was there; without it everything goes well of itself.
Effect = Callable[[Outcome], None]


def saves_were_refused(outcome: Outcome) -> None:
    """Nobody could save for a while: what takes the database away shows so."""
    outcome.at_least("Speichern mit 503", outcome.told.get(SAVES, 0))


def under_load(
    name: str, site: Site, fault: Callable[[], None], effect: Effect, before: float = 3.0
) -> Outcome:
    """Let something go wrong while people work; ``fault`` returns when it is over."""
    outcome = Outcome(name)
    with Load(site) as load:
        time.sleep(before)
        began = time.time()
        fault()
        ended = time.time()
        load.wait_until_all_are_served(ended)
        time.sleep(2)
    _judge_answers(outcome, load.hits, began, ended)
    _judge_saves(outcome, load, site.newsroom("written"))
    effect(outcome)
    return outcome


def _judge_answers(outcome: Outcome, hits: list[Hit], began: float, ended: float) -> None:
    outcome.rows.append(("Dauer der Störung", _seconds(ended - began)))
    for kind in dict.fromkeys(hit.kind for hit in hits):
        mine = [hit for hit in hits if hit.kind == kind]
        told = sum(hit.status == HTTPStatus.SERVICE_UNAVAILABLE for hit in mine)
        outcome.told[kind] = told
        bad = [hit for hit in mine if not _is_promised(hit)]
        slowest = max(hit.seconds for hit in mine)
        outcome.rows.append(
            (kind, f"{len(mine)} Anfragen, {told} mal 503, {len(bad)} Fehler, langsamste {_seconds(slowest)}")
        )
        if bad:
            outcome.breaches.append(f"{kind}: {len(bad)} Fehler: {_summary(bad, began)}")
    late = [hit.ended - ended for hit in hits if not hit.good and hit.began > ended and hit.status != 409]
    recovery = max(late, default=0.0)
    outcome.rows.append(("wieder da nach", _seconds(recovery)))
    if recovery > RECOVERY or not any(hit.good and hit.began > ended for hit in hits):
        outcome.breaches.append(f"wieder da erst nach {_seconds(recovery)}")


def _is_promised(hit: Hit) -> bool:
    if hit.seconds > PROMPT:
        return False
    if hit.kind == SEEN:
        return hit.good
    told = hit.status == HTTPStatus.SERVICE_UNAVAILABLE and hit.says_when
    return hit.good or hit.status == HTTPStatus.CONFLICT or told


def _judge_saves(outcome: Outcome, load: Load, written: dict[str, Any]) -> None:
    acknowledged = load.written.acknowledged
    lost = [headline for headline in acknowledged if not written["versions"].get(headline)]
    doubled = [
        headline
        for headline, times in [*written["versions"].items(), *written["articles"].items()]
        if times > 1 and headline.startswith(("Stand ", "Neu "))
    ]
    outcome.rows.append(("bestätigt gespeichert", str(len(acknowledged))))
    outcome.rows.append(("davon verloren", str(len(lost))))
    outcome.rows.append(("doppelt", str(len(doubled))))
    outcome.rows.append(("als Konflikt gemeldet", str(len(load.written.conflicts))))
    if lost:
        outcome.breaches.append(f"verloren: {', '.join(lost[:5])}")
    if doubled:
        outcome.breaches.append(f"doppelt: {', '.join(doubled[:5])}")
    if load.written.conflicts:
        outcome.breaches.append(f"eigenes Speichern als Konflikt: {', '.join(load.written.conflicts[:5])}")
    if written["gaps"]:
        outcome.breaches.append(f"Versionen mit Lücken: {written['gaps']}")


def _summary(bad: list[Hit], began: float) -> str:
    """Return the first few, with status, time, and when after the beginning of the fault."""
    return "; ".join(
        f"{hit.path} {hit.status or 'keine Antwort'} in {_seconds(hit.seconds)} ({hit.began - began:+.1f} s)"
        for hit in bad[:4]
    )


def _seconds(number: float) -> str:
    return f"{number:.1f} s".replace(".", ",")
