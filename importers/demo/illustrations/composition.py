"""A composition: how a motif is laid out, and what is to be seen then, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from importers.demo.illustrations.sheet import Sheet

type Paint = Callable[[Sheet, Random], None]


@dataclass(frozen=True, slots=True)
class Composition:
    """One layout of a motif.

    `alt` is true of every print: whatever its measures, its colours and its side.
    """

    paint: Paint
    alt: str


def shows(alt: str) -> Callable[[Paint], Composition]:
    """Put the words beside what draws it: a German sentence for those who do not see the print."""

    def compose(paint: Paint) -> Composition:
        return Composition(paint, f"Illustration: {alt}")

    return compose
