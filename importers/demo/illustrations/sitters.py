"""Who sits for a portrait: measures and colours, all invented."""

from dataclasses import dataclass
from math import copysign, cos, radians, sin
from random import Random

from importers.demo.illustrations.geometry import Point, Shape, turned
from importers.demo.illustrations.palette import (
    GREEN,
    INK,
    OCHRE,
    PALE,
    PAPER,
    SAND,
    SLATE,
    VERMILION,
    Colour,
    mix,
)

FACE: Point = (400, 372)
_NAPE: Point = (400, 560)


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who sits: measures and colours, decided once."""

    skin: Colour
    shadow: Colour
    hair: Colour
    cloth: Colour
    under: Colour
    breadth: float
    height: float
    jaw: float
    tilt: float

    def posed(self, shape: Shape) -> Shape:
        """What belongs to the head leans with it."""
        return turned(shape, self.tilt, _NAPE)

    def head(self, grown: float = 0) -> Shape:
        """The outline of the head; `grown` for what lies around it."""
        return [self._outline(angle, grown) for angle in range(0, 360, 2)]

    def _outline(self, angle: float, grown: float) -> Point:
        c, s = cos(radians(angle)), sin(radians(angle))
        # Below the eyes the ellipse is squared off a little: that is the jaw.
        power = 2 / self.jaw if s > 0 else 1
        x = copysign(abs(c) ** power, c) * (self.breadth + grown)
        y = copysign(abs(s) ** power, s) * (self.height + grown)
        return FACE[0] + x, FACE[1] + y


_DARK_HAIRS = (INK, mix(INK, VERMILION, 0.22), mix(VERMILION, INK, 0.6), mix(SLATE, PALE, 0.4))
_ALL_HAIRS = (*_DARK_HAIRS, mix(VERMILION, INK, 0.45), mix(OCHRE, INK, 0.12))
# Lit skin, skin in shadow, and the hair that may go with it.
_SKINS = (
    (mix(SAND, PAPER, 0.35), mix(SAND, VERMILION, 0.22), _ALL_HAIRS),
    (mix(SAND, OCHRE, 0.3), mix(mix(SAND, OCHRE, 0.3), VERMILION, 0.32), _ALL_HAIRS),
    (mix(mix(OCHRE, VERMILION, 0.35), SAND, 0.2), mix(mix(OCHRE, VERMILION, 0.5), INK, 0.3), _DARK_HAIRS),
    (mix(mix(OCHRE, VERMILION, 0.45), INK, 0.42), mix(mix(OCHRE, VERMILION, 0.45), INK, 0.62), _DARK_HAIRS),
)
_DRESSES = ((INK, PAPER), (GREEN, SAND), (PAPER, INK), (SLATE, PAPER), (VERMILION, PAPER), (OCHRE, INK))
GROUNDS = (SAND, PALE, GREEN, SLATE, OCHRE, INK)


def sitter(rng: Random, ground: Colour) -> Sitter:
    """Somebody new, in colours that stand off the ground."""
    skin, shadow, likely = rng.choice(_SKINS)
    cloth, under = rng.choice([dress for dress in _DRESSES if dress[0] != ground])
    hairs = [hair for hair in likely if _apart(hair, ground) and _apart(hair, skin)]
    return Sitter(
        skin,
        shadow,
        rng.choice(hairs),
        cloth,
        under,
        breadth=rng.uniform(118, 136),
        height=rng.uniform(162, 178),
        jaw=rng.uniform(2.0, 2.7),
        tilt=rng.uniform(-5, 5),
    )


def _apart(one: Colour, other: Colour) -> bool:
    """Whether two colours can stand side by side and still be told apart."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 85
