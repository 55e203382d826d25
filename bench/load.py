"""Loads an address with wrk, and says how one compares with another."""

# ruff: noqa: S603  fixed commands without a shell

import re
import statistics
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

_IN_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Load(NamedTuple):
    """What wrk got: answers in all and a second, and in how many milliseconds 99 of 100 came.

    ``processor`` is what one of them cost the application, in seconds; 0 where it was not asked.
    """

    answers: int
    per_second: float
    p99: float
    processor: float = 0.0


def load(url: str, connections: int, seconds: int, headers: dict[str, str]) -> Load:
    """Ask for an address with so many connections at once. Ends the program on any other answer."""
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *options, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    answers = re.search(r"(\d+) requests in", said)
    if (
        rate is None
        or p99 is None
        or answers is None
        or not int(answers[1])
        or "Non-2xx" in said
        or "Socket errors" in said
    ):
        raise SystemExit(said)
    return Load(int(answers[1]), float(rate[1]), float(p99[1]) * _IN_MILLISECONDS[p99[2]])


def german(number: float, places: int = 2) -> str:
    """Return „12.345,6“."""
    return f"{number:,.{places}f}".translate(str.maketrans(",.", ".,"))


def spread(numbers: Sequence[float], places: int = 2) -> str:
    """Return the median, and the quartiles behind it."""
    if len(numbers) < 2:
        return german(numbers[0], places)
    low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return f"{german(middle, places)} ({german(low, places)}–{german(high, places)})"


def ratios(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    """Return how one compares with another, round by round: a disturbance meets both."""
    return [one / other for one, other in zip(ones, others, strict=True)]
