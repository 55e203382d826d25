"""What reader views, archives and search engines take from an article page.

Three extractors read the rendered page as they read any other. Each must find exactly the
headline, the writers, the date and the text: nothing of the masthead, the ticker, the menu, the
teasers or the footer. Where one leaves something out by a rule of its own, the test says which.
"""

import datetime as dt
import re
import socket
import warnings
from dataclasses import dataclass

import pytest
import trafilatura
from lxml import html
from readability import Document

from markets.models import Quote
from tests import stories
from tests.stories import DAY, HOUR, NOON

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it misses a package for languages that we do not write
    import newspaper

pytestmark = pytest.mark.django_db

ADDRESS = "https://renewz.example/wirtschaft/kursziel-1/"

FIRST = "Die Aktie legte am Montag um drei Prozent zu. Das hatte kaum jemand erwartet."
SECOND = "Fachleute nennen drei Gründe, und keiner davon ist neu. Sie wirken aber zum ersten Mal zugleich:"
ITEMS = ["Die Zinsen sinken langsamer als gedacht.", "Die Kosten fallen seit dem Frühjahr."]
CELLS = [["Jahr", "Gewinn"], ["2024", "5,7 Milliarden Euro"], ["2025", "6,1 Milliarden Euro"]]
QUOTE, SPEAKER = "„Wir haben unsere Arbeit gemacht.“", "Ilse Kranich, Vorstand"
CAPTION, CREDIT = "Die Zentrale in Frankfurt.", "Emil Thannhäuser/RENEWZ"
OUTLOOK = "Im Februar legt das Institut die Bilanz vor. Bis dahin bleibt das Kursziel, wie es ist."
FACTS = ["Was ist ein Kursziel?", "Es sagt, welchen Preis eine Bank binnen eines Jahres erwartet."]
LAST = "Am Dienstag eröffnete das Papier unverändert."
NOTE = ["Korrektur vom 4. Mai 2026, 11:00 Uhr:", "In einer früheren Fassung waren es vier Prozent."]

# Who does not see the page reads words in brackets where the others see a raised number.
REPORT, TABLE = (
    "Institut Kranich: Geschäftsbericht 2025, Seite 12",
    "Statistikamt Mainfranken: Kurse, 4. Mai 2026",
)
SOURCES = [REPORT, TABLE]
STATED = FIRST.replace("Prozent", "Prozent (Quelle 1)") + " (Quelle 2)"
OUTLOOK_STATED = OUTLOOK.replace("Bilanz", "Bilanz (Quelle 1)")
_report = f'<sup data-source="{REPORT}"></sup>'
_table = f'<sup data-source="{TABLE}" data-address="https://statistik.example/kurse"></sup>'

BODY = (
    f"<p>{FIRST.replace('Prozent', 'Prozent' + _report)}{_table}</p>"
    f"<h2>Drei Gründe für den Anstieg</h2><p>{SECOND}</p>"
    f"<ul>{''.join(f'<li>{item}</li>' for item in ITEMS)}</ul>"
    '<aside data-related="{related}"></aside>'
    "<table><thead><tr><th>Jahr</th><th>Gewinn</th></tr></thead><tbody>"
    + "".join(f"<tr><td>{year}</td><td>{gain}</td></tr>" for year, gain in CELLS[1:])
    + f"</tbody></table><blockquote><p>{QUOTE}</p><footer>{SPEAKER}</footer></blockquote>"
    f'<figure data-image="{{picture}}" data-caption="{CAPTION}"></figure>'
    f"<h2>Wie es weitergeht</h2><p>{OUTLOOK.replace('Bilanz', 'Bilanz' + _report)}</p>"
    f'<aside data-facts=""><h3>{FACTS[0]}</h3><p>{FACTS[1]}</p></aside><p>{LAST}</p>'
)


@dataclass(frozen=True)
class Taken:
    """What an extractor took."""

    headline: str
    authors: list[str]
    day: dt.date | None
    lines: list[str]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever asks the network for anything fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("Ein Extraktor fragt das Netz.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def rich(client, time_machine) -> str:
    """An article with one of everything, between a full masthead and a full footer."""
    time_machine.move_to(NOON, tick=False)
    stories.section("Politik")
    for symbol in ("BTC", "ETH", "LTC"):
        Quote.objects.create(symbol=symbol, rate=4321, change=1, as_of=NOON, source="Beispielkurse")
    for number in range(4):
        stories.published(at=NOON - HOUR, headline=f"Nebensache {number} aus dem Ressort", kicker="Nebenher")
    other = stories.published(at=NOON - HOUR, headline="Was der Zins mit der Miete macht", kicker="Wohnen")
    body = BODY.format(related=other.pk, picture=stories.image(credit=CREDIT).pk)
    article = stories.published(
        at=NOON - DAY,
        kicker="Börse",
        tags=["Banken", "Zinsen"],
        lead_image=stories.image(),
        lead_caption="Der Saal am Morgen.",
        bylines=[
            (stories.author("Monika Schmidt", role_title="Redakteurin"), "text"),
            (stories.author("Jörg Kieß"), "text"),
            (stories.author("Dana Licht"), "photo"),
        ],
    )
    article = stories.revised(article, at=NOON - HOUR, kind="correction", reader_note=NOTE[1], body=body)
    markup = client.get(f"/artikel/{article.pk}/", follow=True).content.decode()
    for words in ("BTC", "Nebensache 1", "Was der Zins", "Politik", "Weitergeben", *NOTE, *FACTS, SPEAKER):
        assert words in _flat(markup), f"Die Seite zeigt nicht alles: {words}"
    return markup


def _flat(text: str) -> str:
    """Return a text with plain single spaces: layout and no-break spaces are no part of it."""
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [_flat(line) for line in text.splitlines() if line.strip()]


def by_trafilatura(markup: str) -> Taken:
    found = trafilatura.bare_extraction(markup, url=ADDRESS, with_metadata=True, include_comments=False)
    names = found.author.split("; ")
    return Taken(found.title, names, dt.date.fromisoformat(found.date), _lines(found.text))


def by_readability(markup: str) -> Taken:
    document = Document(markup, url=ADDRESS)
    # A line for each smallest block; what stands between tags is layout.
    blocks = html.fromstring(document.summary(html_partial=True)).xpath(
        "//*[self::p or self::h2 or self::h3 or self::li or self::td or self::th] | //span[not(ancestor::p)]"
    )
    lines = [_flat(block.text_content()) for block in blocks]
    return Taken(document.short_title(), [document.author()], None, [line for line in lines if line])


def by_newspaper(markup: str) -> Taken:
    article = newspaper.Article(ADDRESS, language="de", fetch_images=False)
    article.download(input_html=markup)
    article.parse()
    return Taken(article.title, article.authors, article.publish_date.date(), _lines(article.text))


LEAD_TO_LIST = [stories.LEAD, STATED, "Drei Gründe für den Anstieg", SECOND]
YESTERDAY = (NOON - DAY).date()


def test_trafilatura_takes_exactly_the_article(rich):
    """It leaves out asides and captions by its own list of tags: the box of facts stands beside the text."""
    taken = by_trafilatura(rich)

    assert taken.headline == stories.HEADLINE
    assert taken.authors == ["Monika Schmidt", "Jörg Kieß"]
    assert taken.day == YESTERDAY
    assert taken.lines == [
        *LEAD_TO_LIST,
        *(f"- {item}" for item in ITEMS),
        "| Jahr | Gewinn |", "|---|---|", *(f"| {year} | {gain} |" for year, gain in CELLS[1:]),
        QUOTE, SPEAKER,
        "Wie es weitergeht", OUTLOOK_STATED, LAST,
        "Quellen", *(f"- {source}" for source in SOURCES), *NOTE,
    ]  # fmt: skip


def test_readability_takes_exactly_the_article(rich):
    """It keeps boxes and captions, knows no date, and of several writers gives the first.

    A list of which much is linked, as the sources are, is navigation to it, heading and all.
    """
    taken = by_readability(rich)

    assert taken.headline == stories.HEADLINE
    assert taken.authors == ["Monika Schmidt"]
    assert taken.lines == [
        *LEAD_TO_LIST, *ITEMS, *(cell for row in CELLS for cell in row),
        QUOTE, SPEAKER, CAPTION, CREDIT,
        "Wie es weitergeht", OUTLOOK_STATED, *FACTS, LAST, *NOTE,
    ]  # fmt: skip


def test_newspaper_takes_exactly_the_article(rich):
    """It leaves out asides, captions and tables: none of the three is on its list of text."""
    taken = by_newspaper(rich)

    assert taken.headline == stories.HEADLINE
    assert taken.authors == ["Monika Schmidt", "Jörg Kieß"]
    assert taken.day == YESTERDAY
    assert taken.lines == [
        *LEAD_TO_LIST, *ITEMS, QUOTE, SPEAKER, "Wie es weitergeht", OUTLOOK_STATED, LAST,
        "Quellen", *SOURCES, *NOTE,
    ]  # fmt: skip


@pytest.mark.parametrize("extract", [by_trafilatura, by_readability, by_newspaper])
def test_a_short_report_without_a_picture_is_taken_too(client, extract):
    article = stories.published(at=NOON, body=f"<p>{FIRST}</p><p>{OUTLOOK}</p><p>{LAST}</p>")
    taken = extract(client.get(f"/artikel/{article.pk}/", follow=True).content.decode())

    assert taken.headline == stories.HEADLINE
    assert taken.authors == ["Anna Weber"]
    assert taken.lines == [stories.LEAD, FIRST, OUTLOOK, LAST]


@pytest.mark.parametrize("extract", [by_trafilatura, by_readability, by_newspaper])
def test_a_mark_of_ai_goes_along_with_the_text(client, extract):
    article = stories.published(at=NOON, ai_use="assisted", body=f"<p>{FIRST}</p><p>{OUTLOOK}</p>")
    taken = extract(client.get(f"/artikel/{article.pk}/", follow=True).content.decode())

    assert taken.lines[:3] == [stories.LEAD, FIRST, OUTLOOK]
    assert taken.lines[3] == "Mit KI-Hilfe:"
    assert "künstliche Intelligenz" in taken.lines[4]
    assert len(taken.lines) == 5


# --- What all of that rests on -----------------------------------------------------------------


def test_the_skeleton_is_the_one_that_extractors_understand(rich):
    tree = html.fromstring(rich)
    [article] = tree.xpath("//main//article")
    [body] = article.xpath("./div[contains(@class, 'article-body')]")

    assert article.xpath("count(.//h1)") == 1
    assert body[0].tag == "p"
    assert (body[0].get("class"), body[0].text_content()) == ("lead", stories.LEAD)
    for words in ("Lesen Sie auch", "Weitergeben"):
        assert tree.xpath(
            f"//main//*[normalize-space(text()) = '{words}']/ancestor::*[self::aside or self::nav]"
        )
    assert tree.xpath("//main//a[@rel='author']/text()") == ["Monika Schmidt", "Jörg Kieß"]
    assert tree.xpath("//meta[@name='author']/@content") == ["Monika Schmidt", "Jörg Kieß"]


def test_no_text_holds_a_soft_hyphen(rich):
    assert "\u00ad" not in rich
    assert not re.search("&shy;|&#173;|&#xad;", rich, re.IGNORECASE)
