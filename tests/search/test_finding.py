"""What is found, and in which order; the same on both databases."""

import pytest
from django.db import connection

from search import index, query
from search.models import Entry, edition_at, month_at, place_of
from tests import stories
from tests.search.conftest import indexed
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db

THREE = {
    "Munitionsproduktion in Unterlüß steigt": {"tags": ["Verteidigung"]},
    "Überschuss im Haushalt": {
        "body": "<p>Die Bürger*innen und Präsident:innen hören „zu“ — 1.000 Euro.</p>"
    },
    "Preise für Reisen": {"kicker": "C++", "bylines": [("Jörg O'Hara", "text")]},
}


@pytest.fixture
def articles(db):
    """Three texts whose words do not overlap."""
    for number, (headline, more) in enumerate(THREE.items()):
        names = more.get("bylines", [("Anna Weber", "text")])
        stories.published(
            at=NOON - HOUR - number * DAY,
            **{"kicker": "", "lead": "Vorspann.", "body": "<p>Nichts.</p>", "tags": [], **more}
            | {"headline": headline, "bylines": [(stories.author(name), role) for name, role in names]},
        )


MUNITION, SURPLUS, TRAVEL = THREE


FINDS = [
    ("Munitionsproduktion", [MUNITION]),
    ("Produktion", [MUNITION]),
    ("PRODUKTION", [MUNITION]),
    ("produktionen", []),
    ("munition", [MUNITION]),
    ("Unterluess", [MUNITION]),
    ("unterlüß", [MUNITION]),
    ("Verteidigung", [MUNITION]),
    ("ueberschuss", [SURPLUS]),
    ("Überschüsse", [SURPLUS]),
    ("Bürger", [SURPLUS]),
    ("Bürgerinnen", [SURPLUS]),
    ("Bürger*innen", [SURPLUS]),
    ("Bürger:innen", [SURPLUS]),
    ("Bürger_innen", [SURPLUS]),
    ("buergerinnen", [SURPLUS]),
    ("Präsident", [SURPLUS]),
    ("Präsidentinnen", [SURPLUS]),
    ("1000", [SURPLUS]),
    ("1.000 Euro", [SURPLUS]),
    ("Haushalt Überschuss", [SURPLUS]),
    ("Überschuss Munition", []),
    ("„Überschuss im Haushalt“", [SURPLUS]),
    ("„Haushalt im Überschuss“", []),
    ("„Haushalt Vorspann“", []),  # no phrase from one field into the next
    ("Vorspann", [MUNITION, SURPLUS, TRAVEL]),
    ("Vorspann -Haushalt", [MUNITION, TRAVEL]),
    ("Vorspann -„für Reisen“", [MUNITION, SURPLUS]),
    ("Vorspann -Haushalt -Munitionsproduktion", [TRAVEL]),
    ("Reise", [TRAVEL]),
    ("der Reisen", [TRAVEL]),
    ("O'Hara", [TRAVEL]),
    ("Jörg", [TRAVEL]),
    ("joerg ohara", []),
    ("eis", []),  # too short to be a part of a word
    ("gibtesnicht", []),
]


def test_words_in_every_spelling_and_as_parts_of_others(articles, found, subtests):
    for words, headlines in FINDS:
        with subtests.test(words):
            assert found(words) == headlines


HOSTILE = [
    "%", "_", "'", "''", "\\", "\\'", '"', '""', '"""', "*", "munition*", "NEAR(munition)",
    "headline:munition", "{headline} : munition", "munition AND", "OR", "NOT", "AND OR NOT", "a:b",
    "a & b | !c", "<->", "munition:*", "'; DROP TABLE search_entry; --", "§1", "@202605", "r1", "\x00",
    "\x00munition\x00x", "🙂", "\u202emunition", "(", ")", "((((", "^munition", "+munition +produktion", "-",
    "--", "- -", '-"', '-""', "„“", "%s %s", "{}", "{0}", "<script>alert(1)</script>", "ﬁ", "İ",
    "ß", "ẞ", "ـ", "中文", "कखग", "а́", "1e5", "1.000.000", "٣", "x" * 3_000, "munition " * 400, '"' * 3_000,
    "-x " * 1_000, "(" * 3_000, "ä" * 3_000, "*in" * 1_000,
]  # fmt: skip


def test_no_input_breaks_it(articles, asked, subtests):
    for words in HOSTILE:
        with subtests.test(repr(words[:20])):
            markup = asked(words)

            assert "<script>alert" not in markup
            assert "Suche" in markup
            assert Entry.objects.count() == 3


def test_half_a_sign_is_no_word(articles):
    """No browser sends it, but a function may be asked."""
    indexed()
    assert index.match_for(query.read("\ud800")).wanted == ()


def test_hits_in_headlines_come_first_then_those_above_the_text_then_others_and_the_newest_of_each(found):
    nothing = {"kicker": "", "lead": "x", "body": "<p>x</p>", "tags": []}
    for age, more in enumerate(
        [
            {"headline": "A", "body": "<p>Fischerei</p>"},
            {"headline": "B", "body": "<p>Küstenfischerei</p>"},
            {"headline": "C", "tags": ["Fischerei"]},
            {"headline": "D", "lead": "Fischerei"},
            {"headline": "E", "kicker": "Fischerei"},
            {"headline": "F", "bylines": [(stories.author("Eva Fischerei"), "text")]},
            {"headline": "Fischerei G"},
            {"headline": "Küstenfischerei H"},
        ]
    ):
        stories.published(at=NOON - HOUR - age * DAY, **nothing | more)

    assert found("Fischerei") == ["Fischerei G", "Küstenfischerei H", "C", "D", "E", "F", "A", "B"]
    assert found("Fischerei", by_date=True) == [
        "A",
        "B",
        "C",
        "D",
        "E",
        "F",
        "Fischerei G",
        "Küstenfischerei H",
    ]


def test_by_section(found):
    politics = stories.section("Politik")
    stories.published(at=NOON - HOUR, headline="Eins")
    stories.published(at=NOON - HOUR, headline="Zwei", section=politics)

    assert found("Montag", section=politics) == ["Zwei"]
    assert len(found("Montag")) == 2


# --- Many ----------------------------------------------------------------------------------------


def test_the_newest_two_hundred_are_shown_and_it_is_said_that_there_are_more(found, asked):
    stories.bulk(230, newest=NOON - HOUR, step=DAY, lead="Alle Wetter")

    assert found("Wetter") == [f"Meldung {number}" for number in range(200)]
    markup = asked("Wetter")
    assert "Mehr als 200 Treffer" in markup
    assert 'href="?q=Wetter&amp;seite=2"' in markup
    last = asked("Wetter", seite="10")
    assert "Meldung 199<" in last
    assert "seite=11" not in last
    asked("Wetter", status=404, seite="11")


def test_a_place_tells_date_and_edition():
    place = place_of(NOON, 4_711)

    assert edition_at(place) == 4_711
    assert month_at(place) == "202605"
    assert place_of(NOON + DAY, 1) > place > place_of(NOON - DAY, 9_999)
    assert edition_at(place_of(NOON.replace(year=1949), 12)) == 12


@pytest.mark.skipif(connection.vendor != "postgresql", reason="FTS5 walks from the newest itself")
def test_a_frequent_word_is_asked_for_in_the_newest_months_first(found, monkeypatch):
    from search import postgres  # noqa: PLC0415

    stories.bulk(60, newest=NOON - HOUR, step=2 * DAY, lead="Alle Wetter")
    indexed()
    monkeypatch.setattr(postgres, "_WINDOWS", (10, 40, 1_000))
    few, more = postgres._newest_months()
    assert few == " & ('@202605' | '@202604')"
    assert more == " & ('@202605' | '@202604' | '@202603' | '@202602')"

    match = index.match_for(query.read("Wetter"))
    whole = [(0, place) for _, place in postgres._asked(match, [(0, "anywhere")], 300, "")]
    assert len(whole) == 60
    for most in (5, 30, 50, 60, 300):
        assert index.newest(match, ["anywhere"], most) == whole[:most]
    assert found("Wetter") == [f"Meldung {number}" for number in range(60)]


@pytest.mark.parametrize("windows", [(3,), (3, 8), (1_000,)])
def test_old_headlines_come_before_new_texts_however_frequent_the_word(found, monkeypatch, windows):
    """What is skipped to be quick must not change the answer."""
    from search import postgres, results  # noqa: PLC0415

    monkeypatch.setattr(postgres, "_WINDOWS", windows)
    monkeypatch.setattr(results, "_CANDIDATES", (6, 100))
    monkeypatch.setattr(results, "MOST", 5)
    stories.bulk(20, newest=NOON - HOUR, step=10 * DAY, plain_text="Wetter")
    for number in range(3):
        stories.bulk(1, newest=NOON - (300 + number) * DAY, headline=f"Wetter {number}")

    assert found("Wetter") == ["Wetter 0", "Wetter 1", "Wetter 2", "Meldung 0", "Meldung 1"]
