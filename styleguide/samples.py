"""What the style page shows: an invented paper, built in memory, the same on every day.

Nothing here asks the database, and nothing is saved.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from articles import rendering
from articles.choices import BylineRole, Genre
from articles.models import Article, Edition, EditionByline, Section, Tag
from articles.page import byline_groups
from articles.paging import Page
from authors.models import Author
from frontpage.banner import Banner
from frontpage.composition import Front, SectionBlock
from images import renditions
from images.models import Image
from markets.ticker import Entry
from renewz.lib.text import NBSP
from search.excerpts import marked
from search.results import Hit

# A Monday, 12:00 in Berlin.
NOON = dt.datetime(2026, 11, 23, 11, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

SHORT = "Ein Zug nach Leipzig"
LONG = (
    "Warum die Wärmeplanung in kleinen Gemeinden schneller vorankommt als gedacht und "
    "was die Nachbarstädte daraus für den nächsten Winter lernen"
)
COMPOUNDS = "Nahverkehrsfinanzierungsübergangsregelung gefährdet Schienenersatzverkehrskonzept"
LEAD = (
    "Ein Vorspann sagt in zwei Sätzen, worum es geht. Wer nur ihn liest, weiß das Wichtigste "
    "und weiß auch, was er im Text noch erfährt."
)


@dataclass(frozen=True)
class Request:
    """As much of a request as templates ask for."""

    path: str = "/stil/"
    at: dt.datetime | None = None
    GET: dict[str, str] = field(default_factory=lambda: {"vor": "8"})


WIDTH, HEIGHT = 2400, 1350
PORTRAIT = "portrait"


def image(motif: str, **values: Any) -> Image:
    """Return a picture without files: ``styleguide/drawings.py`` draws it."""
    made = Image(
        checksum=f"stil-{motif}",
        width=WIDTH,
        height=WIDTH if motif == PORTRAIT else HEIGHT,
        title=motif,
        alt="Flächen und Linien in zwei Farben",
        caption="Eine Bildunterschrift sagt, was zu sehen ist, und nicht, was man denken soll.",
        credit="Emil Thannhäuser/RENEWZ",
        **values,
    )
    made.rendered = renditions.wanted(made)
    return made


SECTIONS = [
    Section(pk=number, name=name, slug=slug)
    for number, (name, slug) in enumerate(
        [
            ("Politik", "politik"), ("Wirtschaft", "wirtschaft"), ("Finanzen & Krypto", "finanzen-krypto"),
            ("Technologie", "technologie"), ("Wissen", "wissen"), ("Gesellschaft", "gesellschaft"),
            ("Kultur", "kultur"), ("Sport", "sport"),
        ],
        start=1,
    )
]  # fmt: skip

WRITER = Author(
    name="Monika Schmidt", slug="monika-schmidt", role_title="Redakteurin, Wissen", portrait=image(PORTRAIT)
)
SECOND = Author(name="Jörg Kieß", slug="joerg-kiess", role_title="Reporter")
THIRD = Author(name="Ömer Şahin", slug="oemer-sahin")
PHOTOGRAPHER = Author(name="Dana Licht", slug="dana-licht")
AGENCY = Author(name="dpa", slug="dpa", is_agency=True)


def edition(headline: str, *, writer: Author | None = WRITER, **values: Any) -> Edition:
    """Return an edition as lists and pages take it."""
    values = {
        "pk": 1, "article_id": 1, "number": 1, "slug": "muster", "section": SECTIONS[4],
        "kicker": "Dachzeile", "lead": LEAD, "first_live_from": NOON - 2 * HOUR, "live_from": NOON - 2 * HOUR,
        "lead_image": image("orbits"), **values,
    }  # fmt: skip
    made = Edition(headline=headline, **values)
    rows = [EditionByline(author=writer, role=BylineRole.TEXT)] if writer else []
    made._prefetched_objects_cache = {"bylines": rows}  # type: ignore[attr-defined]  # what prefetching leaves
    return made


MOTIFS = ("hemicycle", "bars", "lattice", "circuit", "orbits", "crowd", "stage", "track")
HEADLINES = (
    "Der Landtag zählt zweimal",
    "Eine Werft baut wieder Holzmasten",
    "Was ein Sparbrief im Alter wert ist",
    "Die Karte, die nachts weiterzeichnet",
    "Im Moor steigt das Wasser auf Verabredung",
    "Sieben Familien teilen einen Bus",
    "Das kleine Haus spielt große Oper",
    "Ein Trainer, der nicht ruft",
)
STORIES = [
    edition(
        headline, article_id=number, section=SECTIONS[number - 1], lead_image=image(motif),
        kicker=("Bilanz", "Nachtzug", "", "Vor Ort")[number % 4],
        first_live_from=NOON - number * 3 * HOUR,
    )
    for number, (headline, motif) in enumerate(zip(HEADLINES, MOTIFS, strict=True), start=1)
]  # fmt: skip

GENRES = [
    edition("So sieht diese Textsorte im Teaser aus", genre=genre, lead_image=None, article_id=40)
    for genre in Genre
    if genre != Genre.NEWS
]

OPINIONS = [
    edition("Wer zählt, sollte auch warten können", genre=Genre.OPINION, kicker="Haushalt"),
    edition("Der Regen ist keine Ausrede", genre=Genre.OPINION, kicker="Bahn", writer=SECOND),
    edition(LONG, genre=Genre.OPINION, kicker="Wärme", writer=None),
]

BLOCKS = [
    *(
        SectionBlock(SECTIONS[layout], [STORIES[(layout * 2 + place) % 8] for place in range(4)], layout)
        for layout in range(4)
    ),
    *(
        SectionBlock(SECTIONS[4 + layout], [STORIES[(layout + place) % 8] for place in range(2)], layout)
        for layout in range(4)
    ),
]

PICTURES = {
    "plain": image("bars").shown(NOON),
    "ai": image("circuit", source_type="ai").shown(NOON),
    "composite": image("stage", source_type="composite_ai").shown(NOON),
}

BANNERS = [
    Banner(1, "Bundestag beschließt den Haushalt nach einer Nachtsitzung", NOON - HOUR, "/politik/muster-1/"),
    Banner(2, "Eine Eilmeldung darf hundertzwanzig Zeichen haben, und sie steht auch dann, "
           "wenn es noch keinen Artikel zu ihr gibt, allein", NOON - DAY, ""),
]  # fmt: skip

_RATES = [
    ("BTC", "Bitcoin", "81.235", "+1,8", "up"),
    ("ETH", "Ethereum", "2.645", "−0,7", "down"),
    ("LTC", "Litecoin", "78,42", "±0,0", "even"),
]


def _ticker(*, stale: bool) -> dict[str, Any]:
    """Return what ``{% ticker %}`` hands to its component."""
    rows = [
        Entry(symbol, name, f"{rate}{NBSP}€", f"{change}{NBSP}%", direction, NOON, "Beispielkurse", stale)
        for symbol, name, rate, change, direction in _RATES
    ]
    as_of = "07:40 Uhr" if stale else "11:58 Uhr"
    return {"entries": rows, "as_of": as_of, "stale": stale, "sources": "Beispielkurse"}


BODY = (
    "<p>Ein Absatz steht ruhig in seiner Spalte. Er darf <strong>Gewicht</strong> und <em>Betonung</em> "
    'haben, einen <a href="https://example.org/">Verweis</a> und am Ende einer Behauptung ihre '
    'Quelle.<sup data-source="Institut für Bodenwasserhaushalt: Grundwasserneubildung 2026, '
    'Tabelle 4, 20. November 2026" data-address="https://example.org/bericht"></sup></p>'
    "<h2>Ein Zwischentitel</h2>"
    "<p>Nach ihm geht es mit einem Gedanken weiter, der neu ist und doch zum vorigen gehört. Zahlen stehen "
    'im Text mit Ziffern, die sich einfügen: 1.250 Euro, 18 %, § 5.<sup data-source="Gespräch mit der Stadt, '
    '19. November 2026"></sup></p>'
    "<h3>Ein Untertitel</h3><p>Er ordnet, was unter dem Zwischentitel zu lang würde.</p>"
)
HEADINGS = (
    "<h2>Was geschah</h2><h2>Was die Forschung sagt</h2><h3>Nicht im Verzeichnis</h3>"
    "<h2>Grundwasserneubildungsratenberechnung</h2>"
)
LISTS = (
    "<ul><li>Ein Punkt, der kurz ist.</li><li>Ein Punkt, der so lang ist, dass er umbricht und zeigt, wo die "
    "zweite Zeile beginnt, nämlich unter dem ersten Wort.</li></ul>"
    "<ol><li>Erst das eine.</li><li>Dann das andere.</li></ol>"
)
QUOTES = (
    "<blockquote><p>„Man kann ein Loch zuschütten oder ein Tuch darüberlegen.“</p>"
    "<footer>Ilse Kranich, Vorstand</footer></blockquote>"
    "<blockquote><p>„Ein Zitat ohne Namen steht selten allein.“</p></blockquote>"
)
TABLE = (
    "<table><thead><tr><th>Messstelle</th><th>Boden</th><th>Zehnjahresmittel</th><th>Letztes Jahr</th>"
    "<th>Pegel gegenüber dem langjährigen Mittel</th><th>Neubildungsrate</th></tr></thead><tbody>"
    "<tr><td>Heidekrug 3</td><td>Sand</td><td>168 mm</td><td>241 mm</td><td>+38 cm</td><td>hoch</td></tr>"
    "<tr><td>Hohe Börde 2</td><td>Schwarzerde</td><td>48 mm</td><td>43 mm</td><td>−112 cm</td>"
    "<td>gering</td></tr>"
    "</tbody></table>"
)
FACTS = (
    '<aside data-facts=""><h3>Was ist das?</h3><p>Ein Kasten erklärt, was im Text stören würde.</p>'
    "<ul><li>erstens</li><li>zweitens</li></ul></aside>"
)
EMBED = '<aside data-embed="https://video.example.org/12"></aside>'
ONE_TWICE = (
    '<p>Sie liegt vor.<sup data-source="Geschäftsbericht 2025, Seite 12"></sup> Sie ist besser als die alte.'
    '<sup data-source="Geschäftsbericht 2024" data-address="https://example.org/berichte/2024"></sup> '
    'Das sagte der Vorstand schon im Mai.<sup data-source="Geschäftsbericht 2025, Seite 12"></sup></p>'
)

CORRECTIONS = [
    {"kind": "Korrektur", "is_correction": True, "at": NOON,
     "note": "In einer früheren Fassung war von 18 Millionen Euro die Rede. Richtig sind 1,8 Millionen."},
    {"kind": "Aktualisierung", "is_correction": False, "at": NOON - HOUR,
     "note": "Die Stellungnahme des Ministeriums wurde ergänzt."},
]  # fmt: skip


def _blocks(body: str) -> list[dict[str, Any]]:
    """Return the blocks of a text as the article page hands them to its components."""
    return [
        {
            "kind": block.kind,
            "html": block.html,
            "source": block.source,
            "text": block.text,
            "sources": block.sources,
        }
        for block in rendering.render(body, {})[0]
    ]


def _bylines(*rows: tuple[Author, BylineRole]) -> list[dict[str, Any]]:
    return byline_groups([(author, role.value) for author, role in rows])


_TEXT, _PHOTO = BylineRole.TEXT, BylineRole.PHOTO
BYLINES = [
    _bylines((WRITER, _TEXT)),
    _bylines((WRITER, _TEXT), (SECOND, _TEXT)),
    _bylines((WRITER, _TEXT), (SECOND, _TEXT), (THIRD, BylineRole.CONTRIBUTION), (PHOTOGRAPHER, _PHOTO)),
    _bylines((AGENCY, BylineRole.AGENCY), (THIRD, BylineRole.DATA)),
]


def _opening(story: Edition, **values: Any) -> dict[str, Any]:
    """Return what the head of an article page is given."""
    return {
        "story": story, "bylines": BYLINES[0], "published_at": story.first_live_from, "updated_at": None,
        "reading_minutes": 4, "corrections": [], **values,
    }  # fmt: skip


OPENINGS = {
    "Kurze Überschrift": _opening(edition(SHORT, kicker="Bahn")),
    "140 Zeichen, aktualisiert und korrigiert": _opening(
        edition(LONG, ai_use="assisted"), bylines=BYLINES[2], updated_at=NOON, corrections=CORRECTIONS,
        reading_minutes=11,
    ),
    "Lange Wörter": _opening(edition(COMPOUNDS, genre=Genre.ANALYSIS), bylines=BYLINES[1]),
    "Meinung": _opening(OPINIONS[0]),
    "Anzeige": _opening(edition("Ein Angebot unserer Kundin", genre=Genre.ADVERTISEMENT, kicker="")),
    "Von KI erzeugt, Agentur, eine Minute": _opening(
        edition("Das Wetter am Dienstag", kicker="", ai_use="generated"), bylines=BYLINES[3],
        reading_minutes=1,
    ),
}  # fmt: skip

TAGS = [Tag(name=name, slug=name.lower()) for name in ("Grundwasser", "Klima", "Landwirtschaft")]
_STEMS = frozenset({"wasser"})


def context() -> dict[str, Any]:
    """Return all of it, by the names that the style page's templates use."""
    return {
        "sections": SECTIONS,
        "request": Request(),
        "now": Request(at=NOON),
        "request_without_ticker": Request(),
        "at": NOON,
        "canonical": "https://renewz.example/wissen/muster-1/",
        "article_url": "/wissen/muster-1/",
        "sizes": "(min-width: 62rem) 30rem, 90vw",
        "headlines": {
            "20 Zeichen": edition(SHORT, kicker="Bahn"),
            "140 Zeichen": edition(LONG, kicker="Wärmeplanung"),
            "Lange Wörter, ohne Bild": edition(COMPOUNDS, kicker="Verkehr", lead_image=None),
        },
        "variants": [
            ("lead", "Aufmacher"), ("main", "Leitet ein Ressort"), ("row first", "Zweiter Rang, erster"),
            ("row", "Zeile"), ("stack", "Stapel"), ("text", "Nur Text"),
        ],
        "genres": GENRES,
        "stories": STORIES,
        "newest": STORIES[:6],
        "opinions": OPINIONS,
        "section_blocks": BLOCKS,
        "tickers": {"Ticker, frisch": _ticker(stale=False), "Ticker, veraltet": _ticker(stale=True)},
        "banners": BANNERS,
        "openings": OPENINGS,
        "bylines_of": BYLINES,
        "pictures": PICTURES,
        "text_blocks": _blocks(BODY),
        "list_blocks": _blocks(LISTS),
        "quote_blocks": _blocks(QUOTES),
        "table_blocks": _blocks(TABLE),
        "facts_blocks": _blocks(FACTS),
        "embed_blocks": _blocks(EMBED),
        "source_blocks": _blocks(ONE_TWICE),
        "related_block": {"kind": "related", "edition": STORIES[2]},
        "corrections_of": CORRECTIONS,
        "manuscript": Article(pk=1, version=3, headline=SHORT, lead=LEAD, section=SECTIONS[4]),
        "assisted": edition(SHORT, ai_use="assisted"),
        "generated": edition(SHORT, ai_use="generated"),
        "headings": rendering.render(HEADINGS, {})[1],
        "heading_blocks": _blocks(HEADINGS),
        "story": STORIES[4],
        "bylines": BYLINES[1],
        "tags_of": TAGS,
        "related_of": STORIES[:4],
        "pages": [
            ("Blättern, erste Seite", Page(STORIES[:2], True, "?vor=2")),
            ("Blättern, in der Mitte", Page(STORIES[:2], False, "?vor=2")),
            ("Blättern, letzte Seite", Page(STORIES[:2], False, "")),
        ],
        "later_page": Page(STORIES[:2], False, "?vor=2"),
        "list_of": Page(STORIES, True, "?vor=8"),
        "empty_front": Front(),
        "empty_page": Page([], True, ""),
        "hits": [
            Hit(story, marked(story.headline, _STEMS), marked(story.lead, frozenset({"wichtig"})))
            for story in (STORIES[4], edition("Wo das Wasser bleibt", lead_image=None))
        ],
        "query": {"text": "Wasser"},
        "nothing_for": {"text": "Quappenzwirn"},
        "suggestions": {
            "nearest": "Quappen", "sections": SECTIONS[4:5], "topics": TAGS[:2], "authors": [WRITER],
            "newest": STORIES[:3],
        },
        "withdrawal": {"note": "Die Angaben eines Zeugen haben sich als falsch erwiesen."},
    }  # fmt: skip
