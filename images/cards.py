"""Draws the share card: what a link looks like elsewhere when an article has no picture to show.

A pure function of strings, in the colours and faces of the site (``static/css/site.css``).
"""

import functools
import io
import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

SIZE = (1200, 630)
RECIPE = 1  # of the drawing; a new one gives new names

_PAPER, _INK, _QUIET, _SIGNAL = "#fcf9f5", "#141f2c", "#525c69", "#c33113"
_MARGIN = 72
_WIDTH = SIZE[0] - 2 * _MARGIN
_COLOURS = 64  # three flat ones and what lies between them at edges

# Where the headline may stand, and the sizes that are tried for it, the largest first.
_HEADLINE_TOP, _HEADLINE_BOTTOM = 214, 528
_STEPS = (112, 102, 92, 84, 76, 70, 64, 58, 54, 50, 46)
_SMALLER = (46, 40, 34, 28, 24)  # where words must be divided
_LEADING = 1.1
_MAX_LINES = 5
_HYPHENS = "-–/"
_DIVISION = "\xad"  # at the end of a piece of a divided word; not drawn
_SPACES = frozenset(" \xa0")
_NOWHERE = "\U0010fffd"  # a letter that no font has
_VOWELS = frozenset("aeiouyäöüáàâéèêíìîóòôúùû")

# templates/components/wordmark.html, and which of its letters are the turned ones.
_WORDMARK = (
    (
        "M0 0H46C66 0 78 12 78 31C78 46 70 56 57 60L81 100H55L34 63H22V100H0Z"
        "M22 19V45H43C51 45 55 40 55 32C55 24 51 19 43 19Z",
        False,
    ),
    ("M92 0H155V20H114V40H149V59H114V80H155V100H92Z", False),
    ("M168 0H196L246 69.4V0H268V100H240L190 30.6V100H168Z", True),
    ("M282 0H345V20H304V40H339V59H304V80H345V100H282Z", False),
    ("M350 0H374L392 68L408 0H428L444 68L462 0H486L457 100H432L418 42L404 100H379Z", False),
    ("M590 0V28L520.6 78H590V100H490V72L559.4 22H490V0Z", True),
)
_TOP_PART = 160  # rows in which there are shapes
_SHARP = 4  # drawn so many times larger, then scaled down: Pillow's polygons have hard edges


@dataclass(frozen=True)
class Card:
    """What stands on it; everything but the headline may be empty."""

    headline: str
    kicker: str = ""
    section: str = ""


def name(card: Card) -> str:
    """Return its name in the public storage; who has not the house's key cannot guess a headline by it."""
    words = f"{RECIPE}\0{card.kicker}\0{card.headline}\0{card.section}"
    digest = salted_hmac("images.cards", words, algorithm="sha256").hexdigest()
    return f"{digest[:2]}/{digest[2:20]}.png"


def draw(card: Card) -> bytes:
    """Return the card as PNG."""
    sheet = Pillow.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(sheet)
    _draw_wordmark(sheet, _MARGIN, 62, 46)
    pen.rectangle((_MARGIN, 138, SIZE[0] - _MARGIN, 140), _INK)
    _draw_notch(sheet, _MARGIN, 138)
    if card.kicker:
        small = _face("libre-franklin", 30, 600)
        _write(pen, (_MARGIN, 168), _fitted(_plain(card.kicker), small), small, _SIGNAL)
    lines, size = _set(_plain(card.headline))
    face = _face("renewz-serif", size, 600)
    for number, line in enumerate(lines):
        _write(pen, (_MARGIN, _HEADLINE_TOP + round(number * size * _LEADING)), line, face, _INK)
    foot = _face("libre-franklin", 28, 500)
    _write(pen, (_MARGIN, 556), _fitted(_plain(card.section), foot), foot, _QUIET)
    out = io.BytesIO()
    sheet.quantize(_COLOURS, Pillow.Quantize.MEDIANCUT, dither=Pillow.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


# --- Setting the headline ------------------------------------------------------------------------


def _set(text: str) -> tuple[list[str], int]:
    """Return lines and size: as large as fits, in as few lines as that takes, evenly long."""
    for size, divides in [*((size, False) for size in _STEPS), *((size, True) for size in _SMALLER)]:
        face = _face("renewz-serif", size, 600)
        words = _words(text)
        if divides:
            words = [piece for word in words for piece in _divided(word, face)]
        if any(face.length(word) > _WIDTH for word in words):
            continue
        lines = _broken(words, face, _WIDTH)
        height = size * (1 + _LEADING * (len(lines) - 1))
        if len(lines) <= _MAX_LINES and height <= _HEADLINE_BOTTOM - _HEADLINE_TOP:
            return _balanced(words, face, len(lines)), size
    return lines[:_MAX_LINES], size


def _broken(words: list[str], face: "_Face", width: float) -> list[str]:
    """Fill one line after the other; after a division there is always a new one."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and not lines[-1].endswith(_DIVISION) and face.length(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _balanced(words: list[str], face: "_Face", number: int) -> list[str]:
    """Return so many lines in the narrowest measure that holds the text."""
    low, high = max((face.length(word) for word in words), default=0.0), float(_WIDTH)
    while high - low > 4:
        middle = (low + high) / 2
        if len(_broken(words, face, middle)) <= number:
            high = middle
        else:
            low = middle
    return _broken(words, face, high)


def _divided(word: str, face: "_Face") -> list[str]:
    """Divide a word that is wider than the card, with hyphens, where a syllable may begin."""
    pieces = []
    while face.length(word) > _WIDTH:
        end = len(word)
        while face.length(f"{word[:end]}-") > _WIDTH:
            end -= 1
        place = next((at for at in range(end, end // 2, -1) if _may_divide(word, at)), end)
        hyphen = "" if word[place - 1] in _HYPHENS else "-"
        pieces.append(f"{word[:place]}{hyphen}{_DIVISION}")
        word = word[place:]
    return [*pieces, word]


def _may_divide(word: str, at: int) -> bool:
    """Say whether a syllable may begin here: after a hyphen, or with a consonant before a vowel."""
    if word[at - 1] in _HYPHENS:
        return True
    before, first, second = (letter.lower() for letter in (word[at - 1], word[at], word[at + 1 : at + 2]))
    begins = first.isalpha() and first not in _VOWELS and second in _VOWELS
    return begins and before.isalpha() and f"{before}{first}" not in {"ch", "ck", "ph", "th", "qu"}


def _fitted(text: str, face: "_Face") -> str:
    """Return a line of its own as far as it fits, whole words only."""
    words = _words(text)
    while len(words) > 1 and face.length(" ".join(words)) > _WIDTH:
        words.pop()
    return " ".join(words)


# --- Letters -------------------------------------------------------------------------------------


class _Face(NamedTuple):
    """A face in one size and weight: its main file and the one with letters of other languages."""

    main: ImageFont.FreeTypeFont
    more: ImageFont.FreeTypeFont
    stem: str

    def runs(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """Return the text in pieces, each with the file that has its letters."""
        pieces = groupby(text, key=lambda letter: _has(self.stem, letter))
        return [(self.main if has else self.more, "".join(letters)) for has, letters in pieces]

    def length(self, text: str) -> float:
        """Return the width of a text in pixels."""
        return sum(font.getlength(piece) for font, piece in self.runs(text.removesuffix(_DIVISION)))


@functools.lru_cache(maxsize=64)
def _face(stem: str, size: int, weight: int) -> _Face:
    return _Face(_font(stem, size, weight), _font(f"{stem}-ext", size, weight), stem)


def _font(stem: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = Path(settings.BASE_DIR) / "static" / "fonts" / f"{stem}.woff2"
    font = ImageFont.truetype(str(path), size)
    # The serif has an axis for the optical size, too.
    values = {b"Weight": weight, b"Optical Size": min(60, size)}
    font.set_variation_by_axes([values[axis["name"]] for axis in font.get_variation_axes()])
    return font


@functools.lru_cache(maxsize=4096)
def _has(stem: str, letter: str) -> bool:
    """Say whether a file has a letter: what it lacks looks like what no file has."""
    font = _face(stem, 24, 400).main if not stem.endswith("-ext") else _font(stem, 24, 400)
    return letter in _SPACES or bytes(font.getmask(letter)) != bytes(font.getmask(_NOWHERE))


def _words(text: str) -> list[str]:
    return [word for word in text.split(" ") if word]


def _plain(text: str) -> str:
    """Return the text in letters that the faces have; others lose their accents or are left out."""
    text = unicodedata.normalize("NFC", " ".join(re.split(r"[ \t\r\n]+", text)).strip())
    return "".join(map(_drawable, re.sub(r"[\u2009\u202f]", "\xa0", text)))


@functools.lru_cache(maxsize=4096)
def _drawable(letter: str) -> str:
    for one in (letter, *unicodedata.normalize("NFKD", letter)[:1]):
        if any(_has(stem, one) for stem in ("renewz-serif", "renewz-serif-ext")):
            return one
    return ""


# --- Pen -----------------------------------------------------------------------------------------


def _write(pen: ImageDraw.ImageDraw, place: tuple[int, int], text: str, face: _Face, colour: str) -> None:
    """Write a line; ``place`` is the top left of its size, whatever the letters' own heights."""
    left, top = float(place[0]), place[1]
    baseline = top + face.main.getmetrics()[0]
    for font, piece in face.runs(text.removesuffix(_DIVISION)):
        pen.text((left, baseline), piece, colour, font, anchor="ls")
        left += font.getlength(piece)


def _draw_notch(sheet: Pillow.Image, left: int, top: int) -> None:
    """Draw the cut with which a rule of ours begins."""
    shape = [(0, 0), (150, 0), (130, 15), (0, 15)]
    _fill(sheet, [[(left + x, top + y) for x, y in shape]], _SIGNAL)


def _draw_wordmark(sheet: Pillow.Image, left: int, top: int, height: int) -> None:
    for path, is_turned in _WORDMARK:
        for outline, colour in zip(_outlines(path), (_SIGNAL if is_turned else _INK, _PAPER), strict=False):
            _fill(sheet, [[(left + x * height / 100, top + y * height / 100) for x, y in outline]], colour)


def _fill(sheet: Pillow.Image, outlines: list[list[tuple[float, float]]], colour: str) -> None:
    """Fill shapes with soft edges."""
    mask = Pillow.new("L", (SIZE[0] * _SHARP, _TOP_PART * _SHARP))
    pen = ImageDraw.Draw(mask)
    for outline in outlines:
        pen.polygon([(x * _SHARP, y * _SHARP) for x, y in outline], 255)
    sheet.paste(colour, (0, 0), mask.resize((SIZE[0], _TOP_PART), Pillow.Resampling.BOX))


def _outlines(path: str) -> list[list[tuple[float, float]]]:
    """Return the outlines of an SVG path of absolute M, H, V, L, C and Z."""
    outlines: list[list[tuple[float, float]]] = []
    for command, numbers in re.findall(r"([MHVLCZ])([^MHVLCZ]*)", path):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            outlines.append([(values[0], values[1])])
        elif command == "H":
            outlines[-1].append((values[0], outlines[-1][-1][1]))
        elif command == "V":
            outlines[-1].append((outlines[-1][-1][0], values[0]))
        elif command == "L":
            outlines[-1] += zip(values[::2], values[1::2], strict=True)
        elif command == "C":
            for start in range(0, len(values), 6):
                outlines[-1] += _curve(outlines[-1][-1], values[start : start + 6])
    return outlines


def _curve(start: tuple[float, float], values: list[float]) -> list[tuple[float, float]]:
    """Return points on a cubic curve."""
    points = [start, *zip(values[::2], values[1::2], strict=True)]
    found = []
    for step in range(1, 13):
        t = step / 12
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(weight * point[axis] for weight, point in zip(weights, points, strict=True))
            for axis in (0, 1)
        )
        found.append((x, y))
    return found
