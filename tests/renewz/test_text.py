"""German plain text: what is compared, what stands in addresses, what is cleaned, how it is set."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewz.lib.text import NBSP, clean_line, clean_text, fold, looks_empty, slugify, typeset

pytestmark = pytest.mark.once

# Signs that typography decides about, beside some that it must leave alone.
LIVELY = st.text(alphabet="\"'„“‚‘”’»«-–….,() §%€\u00a0\nzBuahdäÖ0159 Nr", max_size=60)


# --- fold --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Öl", "oel"),
        ("OEL", "oel"),
        ("o\u0308l", "oel"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("STRAẞE", "strasse"),
        ("Émile Zolà", "emile zola"),
        ("ﬁt", "fit"),
        ("①", "1"),
        ("Łódź", "łodz"),
        ("", ""),
    ],
)
def test_fold_gives_one_key_for_every_spelling(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_fold_of_a_key_is_the_key(text):
    assert fold(fold(text)) == fold(text)


# --- slugify -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Überholt: Die Straße nach Öhringen", "ueberholt-die-strasse-nach-oehringen"),
        ("  Größe   zählt!  ", "groesse-zaehlt"),
        ("KI & Krypto – 10 % mehr", "ki-krypto-10-mehr"),
        ("Привет", "artikel"),
        ("", "artikel"),
        ("…", "artikel"),
    ],
)
def test_slugs_are_german_ascii(text, slug):
    assert slugify(text) == slug


def test_a_long_slug_is_cut_at_a_word():
    assert slugify("Die Bundesregierung einigt sich", max_length=20) == "die-bundesregierung"
    assert slugify("Die Bundesregierung einigt sich", max_length=19) == "die-bundesregierung"
    assert slugify("Die Bundesregierung einigt sich", max_length=18) == "die"


def test_a_word_longer_than_the_slug_is_cut_itself():
    assert slugify("Rindfleischetikettierungsüberwachungsaufgabe", max_length=20) == "rindfleischetikettie"


@given(st.text(max_size=200), st.integers(min_value=1, max_value=100))
def test_a_slug_is_never_empty_never_too_long_and_fits_an_address(text, length):
    slug = slugify(text, length)

    assert slug == "artikel" or 1 <= len(slug) <= length
    assert set(slug) <= set(string.ascii_lowercase + string.digits + "-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert slugify(slug, max(length, 7)) == slug


# --- clean -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Zu\u0308rich", "Zürich"),
        ("rechts\u202elinks", "rechtslinks"),
        ("\u2066isoliert\u2069", "isoliert"),
        ("null\x00byte", "nullbyte"),
        ("\ufeffAnfang", "Anfang"),
        ("Null\u200bbreite", "Nullbreite"),
        ("Wort\u2060verbinder", "Wortverbinder"),
        ("halbes \ud83d Zeichen", "halbes  Zeichen"),
        ("u\u200b\u0308ber", "über"),
        ("eine\r\nzweite\nZeile\tweiter", "eine\nzweite\nZeile\tweiter"),
        ("weich\u00adge\u00adtrennt", "weich\u00adge\u00adtrennt"),
    ],
)
def test_clean_text_drops_what_nobody_can_see(dirty, clean):
    assert clean_text(dirty) == clean


@given(st.text(max_size=120))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


def test_clean_line_is_one_line_and_keeps_protected_spaces():
    assert clean_line(f"  Ein\n\tSatz  über 10{NBSP}% {NBSP}") == f"Ein Satz über 10{NBSP}%"


@pytest.mark.parametrize("text", ["", "   ", "„…“", "\u3164", "\uffa0\u115f", "🙂", NBSP, "– ! ?"])
def test_what_shows_no_letter_and_no_digit_looks_empty(text):
    assert looks_empty(text)


@pytest.mark.parametrize("text", ["a", "…7…", "ß", "مرحبا", "\u3164x"])
def test_what_shows_a_letter_or_a_digit_does_not_look_empty(text):
    assert not looks_empty(text)


# --- typeset -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "set_in_type"),
    [
        ('"Nein"', "„Nein“"),
        ('Er sagte: "Nein", dann ging er.', "Er sagte: „Nein“, dann ging er."),
        ('("Wort")', "(„Wort“)"),
        ("“Nein”", "„Nein“"),
        ("„Nein”", "„Nein“"),
        ("„Nein“", "„Nein“"),
        ("\"Das 'Wunder' von Bern\"", "„Das ‚Wunder‘ von Bern“"),
        ("Das war's, Hans' Auto", "Das war’s, Hans’ Auto"),
        ("'n Abend", "’n Abend"),
        ("'Wunder'", "‚Wunder‘"),
        ("»Nein«", "»Nein«"),
        ("Also...", "Also…"),
        ("Berlin - Hamburg", f"Berlin{NBSP}– Hamburg"),
        ("Berlin -- Hamburg", f"Berlin{NBSP}– Hamburg"),
        ("Berlin-Mitte", "Berlin-Mitte"),
        ("-5 Grad", f"-5{NBSP}Grad"),
        ("z.B. heute", f"z.{NBSP}B. heute"),
        ("z. B. heute", f"z.{NBSP}B. heute"),
        ("d.h.", f"d.{NBSP}h."),
        ("i. d. R. so", f"i.{NBSP}d.{NBSP}R. so"),
        ("44 v. Chr. starb", f"44 v.{NBSP}Chr. starb"),
        ("z.B.B", "z.B.B"),
        ("10 %", f"10{NBSP}%"),
        ("3,5 Mrd. Euro", f"3,5{NBSP}Mrd.{NBSP}Euro"),
        ("4 000 Euro, 1 234 567.", f"4{NBSP}000{NBSP}Euro, 1{NBSP}234{NBSP}567."),
        ("2026 200 Menschen, 12 3456", "2026 200 Menschen, 12 3456"),
        ("§ 5 und Art. 3 Abs. 2", f"§{NBSP}5 und Art.{NBSP}3 Abs.{NBSP}2"),
        ("14 Uhr, 9 kmh", f"14{NBSP}Uhr, 9 kmh"),
        ("5 m hoch, 5 mal", f"5{NBSP}m hoch, 5 mal"),
        ("", ""),
    ],
)
def test_typography(typed, set_in_type):
    assert typeset(typed) == set_in_type


def test_a_mark_that_cuts_the_text_does_not_turn_the_quotes():
    assert typeset('Er sagte: "', "", "N") == "Er sagte: „"
    assert typeset('" und ging', "n", "") == "“ und ging"
    assert typeset('"', "", "") == "“"


@given(LIVELY, st.sampled_from(["", " ", "a", "„", "("]), st.sampled_from(["", " ", "a", "."]))
def test_typeset_twice_is_typeset_once(text, before, after):
    once = typeset(text, before, after)

    assert typeset(once, before, after) == once


@given(st.one_of(LIVELY, st.text(max_size=80)))
def test_typography_never_changes_a_letter_or_a_digit(text):
    def letters(of):
        return [sign for sign in of if sign.isalnum()]

    assert letters(typeset(text)) == letters(text)


# --- cost --------------------------------------------------------------------------------------

_HOSTILE = {
    "straight quotes": '"',
    "apostrophes": "'",
    "open apostrophes": "'a ",
    "abbreviations": "z. B. ",
    "dots": ".",
    "hyphens": " - ",
    "numbers": "1 ",
    "sections": "§ ",
    "spaces": " ",
    "accents": "a\u0308",
    "expanding": "\ufdfa",
}


def _seconds(function, text):
    best = 9.0
    for _ in range(3):
        start = time.process_time()
        function(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("piece", _HOSTILE.values(), ids=_HOSTILE)
@pytest.mark.parametrize("function", [typeset, clean_line, fold, slugify], ids=lambda f: f.__name__)
def test_no_text_costs_more_than_linear_time(function, piece):
    short, long = piece * 1_000, piece * 8_000  # 8 times as long; a square would cost 64 times

    assert _seconds(function, long) < 24 * max(_seconds(function, short), 0.0003)
