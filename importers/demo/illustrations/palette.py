"""The colours of the house, as sets in which an illustration is printed."""

from dataclasses import dataclass
from random import Random

type Colour = tuple[int, int, int]

INK: Colour = (0x14, 0x20, 0x2E)
PAPER: Colour = (0xF8, 0xF5, 0xEF)
SAND: Colour = (0xE6, 0xD9, 0xC3)
VERMILION: Colour = (0xCC, 0x3A, 0x1D)
SLATE: Colour = (0x5B, 0x73, 0x88)
GREEN: Colour = (0x1F, 0x4B, 0x43)
OCHRE: Colour = (0xD7, 0x9A, 0x2B)
PALE: Colour = (0xC9, 0xD6, 0xDE)


def mix(base: Colour, other: Colour, share: float) -> Colour:
    """`base` with so much of `other` in it: 0 is all base, 1 all other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(base, other, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Inks:
    """What one picture is printed with: ground and form carry it, tone supports, signal breaks."""

    ground: Colour
    form: Colour
    tone: Colour
    signal: Colour

    @property
    def shade(self) -> Colour:
        """Tone on tone, for what should only be felt."""
        return mix(self.ground, self.form, 0.13)


# Signal stands on ground and beside form in every set; on its own colour it becomes paper.
_DARK = (
    Inks(INK, SAND, SLATE, VERMILION),
    Inks(INK, PALE, SLATE, VERMILION),
    Inks(INK, PAPER, GREEN, VERMILION),
    Inks(GREEN, SAND, OCHRE, VERMILION),
    Inks(GREEN, PALE, INK, VERMILION),
)
_LIGHT = (
    Inks(SAND, INK, PAPER, VERMILION),
    Inks(SAND, GREEN, PAPER, VERMILION),
    Inks(PALE, INK, PAPER, VERMILION),
    Inks(PALE, GREEN, PAPER, VERMILION),
    Inks(PAPER, INK, SLATE, VERMILION),
    Inks(PAPER, GREEN, OCHRE, VERMILION),
)
_LOUD = (
    Inks(SLATE, PAPER, INK, VERMILION),
    Inks(OCHRE, INK, PAPER, VERMILION),
    Inks(OCHRE, GREEN, SAND, VERMILION),
    Inks(VERMILION, INK, mix(VERMILION, INK, 0.42), PAPER),
)


# The loud ones stay rare, so that they are heard.
_TURNS = (_DARK, _LIGHT, _DARK, _LOUD, _LIGHT)


def pick(rng: Random, turn: int | None = None) -> Inks:
    """A set of inks; pictures that hang side by side get theirs in turn."""
    family = rng.choice(_TURNS)
    return rng.choice(family if turn is None else _TURNS[turn % len(_TURNS)])
