"""What the ticker shows at a moment. Reads one small table; asks nobody outside."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from markets.models import Quote, Symbol
from renewz.lib.text import NBSP

# Marked as old after this, gone after that: better no rate than yesterday's.
STALE_AFTER = dt.timedelta(minutes=20)
VANISHES_AFTER = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Entry:
    """One rate in words: direction by sign and arrow, never by colour alone."""

    symbol: str
    name: str
    rate: str
    change: str
    direction: str  # up, down, even, unknown
    as_of: dt.datetime
    source: str
    stale: bool


def entries(at: dt.datetime) -> list[Entry]:
    """Return the rates that may still be shown at ``at``, in their fixed order."""
    quotes = Quote.objects.in_bulk()
    shown = [quotes[symbol] for symbol in Symbol if symbol in quotes]
    return [_entry(quote, at) for quote in shown if at - quote.as_of < VANISHES_AFTER]


def next_event(at: dt.datetime) -> dt.datetime | None:
    """Return the first moment after ``at`` at which a rate will be marked as old or vanish."""
    moments = [
        as_of + age
        for as_of in Quote.objects.values_list("as_of", flat=True)
        for age in (STALE_AFTER, VANISHES_AFTER)
    ]
    return min((moment for moment in moments if moment > at), default=None)


def _entry(quote: Quote, at: dt.datetime) -> Entry:
    return Entry(
        symbol=quote.symbol,
        name=Symbol(quote.symbol).label,
        rate=f"{_german(quote.rate, 0 if quote.rate >= 1000 else 2)}{NBSP}€",
        change="" if quote.change is None else f"{_signed(quote.change)}{NBSP}%",
        direction=_direction(quote.change),
        as_of=quote.as_of,
        source=quote.source,
        stale=at - quote.as_of >= STALE_AFTER,
    )


def _direction(change: Decimal | None) -> str:
    if change is None:
        return "unknown"
    rounded = change.quantize(Decimal("0.1"))
    return "up" if rounded > 0 else "down" if rounded < 0 else "even"


def _german(number: Decimal, places: int) -> str:
    return f"{number:,.{places}f}".translate(str.maketrans(",.", ".,"))


def _signed(number: Decimal) -> str:
    rounded = number.quantize(Decimal("0.1"))
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{_german(abs(rounded), 1)}"
