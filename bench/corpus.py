"""A corpus of our own, for who has none: made-up articles, and a database that holds them."""

# ruff: noqa: S311, S603, T201  chance guards nothing here; fixed commands; what is printed is for a person

import datetime as dt
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import servers
from tests.deploy.running import ROOT

ARTICLES = 1_000
# The newest; bench/worker.py looks at the sitemap of the week before.
_NEWEST = dt.datetime(2026, 9, 30, 18, tzinfo=dt.UTC)
_APART = dt.timedelta(minutes=97)
_SECTIONS = ("Politik", "Wirtschaft", "Kultur", "Sport", "Wissen")
_TOPICS = ("Haushalt", "Verkehr", "Schule", "Energie", "Gesundheit", "Wohnen", "Klima", "Handel", "Justiz")
_AUTHORS = ("Jana Brandt", "Emil Sander", "Mira Holt", "Tom Reinke", "Lea Winter", "Ole Friedrich")
_WORDS = (
    *("Rat", "Land", "Stadt", "Plan", "Antrag", "Frist", "Kosten", "Mehrheit", "Bericht", "Ausschuss"),
    *("neue", "alte", "hohe", "geplante", "offene", "knappe", "sagt", "nennt", "fordert", "erwartet"),
    *("und", "oder", "mit", "ohne", "gegen", "nach", "vor", "bei", "im", "für", "über", "die", "das"),
)


def rows(number: int) -> Iterator[dict[str, Any]]:
    """Yield articles as ``importers/corpus.py`` reads them, the same in every run."""
    chance = random.Random(5)

    def sentence(words: int) -> str:
        return f"{' '.join(chance.choices(_WORDS, k=words)).capitalize()}."

    for place in range(1, number + 1):
        section = _SECTIONS[place % 3 and place % len(_SECTIONS)]
        # A word that one headline in fifteen has: what bench/worker.py searches for.
        verb = "prüft" if place % 15 == 0 else "berät"
        paragraphs = [" ".join(sentence(14) for _ in range(4)) for _ in range(7)]
        yield {
            "id": place,
            "slug": f"bericht-{place}",
            "headline": f"{section} {verb} {' '.join(chance.choices(_WORDS, k=4))} {place}",
            "lead": " ".join(sentence(12) for _ in range(2)),
            "body": [
                *({"type": "p", "text": text} for text in paragraphs[:3]),
                {"type": "h2", "text": "Wie es weitergeht"},
                *({"type": "p", "text": text} for text in paragraphs[3:]),
                {"type": "ul", "items": [sentence(6) for _ in range(3)]},
            ],
            "author": _named(chance.choice(_AUTHORS)),
            "category": _named(section),
            "tags": [_named(topic) for topic in chance.sample(_TOPICS, 3)],
            "published": (_NEWEST - place * _APART).isoformat(),
        }


def _named(name: str) -> dict[str, str]:
    return {"name": name, "slug": name.lower().replace(" ", "-")}


def own_database(folder: Path, articles: int = ARTICLES) -> str:
    """Make a database with these articles and return its address. Takes half a minute."""
    print(f"Lade {articles} eigene Artikel …", file=sys.stderr, flush=True)
    lines = folder / "corpus.jsonl"
    lines.write_text("".join(f"{json.dumps(row)}\n" for row in rows(articles)), encoding="utf-8")
    url = f"sqlite:///{folder}/renewz.sqlite3"
    for words in (["migrate", "--verbosity", "0"], ["load_corpus", str(lines)]):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=servers.environment(url), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
    return url
