"""Fetches rates in the background and keeps only what is believable. Never runs in a request."""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from decimal import Decimal

import httpx2
from django.db import transaction
from django.utils import timezone

from markets.models import Quote, Symbol
from markets.sources import SOURCES, BadAnswer, Offer, Source, ask, client

logger = logging.getLogger(__name__)

# A source that hangs behind is no better than the rate that we have.
OLDEST_OFFER = dt.timedelta(minutes=30)
CLOCK_SKEW = dt.timedelta(minutes=2)
# No rate of these three ever left this range; beyond it somebody mixed up units.
LOWEST, HIGHEST = Decimal("0.5"), Decimal("5000000")
# A jump beyond this factor since the last rate is believed only when a second source says it too.
JUMP = Decimal("1.25")
AGREEMENT = Decimal("1.05")
MAX_CHANGE = Decimal(95)


def refresh(
    sources: Sequence[Source] = SOURCES, transport: httpx2.BaseTransport | None = None
) -> list[Quote]:
    """Ask the sources in turn until every symbol has a believable rate; return what was stored.

    A source that fails costs its time-out and nothing else: the next one is asked.
    """
    now = timezone.now()
    known = Quote.objects.in_bulk()
    doubtful: dict[Symbol, Offer] = {}
    stored: dict[Symbol, Quote] = {}
    with client(transport) as http:
        for source in sources:
            if len(stored) == len(Symbol):
                break
            for offer in _offers(source, http, now):
                if offer.symbol in stored or not _is_sane(offer, now):
                    continue
                if _is_believable(offer, known.get(offer.symbol), doubtful.get(offer.symbol), now):
                    stored[offer.symbol] = _quote(offer, source)
                else:
                    doubtful[offer.symbol] = offer
    for symbol in set(doubtful) - set(stored):
        logger.warning("quote not believed", extra={"symbol": symbol, "rate": str(doubtful[symbol].rate)})
    _store(stored.values())
    return list(stored.values())


def _offers(source: Source, http: httpx2.Client, now: dt.datetime) -> list[Offer]:
    try:
        return ask(source, http, now)
    except BadAnswer as error:
        logger.warning("quote source failed", extra={"source": source.name, "reason": str(error)})
        return []


def _is_sane(offer: Offer, now: dt.datetime) -> bool:
    """Say whether this can be a rate at all: finite, in range, of today."""
    return (
        offer.rate.is_finite()
        and LOWEST < offer.rate < HIGHEST
        and (offer.change is None or (offer.change.is_finite() and abs(offer.change) < MAX_CHANGE))
        and now - OLDEST_OFFER <= offer.as_of <= now + CLOCK_SKEW
    )


def _is_believable(offer: Offer, known: Quote | None, other: Offer | None, now: dt.datetime) -> bool:
    if known is not None and offer.as_of < known.as_of:
        return False
    if known is None or _ratio(offer.rate, known.rate) <= JUMP:
        return True
    return other is not None and _ratio(offer.rate, other.rate) <= AGREEMENT


def _ratio(one: Decimal, other: Decimal) -> Decimal:
    return max(one, other) / min(one, other)


def _quote(offer: Offer, source: Source) -> Quote:
    return Quote(
        symbol=offer.symbol,
        rate=offer.rate.quantize(Decimal("0.01")),
        change=None if offer.change is None else offer.change.quantize(Decimal("0.01")),
        as_of=offer.as_of,
        source=source.name,
    )


@transaction.atomic
def _store(quotes: Iterable[Quote]) -> None:
    """Store all at once: they stand on every page, and change each page only once."""
    for quote in quotes:
        quote.save()
