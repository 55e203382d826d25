"""German words as the search compares them: folded, stemmed, gender forms opened.

Both databases get these same stems, so both find the same. Knows no model.
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

from renewz.lib.text import fold

LONGEST = 40  # signs of a word; what is longer is cut

_WORD = re.compile(r"[^\W_]+")
# The end of Bürger*innen, Bürger:innen, Bürger_innen, Bürger·innen, Bürger/-innen, BürgerInnen.
_GENDER = re.compile(r"(?<=[^\W\d_])(?:(?:[*:_·]|/-?)[iI]|(?<=[a-zäöüß])I)n(nen)?(?![^\W_])")
_THOUSANDS = re.compile(r"(?<=\d)[.\u00a0\u202f](?=\d{3}(?!\d))")
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_HYPHEN = re.compile(r"[-\u2010\u2011]")

# Words that a question can do without; only where others are left.
STOP_WORDS = frozenset(
    fold(
        "ab aber als am an auch auf aus bei beim bis da damit dann das dass dem den der des die dies "
        "diese diesem diesen dieser dieses doch du durch ein eine einem einen einer eines er es etwa "
        "für gegen hat haben hatte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja kann "
        "man mehr mit nach nicht noch nur ob oder ohne sein seine seinem seinen seiner seit sich sie "
        "sind so über um und uns unter vom von vor war waren was weil wenn wer werden wie wir wird "
        "wo wurde wurden zu zum zur zwischen"
    ).split()
)

# The library's stemmers must not be shared between threads.
_local = threading.local()


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """Return the word as it is compared: small, ä as ae, without accents, not too long."""
    return fold(word)[:LONGEST]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the German stem: „Überschüsse“ and „ueberschuss“ give the same."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("german")
    plain = folded(word)
    return str(stemmer.stemWord(plain)) or plain


def opened(text: str) -> str:
    """Return the text with gender forms as words and numbers in one piece."""
    return _THOUSANDS.sub("", _GENDER.sub(r"in\1", text))


def words(text: str) -> list[str]:
    """Return the words in their order: „Bürger*innen“ is one, „Munitions-Produktion“ two."""
    return _WORD.findall(opened(text))


def more_words(text: str) -> Iterator[str]:
    """Yield what is also to be found: „Präsident“ of „Präsident*innen“, compounds without hyphens."""
    for found in _GENDER.finditer(text):
        yield text[_begin(text, found.start()) : found.start()]
    for found in _HYPHENATED.finditer(opened(text)):
        yield _HYPHEN.sub("", found[0])


def spans(text: str) -> Iterator[tuple[int, int, set[str]]]:
    """Yield where each word of the text as it stands begins and ends, and the stems it is found by."""
    place = 0
    for found in _GENDER.finditer(text):
        begin = max(place, _begin(text, found.start()))
        yield from _plain_spans(text, place, begin)
        base = text[begin : found.start()]
        yield begin, found.end(), {stem(base), stem(f"{base}in{found[1] or ''}")}
        place = found.end()
    yield from _plain_spans(text, place, len(text))


def _plain_spans(text: str, begin: int, end: int) -> Iterator[tuple[int, int, set[str]]]:
    for found in _WORD.finditer(text, begin, end):
        yield found.start(), found.end(), {stem(found[0])}


def _begin(text: str, end: int) -> int:
    """Return where the word begins that ends there; no further back than a word is long."""
    begin = end
    while begin > 0 and end - begin < LONGEST and text[begin - 1].isalpha():
        begin -= 1
    return begin
