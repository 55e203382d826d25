"""Heads of invented authors: flat, calm, without features anybody could own."""

from collections.abc import Callable
from math import copysign, cos, radians, sin
from random import Random

from PIL import Image

from importers.demo.illustrations.geometry import (
    Shape,
    arc,
    bezier,
    box,
    clip,
    disc,
    ellipse,
    rounded,
)
from importers.demo.illustrations.palette import INK, VERMILION, Inks
from importers.demo.illustrations.sheet import Sheet
from importers.demo.illustrations.sitters import FACE, GROUNDS, Sitter, sitter


def _cap(sheet: Sheet, who: Sitter, grown: float = 16, ears: float = 380) -> None:
    """Hair that follows the skull down to the ears."""
    sheet.fill(who.posed(clip(who.head(grown), box(0, 0, 800, ears))), who.hair)


def _no_hair(sheet: Sheet, who: Sitter) -> None:
    """Nothing behind the head."""


def _mop(who: Sitter, lift: float, lean: float) -> Shape:
    """Hair that stands up: squarer and higher than the skull, and leaning to one side."""
    result: Shape = []
    for angle in range(180, 361, 2):
        c, s = cos(radians(angle)), sin(radians(angle))
        x = copysign(abs(c) ** 0.72, c) * (who.breadth + 14)
        y = copysign(abs(s) ** 0.72, s) * (who.height + lift)
        result.append((FACE[0] + x + lean * abs(s), FACE[1] + y))
    return result


def _crop_behind(sheet: Sheet, who: Sitter) -> None:
    sheet.fill(who.posed(_mop(who, 20, 0)), who.hair)


def _parted_behind(sheet: Sheet, who: Sitter) -> None:
    sheet.fill(who.posed(_mop(who, 34, 34)), who.hair)


def _bob_behind(sheet: Sheet, who: Sitter) -> None:
    width = 2 * who.breadth + 96
    sheet.fill(who.posed(rounded(400 - width / 2, 176, width, 400, 150)), who.hair)
    sheet.fill(who.posed(box(400 - width / 2, 400, width, 176)), who.hair)


def _long_behind(sheet: Sheet, who: Sitter) -> None:
    width = 2 * who.breadth + 90
    sheet.fill(who.posed(rounded(400 - width / 2, 172, width, 620, 165)), who.hair)


def _bun_behind(sheet: Sheet, who: Sitter) -> None:
    sheet.fill(who.posed(disc((430, 168), 74)), who.hair)
    _cap(sheet, who)


def _curls_behind(sheet: Sheet, who: Sitter) -> None:
    for angle in range(165, 376, 30):
        centre = (
            FACE[0] + cos(radians(angle)) * (who.breadth + 20),
            FACE[1] - 40 + sin(radians(angle)) * (who.height - 20),
        )
        sheet.fill(who.posed(disc(centre, 78)), who.hair)


def _tail_behind(sheet: Sheet, who: Sitter) -> None:
    tail = [*bezier((500, 250), (640, 300), (590, 640)), *bezier((590, 640), (520, 500), (470, 420))]
    sheet.fill(who.posed(tail), who.hair)
    _cap(sheet, who)


type _Hair = Callable[[Sheet, Sitter], None]

# For each look what lies behind the head, and the window that hair leaves for the face, if any.
_STYLES: dict[str, tuple[_Hair, Shape | None]] = {
    "crop": (_crop_behind, ellipse((400, 476), 168, 196)),
    "parted": (_parted_behind, ellipse((354, 438), 168, 178)),
    "bob": (_bob_behind, rounded(288, 302, 224, 400, 84)),
    "long": (_long_behind, ellipse((368, 456), 150, 190)),
    "bun": (_bun_behind, ellipse((424, 432), 160, 182)),
    "curls": (_curls_behind, ellipse((400, 452), 136, 180)),
    "tail": (_tail_behind, ellipse((370, 436), 160, 184)),
    "bald": (_no_hair, None),
    "beard": (_crop_behind, ellipse((400, 456), 158, 184)),
}
_EARS_COVERED = {"bob", "long", "curls"}
LOOKS: tuple[str, ...] = tuple(_STYLES)


def portrait(seed: str, size: int = 800, look: str | None = None) -> Image.Image:
    """The head of an author for a seed. A look may be asked for; a beard is never given unasked."""
    rng = Random(f"portrait/{seed}")  # noqa: S311 (it has to repeat itself)
    drawn = rng.choice([name for name in LOOKS if name != "beard"])
    if look is not None and look not in _STYLES:
        raise ValueError(f"unknown look {look!r}, known are: {', '.join(LOOKS)}")
    look = look or drawn
    ground = rng.choice(GROUNDS)
    who = sitter(rng, ground)
    sheet = Sheet(
        (size, size),
        Inks(ground, who.skin, who.shadow, VERMILION),
        frame=(50, 64, 700, 700),
        mirrored=rng.random() < 0.5,
    )
    behind, window = _STYLES[look]
    behind(sheet, who)
    _bust(sheet, who, rng)
    if look not in _EARS_COVERED:
        _ears(sheet, who)
    _face(sheet, who, window)
    if look == "beard":
        _beard(sheet, who)
    if rng.random() < 0.4:
        _glasses(sheet, who)
    elif who.cloth != VERMILION:
        sheet.disc((268, 716), 19, VERMILION)
    return sheet.finished()


def _bust(sheet: Sheet, who: Sitter, rng: Random) -> None:
    """Shoulders, neck and what is worn there."""
    slope = rng.choice((150, 220))
    broad = rng.uniform(560, 660)
    sheet.fill(rounded(400 - broad / 2, 612, broad, 600, slope), who.cloth)
    neckline = rng.choice(("round", "lapels", "roll"))
    if neckline == "lapels":
        sheet.fill([(318, 606), (482, 606), (400, 800)], who.under)
    tip = 640 if neckline == "roll" else 690
    neck: Shape = [(338, 440), (462, 440), (466, 640), (400, tip), (334, 640)]
    sheet.fill(neck, who.skin)
    # The chin throws its shadow on the neck.
    sheet.fill(clip([(300, 440), (500, 440), (500, 568), (300, 604)], neck), who.shadow)
    if neckline == "roll":
        sheet.fill(rounded(322, 560, 156, 110, 30), who.cloth)
    if neckline == "round":
        sheet.fill(arc((400, 606), 84, 0, 180), who.skin)


def _ears(sheet: Sheet, who: Sitter) -> None:
    for side in (-1, 1):
        ear = ellipse((400 + side * (who.breadth - 2), 388), 26, 40)
        sheet.fill(who.posed(ear), who.shadow if side > 0 else who.skin)


def _face(sheet: Sheet, who: Sitter, window: Shape | None) -> None:
    """Lit on one side; the edge of the shadow is all there is of a nose."""
    head = who.head()
    night: Shape = [
        (410, 100),
        (404, 330),
        (362, 428),
        (404, 446),
        (398, 476),
        (406, 600),
        (700, 600),
        (700, 100),
    ]
    dark = clip(night, head)
    if window:
        sheet.fill(who.posed(head), who.hair)
        head, dark = clip(head, window), clip(dark, window)
    sheet.fill(who.posed(head), who.skin)
    sheet.fill(who.posed(dark), who.shadow)


def _beard(sheet: Sheet, who: Sitter) -> None:
    left = [*bezier((200, 372), (316, 372), (318, 446)), *bezier((318, 446), (350, 474), (400, 458))]
    right = [(800 - x, y) for x, y in reversed(left)]
    cheeks = [*left, *right, (600, 700), (200, 700)]
    sheet.fill(who.posed(clip(cheeks, who.head(9))), who.hair)
    sheet.fill(who.posed(arc((400, 494), 27, 0, 180)), who.shadow)


def _glasses(sheet: Sheet, who: Sitter) -> None:
    colour = INK if who.cloth == VERMILION else VERMILION
    for side in (-1, 1):
        centre = who.posed([(400 + side * 58, 372)])[0]
        sheet.ring(centre, 42, 13, colour)
    sheet.line(who.posed([(384, 366), (416, 366)]), 13, colour)
