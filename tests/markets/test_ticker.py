"""What is stored of the offers, and what the ticker shows of it: fresh, stale, gone."""

import datetime as dt
from decimal import Decimal
from typing import Any

import httpx2
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from markets import ticker
from markets.models import Quote, Symbol
from markets.refresh import refresh
from markets.sources import BadAnswer, Offer, Source
from markets.tasks import NoQuotes, fetch_quotes
from tests import stories

NOW = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)
RATES = {Symbol.BTC: "88123.45", Symbol.ETH: "2901.5", Symbol.LTC: "81.02"}


def source(name: str = "Eins", as_of: dt.datetime = NOW, change: str | None = "1.25", **rates: str) -> Source:
    """Return a source that says these rates, whatever it is sent."""
    said = {symbol: Decimal(rates.get(symbol, rate)) for symbol, rate in RATES.items()}
    offers = [Offer(s, rate, None if change is None else Decimal(change), as_of) for s, rate in said.items()]
    return Source(name, "https://example.org/", lambda answer, now: offers)


def broken(name: str = "Kaputt") -> Source:
    def read(answer: Any, now: dt.datetime) -> list[Offer]:
        raise KeyError("eur")

    return Source(name, "https://example.org/", read)


def refreshed(*sources: Source, at: dt.datetime = NOW) -> dict[str, tuple[str, str]]:
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, content=b"{}"))
    with time_machine.travel(at, tick=False):
        refresh(sources, transport)
    return {quote.symbol: (str(quote.rate), quote.source) for quote in Quote.objects.all()}


pytestmark = pytest.mark.django_db


def test_the_first_source_that_answers_is_enough() -> None:
    assert refreshed(source("Eins"), source("Zwei", BTC="1")) == {
        "BTC": ("88123.45", "Eins"), "ETH": ("2901.50", "Eins"), "LTC": ("81.02", "Eins"),
    }  # fmt: skip


def test_when_one_source_is_down_the_next_is_asked() -> None:
    assert {name for _, name in refreshed(broken(), source("Zwei")).values()} == {"Zwei"}


def test_when_all_are_down_the_last_rates_stay() -> None:
    before = refreshed(source())
    assert refreshed(broken(), broken(), at=NOW + dt.timedelta(minutes=5)) == before


@pytest.mark.parametrize("rate", ["0", "-5", "0.0001", "99999999", "NaN", "Infinity"])
def test_a_number_that_is_no_rate_is_not_stored(rate: str) -> None:
    assert "BTC" not in refreshed(source(BTC=rate))


@pytest.mark.parametrize("change", ["NaN", "99", "-400"])
def test_a_change_that_is_none_is_not_stored(change: str) -> None:
    assert refreshed(source(change=change)) == {}


@pytest.mark.parametrize("minutes", [-31, 3])
def test_an_offer_of_long_ago_or_of_the_future_is_not_stored(minutes: int) -> None:
    assert refreshed(source(as_of=NOW + dt.timedelta(minutes=minutes))) == {}


def test_a_thousandfold_jump_is_not_believed_from_one_source() -> None:
    refreshed(source())
    later = NOW + dt.timedelta(minutes=5)
    assert refreshed(source("Eins", later, BTC="88123450"), broken(), at=later)["BTC"] == ("88123.45", "Eins")
    assert refreshed(source("Eins", later, BTC="60000"), source("Zwei", later), at=later)["BTC"] == (
        "88123.45",
        "Zwei",
    )


def test_a_jump_is_believed_when_a_second_source_says_it_too() -> None:
    refreshed(source())
    later = NOW + dt.timedelta(minutes=5)
    found = refreshed(source("Eins", later, BTC="60000"), source("Zwei", later, BTC="60100"), at=later)
    assert found["BTC"] == ("60100.00", "Zwei")


def test_an_older_offer_never_replaces_a_newer_one() -> None:
    refreshed(source(as_of=NOW))
    assert refreshed(source("Alt", NOW - dt.timedelta(minutes=2), BTC="88000"))["BTC"] == ("88123.45", "Eins")


def test_fresh_rates_are_shown_in_german() -> None:
    refreshed(source(change="-2.345"))
    assert [(e.symbol, e.rate, e.change, e.direction, e.stale) for e in ticker.entries(NOW)] == [
        ("BTC", "88.123\u00a0€", "−2,3\u00a0%", "down", False),
        ("ETH", "2.902\u00a0€", "−2,3\u00a0%", "down", False),
        ("LTC", "81,02\u00a0€", "−2,3\u00a0%", "down", False),
    ]


@pytest.mark.parametrize(
    ("change", "shown", "direction"),
    [
        ("0.04", "±0,0\u00a0%", "even"),
        ("0.05", "±0,0\u00a0%", "even"),
        ("0.06", "+0,1\u00a0%", "up"),
        (None, "", "unknown"),
    ],
)
def test_the_direction_is_told_by_a_sign(change: str | None, shown: str, direction: str) -> None:
    refreshed(source(change=change))
    entry = ticker.entries(NOW)[0]
    assert (entry.change, entry.direction) == (shown, direction)


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (dt.timedelta(minutes=19, seconds=59), [False] * 3),
        (dt.timedelta(minutes=20), [True] * 3),
        (dt.timedelta(hours=11, minutes=59), [True] * 3),
        (dt.timedelta(hours=12), []),
    ],
)
def test_old_rates_are_marked_and_very_old_ones_vanish(age: dt.timedelta, shown: list[bool]) -> None:
    refreshed(source())
    assert [entry.stale for entry in ticker.entries(NOW + age)] == shown


def test_the_moments_at_which_marks_and_ends_come_are_known_before() -> None:
    assert ticker.next_event(NOW) is None
    refreshed(source())
    marked, gone = NOW + dt.timedelta(minutes=20), NOW + dt.timedelta(hours=12)
    assert [ticker.next_event(at) for at in (NOW, marked, gone)] == [marked, gone, None]


def test_a_page_shows_the_rates_with_time_and_source_and_asks_nobody(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise BadAnswer("a page must never ask the outside")

    stories.section()
    refreshed(source(as_of=timezone.now()), at=timezone.now())
    monkeypatch.setattr("httpx2.Client.send", refuse)
    page = client.get("/").content.decode()
    assert "88.123\u00a0€" in page
    assert "Eins, ohne Gewähr" in page


def test_without_rates_the_page_has_no_ticker(client: Client) -> None:
    stories.section()
    assert "ohne Gewähr" not in client.get("/").content.decode()


def test_a_hostile_source_name_is_text(client: Client) -> None:
    stories.section()
    refreshed(source("<script>alert(1)</script>", as_of=timezone.now()), at=timezone.now())
    page = client.get("/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;, ohne Gewähr" in page


def test_the_command_fetches_once_and_says_what_it_got(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(
        "markets.management.commands.fetch_quotes.refresh", lambda: [Quote(symbol="BTC", rate=Decimal("1.5"))]
    )
    call_command("fetch_quotes")
    assert capsys.readouterr().out == "BTC 1.5 Euro\n"


def test_the_task_fails_visibly_where_no_source_has_a_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("markets.tasks.refresh", list)
    with pytest.raises(NoQuotes, match="Keine Quelle hat einen brauchbaren Kurs geliefert"):
        fetch_quotes.call()


def test_fetched_twice_there_is_one_rate_and_no_older_one() -> None:
    once = refreshed(source(BTC="88123.45"))
    assert refreshed(source(BTC="88123.45")) == once
    assert refreshed(source(BTC="1", as_of=NOW - dt.timedelta(minutes=1))) == once
