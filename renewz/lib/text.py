"""Plain text in German: folding, slugs, cleaning, typography. Knows no model and no HTML."""

import re
import unicodedata

NBSP = "\u00a0"

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"}
)
# Marks that change the direction of what follows, others that nobody can see, and halves of
# signs, which no database keeps.
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
# Letters by name that show nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_SPACES = re.compile(r"[ \t\n\r\f\v]+")


def fold(text: str) -> str:
    """Return a key for comparing and searching: ``Öl`` and ``OEL`` give the same."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    decomposed = unicodedata.normalize("NFD", folded)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def slugify(text: str, max_length: int = 80) -> str:
    """Return an ASCII slug with ä→ae, ß→ss, cut at a word where that is possible.

    Django's own slugify yields „uberholt“ and „strae“. Falls back to ``artikel``, so that an
    address never has an empty part.
    """
    words = re.findall(r"[a-z0-9]+", fold(text))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > max_length:
            break
        slug = longer
    return slug or "".join(words)[:max_length] or "artikel"


def clean_text(text: str) -> str:
    """Normalise to NFC and drop invisible and direction-changing signs; keeps line breaks."""
    # In this order: an invisible sign may stand between a letter and its accent.
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def clean_line(text: str) -> str:
    """Return the text as one line: cleaned, runs of spaces folded (protected ones stay)."""
    return _SPACES.sub(" ", clean_text(text)).strip(f" {NBSP}")


def looks_empty(text: str) -> bool:
    """Say whether a reader would see nothing: no letter and no digit."""
    return not any(sign.isalnum() and sign not in _BLANK_LETTERS for sign in text)


_OPENERS = " \t\n([{–—-/„‚»›" + NBSP
_ABBREVIATIONS = re.compile(
    r"\b(z|d|u|i|o|s|v|n)\.[ \u00a0\u202f]?(B|h|a|d|Ä|ä|U|R|u|o|Chr|v)\.(?:[ \u00a0\u202f]?(R)\.)?(?!\w)"
)
_UNITS = (
    "%|‰|€|Prozent|Prozentpunkte?n?|Euro|Cent|Dollar|Mio\\.|Mrd\\.|Millionen|Milliarden|Uhr|"
    "km|m|cm|mm|kg|g|t|kWh|MWh|GWh|TWh|kW|MW|GW|°C|Grad|Hektar|Meter|Kilometer|Tonnen"
)
# A dash between words never begins a line.
_BEFORE_DASH = re.compile(r" (?=–[ \u00a0])")
_NUMBER_UNIT = re.compile(rf"(\d) (?=(?:{_UNITS})(?!\w))")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}) (?=\d{3}(?!\d))")
_LARGE_UNIT = re.compile(r"(Mio\.|Mrd\.|Millionen|Milliarden) (?=(?:Euro|Dollar|Tonnen|Menschen)\b)")
_BEFORE_NUMBER = re.compile(r"(§|§§|Nr\.|Art\.|Abs\.|S\.) (?=\d)")


def typeset(text: str, before: str = "", after: str = "") -> str:
    """Set German typography: „…“, ‚…‘, ’, –, …, protected spaces. Idempotent.

    ``before`` and ``after`` are the signs that stand around this piece of text (for text that
    is cut into pieces by markup); empty means: start or end of a line.
    """
    text = text.replace("...", "…")
    text = re.sub(r"(?<=[ \u00a0])-{1,2}(?=[ \u00a0])", "–", text)
    text = _BEFORE_DASH.sub(NBSP, text)
    text = _quotes(text, before, after)
    text = _ABBREVIATIONS.sub(lambda m: NBSP.join(f"{part}." for part in m.groups() if part), text)
    text = _THOUSANDS.sub(rf"\1{NBSP}", text)
    text = _NUMBER_UNIT.sub(rf"\1{NBSP}", text)
    text = _LARGE_UNIT.sub(rf"\1{NBSP}", text)
    return _BEFORE_NUMBER.sub(rf"\1{NBSP}", text)


_QUOTES = re.compile("[\"'“”]")


def _quotes(text: str, before: str, after: str) -> str:
    """Turn straight and English quotation marks into German ones, by what stands before them."""
    single_open = False
    done, last_mark = -1, ""  # the mark before this one, as it is now

    def german(found: re.Match[str]) -> str:
        nonlocal single_open, done, last_mark
        place, sign = found.start(), found[0]
        last = last_mark if place and place - 1 == done else (text[place - 1] if place else before)
        opening = last == "" or last in _OPENERS
        following = text[place + 1 : place + 2] or after
        if sign in '"”' or (sign == "“" and opening and following.strip()):
            sign = "„" if opening and following.strip() else "“"
        elif sign == "'":
            if opening and _closes_later(text, place):
                sign, single_open = "‚", True
            elif single_open and not following.isalnum():
                sign, single_open = "‘", False
            else:
                sign = "’"
        done, last_mark = place, sign
        return sign

    return _QUOTES.sub(german, text)


def _closes_later(text: str, place: int) -> bool:
    """Say whether a later straight ' stands at the end of a word, so that this one opens."""
    return re.search(r"\S'(?!\w)", text[place + 1 : place + 400]) is not None
