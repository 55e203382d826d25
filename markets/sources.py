"""Public sources of rates, without a key, behind one protocol. All of them are strangers.

Each adapter knows one address and one shape of answer. Whatever is not as expected raises
BadAnswer; nothing here decides whether a number is believable (``markets/refresh.py``).
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx2

from markets.models import Symbol

TIMEOUT_SECONDS = 3.0  # for the whole answer of one source
MAX_BYTES = 64 * 1024


class BadAnswer(Exception):
    """A source did not answer, not in time, or with something else than rates."""


@dataclass(frozen=True)
class Offer:
    """What a source says of one symbol."""

    symbol: Symbol
    rate: Decimal  # Euro
    change: Decimal | None  # percent in 24 hours
    as_of: dt.datetime


@dataclass(frozen=True)
class Source:
    """A name, an address and how to read its answer."""

    name: str
    url: str
    read: Callable[[Any, dt.datetime], list[Offer]]


def ask(source: Source, client: httpx2.Client, now: dt.datetime) -> list[Offer]:
    """Return what the source offers. Raises BadAnswer, whatever goes wrong."""
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=TIMEOUT_SECONDS)
    try:
        with client.stream("GET", source.url) as answer:
            if answer.status_code != 200:
                raise BadAnswer(f"{source.name}: Status {answer.status_code}")
            data = b""
            for chunk in answer.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise BadAnswer(f"{source.name}: Antwort größer als {MAX_BYTES} Bytes")
                if dt.datetime.now(dt.UTC) > deadline:
                    raise BadAnswer(f"{source.name}: zu langsam")
        return source.read(json.loads(data, parse_float=Decimal, parse_int=Decimal), now)
    except httpx2.HTTPError as error:
        raise BadAnswer(f"{source.name}: {type(error).__name__}") from error
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        InvalidOperation,
        OverflowError,
    ) as error:
        raise BadAnswer(f"{source.name}: unverständliche Antwort ({type(error).__name__})") from error


def client(transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """Return a client that follows nobody elsewhere and waits for nobody long."""
    return httpx2.Client(
        timeout=TIMEOUT_SECONDS,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "RENEWZ/1.0", "Accept": "application/json"},
        transport=transport,
    )


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError(type(value).__name__)
    return Decimal(value)


def _coingecko(answer: Any, now: dt.datetime) -> list[Offer]:
    names = {Symbol.BTC: "bitcoin", Symbol.ETH: "ethereum", Symbol.LTC: "litecoin"}
    return [
        Offer(
            symbol,
            _decimal(answer[name]["eur"]),
            _decimal(answer[name]["eur_24h_change"]),
            dt.datetime.fromtimestamp(int(answer[name]["last_updated_at"]), dt.UTC),
        )
        for symbol, name in names.items()
    ]


def _kraken(answer: Any, now: dt.datetime) -> list[Offer]:
    # Kraken answers with names of its own and says no time: it is the price of the moment.
    pairs = {Symbol.BTC: "XXBTZEUR", Symbol.ETH: "XETHZEUR", Symbol.LTC: "XLTCZEUR"}
    if answer["error"]:
        raise ValueError("error")
    offers = []
    for symbol, pair in pairs.items():
        last, opened = _decimal(answer["result"][pair]["c"][0]), _decimal(answer["result"][pair]["o"])
        offers.append(Offer(symbol, last, (last / opened - 1) * 100 if opened else None, now))
    return offers


def _bitstamp(symbol: Symbol) -> Callable[[Any, dt.datetime], list[Offer]]:
    def read(answer: Any, now: dt.datetime) -> list[Offer]:
        moment = dt.datetime.fromtimestamp(int(answer["timestamp"]), dt.UTC)
        return [Offer(symbol, _decimal(answer["last"]), _decimal(answer["percent_change_24"]), moment)]

    return read


SOURCES: tuple[Source, ...] = (
    Source(
        "CoinGecko",
        "https://api.coingecko.com/api/v3/simple/price?ids=bitcoin,ethereum,litecoin"
        "&vs_currencies=eur&include_24hr_change=true&include_last_updated_at=true",
        _coingecko,
    ),
    Source("Kraken", "https://api.kraken.com/0/public/Ticker?pair=XBTEUR,ETHEUR,LTCEUR", _kraken),
    *(
        Source("Bitstamp", f"https://www.bitstamp.net/api/v2/ticker/{symbol.lower()}eur/", _bitstamp(symbol))
        for symbol in Symbol
    ),
)
