"""Each source read from an answer of its own shape; every kind of fault is a BadAnswer."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from markets.models import Symbol
from markets.sources import MAX_BYTES, SOURCES, BadAnswer, Source, ask, client

NOW = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)
COINGECKO, KRAKEN, BITSTAMP = SOURCES[0], SOURCES[1], SOURCES[2]
STAMP = int(NOW.timestamp())


def answering(answer: Any, status: int = 200) -> httpx2.MockTransport:
    data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return httpx2.MockTransport(lambda request: httpx2.Response(status, content=data))


def asked(
    source: Source, transport: httpx2.BaseTransport
) -> list[tuple[Symbol, Decimal, Decimal | None, dt.datetime]]:
    with client(transport) as http:
        return [(o.symbol, o.rate, o.change, o.as_of) for o in ask(source, http, NOW)]


def gecko(**changes: Any) -> dict[str, Any]:
    row = {"eur": 88123.45, "eur_24h_change": -2.345, "last_updated_at": STAMP}
    return {"bitcoin": row | changes, "ethereum": row | {"eur": 2901.5}, "litecoin": row | {"eur": 81.02}}


def test_coingecko() -> None:
    change = Decimal("-2.345")
    assert asked(COINGECKO, answering(gecko())) == [
        (Symbol.BTC, Decimal("88123.45"), change, NOW),
        (Symbol.ETH, Decimal("2901.5"), change, NOW),
        (Symbol.LTC, Decimal("81.02"), change, NOW),
    ]


def test_kraken() -> None:
    rows = {name: {"c": [last, "1"], "o": "100"} for name, last in
            {"XXBTZEUR": "110", "XETHZEUR": "95", "XLTCZEUR": "100"}.items()}  # fmt: skip
    assert asked(KRAKEN, answering({"error": [], "result": rows})) == [
        (Symbol.BTC, Decimal(110), Decimal(10), NOW),
        (Symbol.ETH, Decimal(95), Decimal(-5), NOW),
        (Symbol.LTC, Decimal(100), Decimal(0), NOW),
    ]


def test_bitstamp() -> None:
    answer = {"last": "88000.10", "percent_change_24": "1.25", "timestamp": str(STAMP)}
    assert asked(BITSTAMP, answering(answer)) == [(Symbol.BTC, Decimal("88000.10"), Decimal("1.25"), NOW)]


def _raise(error: Exception) -> Callable[[httpx2.Request], httpx2.Response]:
    def handle(request: httpx2.Request) -> httpx2.Response:
        raise error

    return handle


@pytest.mark.parametrize(
    "transport",
    [
        pytest.param(answering(b"<html>"), id="no JSON"),
        pytest.param(answering({}), id="nothing in it"),
        pytest.param(answering([]), id="a list"),
        pytest.param(answering(gecko(eur=None)), id="null"),
        pytest.param(answering(gecko(eur="teuer")), id="words"),
        pytest.param(answering(gecko(eur=True)), id="a truth"),
        pytest.param(answering(gecko(last_updated_at=10**30)), id="a time that is none"),
        pytest.param(answering(gecko(), status=500), id="fault"),
        pytest.param(answering(gecko(), status=302), id="sent elsewhere"),
        pytest.param(answering(b" " * (MAX_BYTES + 1)), id="too large"),
        pytest.param(httpx2.MockTransport(_raise(httpx2.ReadTimeout("spät"))), id="time-out"),
        pytest.param(httpx2.MockTransport(_raise(httpx2.ConnectError("weg"))), id="not there"),
    ],
)
def test_whatever_goes_wrong_is_a_bad_answer(transport: httpx2.BaseTransport) -> None:
    with pytest.raises(BadAnswer):
        asked(COINGECKO, transport)


def test_an_answer_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("markets.sources.TIMEOUT_SECONDS", -1.0)
    with client(answering(gecko())) as http, pytest.raises(BadAnswer, match="zu langsam"):
        ask(COINGECKO, http, NOW)


def test_nobody_is_followed_elsewhere_and_every_address_is_https() -> None:
    with client() as http:
        assert http.follow_redirects is False
    assert {source.url.split("/")[2] for source in SOURCES} == {
        "api.coingecko.com", "api.kraken.com", "www.bitstamp.net",
    }  # fmt: skip
    assert all(source.url.startswith("https://") for source in SOURCES)
