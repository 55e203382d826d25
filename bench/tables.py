"""The tables of ``bench/delivery.py``, as docs/leistung.md shows them, and what they should say."""

# ruff: noqa: T201  what is printed is what it is for

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from bench.load import Load, german, ratios, spread

MIDDLE, OTHERS = 16, (1, 64)  # connections
LEAST_OF_FILE, LEAST_OF_BARE, MOST_P99, MOST_MEMORY = 0.7, 1.5, 5.0, 150.0
CODINGS = ("", "gzip", "br")
OF_APPLICATION = ("Anwendung", "Anwendung 304", "blank", "leer")
NAMES = {"": "ungepackt", "gzip": "gzip", "br": "brotli"}


class Contender(NamedTuple):
    """What is asked: by whom it is answered, packed how, by how many connections."""

    who: str
    coding: str
    connections: int


Found = dict[Contender, list[Load]]


class Row(NamedTuple):
    """What came out for one kind of page."""

    kind: str
    found: Found

    def rates(self, who: str, coding: str = "gzip", connections: int = MIDDLE) -> list[float]:
        """Return the answers a second, round by round."""
        return [one.per_second for one in self.found[Contender(who, coding, connections)]]

    def microseconds(self, who: str) -> list[float]:
        """Return what an answer cost the application, round by round."""
        return [one.processor * 1e6 for one in self.found[Contender(who, "gzip", MIDDLE)]]

    def ratio(self, who: str, other: str, coding: str = "gzip", connections: int = MIDDLE) -> list[float]:
        """Return how two compare, round by round."""
        return ratios(self.rates(who, coding, connections), self.rates(other, coding, connections))

    def p99(self, who: str, coding: str, connections: int = MIDDLE) -> float:
        """Return the median of what 99 of 100 answers took at most."""
        return statistics.median(one.p99 for one in self.found[Contender(who, coding, connections)])


class Report:
    """Prints tables and remembers what was missed."""

    def __init__(self) -> None:
        self.missed = 0

    def least(self, numbers: Sequence[float], least: float) -> str:
        """Return a ratio that should not be smaller."""
        return self._judged(spread(numbers), statistics.median(numbers) >= least)

    def most(self, number: float, most: float) -> str:
        """Return a figure that should not be larger."""
        return self._judged(german(number, 1), number <= most)

    def _judged(self, text: str, is_kept: bool) -> str:
        self.missed += not is_kept
        return text if is_kept else f"**{text}**"

    @staticmethod
    def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table as docs/leistung.md shows it."""
        print(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
        for row in rows:
            print(f"| {' | '.join(row)} |", flush=True)


def print_kept(report: Report, rows: list[Row], connections: Sequence[int]) -> None:
    """Print what kept pages reach."""
    report.table(
        f"nginx, behaltene Seite : dieselben Bytes als Datei, {MIDDLE} Verbindungen "
        f"(gefordert {german(LEAST_OF_FILE, 1)}; 99 von 100 in {german(MOST_P99, 0)} ms)",
        ["Seite", *(name for coding in CODINGS for name in (NAMES[coding], "p99, ms")), "304 : Datei, gzip"],
        [
            [
                row.kind,
                *(
                    text
                    for coding in CODINGS
                    for text in (
                        report.least(row.ratio("nginx", "Datei", coding), LEAST_OF_FILE),
                        report.most(row.p99("nginx", coding), MOST_P99),
                    )
                ),
                spread(row.ratio("nginx 304", "Datei")),
            ]
            for row in rows
        ],
    )
    report.table(
        f"Anwendung allein : blanke Ansicht, {MIDDLE} Verbindungen (gefordert {german(LEAST_OF_BARE, 1)})",
        ["Seite", "aus dem Speicher", "304", "leer : blank", "aus dem Speicher : leer"],
        [
            [
                row.kind,
                *(report.least(row.ratio(who, "blank"), LEAST_OF_BARE) for who in OF_APPLICATION[:2]),
                spread(row.ratio("leer", "blank")),
                spread(row.ratio("Anwendung", "leer")),
            ]
            for row in rows
        ],
    )
    report.table(
        f"Rechenzeit der Anwendung je Antwort, gzip, {MIDDLE} Verbindungen, Mikrosekunden",
        ["Seite", "aus dem Speicher", "304", "blank", "leer", "blank : Speicher", "blank : 304"],
        [
            [
                row.kind,
                *(spread(row.microseconds(who), 0) for who in OF_APPLICATION),
                *(
                    spread(ratios(row.microseconds("blank"), row.microseconds(who)))
                    for who in OF_APPLICATION[:2]
                ),
            ]
            for row in rows
        ],
    )
    pairs = (("nginx", "Datei"), ("Anwendung", "blank"), ("Anwendung 304", "blank"))
    if connections:
        report.table(
            "Dasselbe mit mehr und weniger Verbindungen, gzip",
            ["Seite", *(f"{one} : {other}, {number}" for one, other in pairs for number in connections)],
            [
                [
                    row.kind,
                    *(
                        spread(row.ratio(one, other, connections=number))
                        for one, other in pairs
                        for number in connections
                    ),
                ]
                for row in rows
            ],
        )
    report.table(
        f"Antworten je Sekunde, gzip, {MIDDLE} Verbindungen",
        ["Seite", "Datei", "nginx", "nginx 304", *OF_APPLICATION],
        [
            [
                row.kind,
                *(
                    german(statistics.median(row.rates(who)), 0)
                    for who in ("Datei", "nginx", "nginx 304", *OF_APPLICATION)
                ),
            ]
            for row in rows
        ],
    )
