"""Stems, gender forms, and time in proportion to the length."""

import time

import pytest

from search import query
from search.excerpts import excerpt_of, marked
from search.query import Term
from search.words import more_words, spans, stem, words

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Überschuss", "ueberschuss"),
        ("Überschüsse", "UEBERSCHUSS"),
        ("Häuser", "Haus"),
        ("Straße", "Strassen"),
        ("Frauen", "Frau"),
        ("Müller", "Mueller"),
        ("Café", "cafe"),
        ("Bürgerinnen", "Bürger"),
    ],
)
def test_spellings_and_forms_have_the_same_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("text", "found", "more"),
    [
        ("Bürger*innen", ["Bürgerinnen"], ["Bürger"]),
        ("Bürger:innen", ["Bürgerinnen"], ["Bürger"]),
        ("Bürger_innen", ["Bürgerinnen"], ["Bürger"]),
        ("Bürger·innen", ["Bürgerinnen"], ["Bürger"]),
        ("Bürger/-innen", ["Bürgerinnen"], ["Bürger"]),
        ("Bürger/innen", ["Bürgerinnen"], ["Bürger"]),
        ("BürgerInnen", ["Bürgerinnen"], ["Bürger"]),
        ("Präsident*in", ["Präsidentin"], ["Präsident"]),
        ("Munitions-Produktion", ["Munitions", "Produktion"], ["MunitionsProduktion"]),
        ("1.000 Euro", ["1000", "Euro"], []),
        ("Er sagte: innen", ["Er", "sagte", "innen"], []),
        ("*innen", ["innen"], []),
        ("IBM und LinkedIn", ["IBM", "und", "Linkedin"], ["Linked"]),
        ("", [], []),
        ("– … !", [], []),
    ],
)
def test_words_of_a_text(text, found, more):
    assert words(text) == found
    assert list(more_words(text)) == more


def test_spans_cover_gender_forms_whole():
    text = "Die Bürger*innen wählen."

    assert [text[begin:end] for begin, end, _ in spans(text)] == ["Die", "Bürger*innen", "wählen"]


# --- Questions ---------------------------------------------------------------------------------


def term(*found, excluded=False):
    return Term(found, excluded)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Haushalt Berlin", [term("Haushalt"), term("Berlin")]),
        ("der Haushalt und die Stadt", [term("Haushalt"), term("Stadt")]),
        ("der die das", [term("der"), term("die"), term("das")]),
        ("„Berliner Mauer“", [term("Berliner", "Mauer")]),
        ('"Berliner Mauer" Bau', [term("Berliner", "Mauer"), term("Bau")]),
        ("»Berliner Mauer«", [term("Berliner", "Mauer")]),
        ("Haushalt -Kommunen", [term("Haushalt"), term("Kommunen", excluded=True)]),
        ('Haushalt -"rote Zahlen"', [term("Haushalt"), term("rote", "Zahlen", excluded=True)]),
        ("Haushalt - Kommunen", [term("Haushalt"), term("Kommunen")]),
        ("CO2-Preis", [term("CO2"), term("Preis")]),
        ('"offen', [term("offen")]),
        ("Haus Haus", [term("Haus")]),
    ],
)
def test_a_question_is_read(text, terms):
    assert list(query.read(text).terms) == terms


def test_long_questions_are_cut_at_a_word_and_say_so():
    read = query.read("wort" * 10 + " " + "a b c d e f g h i j " * 300)

    assert read.was_cut
    assert len(read.text) <= query.LONGEST
    assert len(read.terms) <= query.MOST_TERMS
    assert not query.read("kurz").was_cut


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "*",
        '"',
        '""',
        "---",
        "-",
        "🙂",
        "%_%",
        "'",
        "\\",
        "-Haushalt",
        "„“",
        "\u202e\u200b",
        "(){}[]",
    ],
)
def test_a_question_without_a_wanted_word_asks_nothing(text):
    assert not query.read(text)


# --- Excerpts ----------------------------------------------------------------------------------


def told(pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


def test_a_headline_is_marked_whole():
    assert (
        told(marked("Bürger*innen & Häuser", frozenset({stem("Bürger"), "haus"})))
        == "[Bürger*innen] & [Häuser]"
    )


def test_an_excerpt_shows_the_place_with_the_most_hits():
    far = (
        "Erst etwas anderes mit Gas. "
        + "Lange nichts. " * 60
        + "Dann Gas und Strom zusammen. "
        + "Ende. " * 60
    )

    assert told(excerpt_of(["", far], frozenset({"gas", "strom"}), enough=2)).startswith(
        "… Dann [Gas] und [Strom] zusammen. Ende."
    )
    assert told(excerpt_of(["Vorspann.", "Text."], frozenset({"gas"}))) == "Vorspann."
    assert told(excerpt_of(["", ""], frozenset({"gas"}))) == ""


def test_an_excerpt_is_short_whatever_the_text():
    for text in ("gas" * 9_000, "gas " * 9_000, "x" * 50_000 + " gas", "gas\n" * 9_000):
        assert len(told(excerpt_of([text], frozenset({"gas"})))) < 700


@pytest.mark.parametrize("sign", ["x", "xIn", "x*in", "x-", "*in", ":", "1.", "ä", '"', "-x ", "x/-", "_in"])
@pytest.mark.parametrize("read", [words, lambda t: list(more_words(t)), lambda t: list(spans(t)), query.read])
def test_time_grows_with_the_length_and_no_faster(read, sign):
    text = sign * (400_000 // len(sign))
    begin = time.perf_counter()
    read(text)

    assert time.perf_counter() - begin < 3  # seconds; quadratic would be hours
