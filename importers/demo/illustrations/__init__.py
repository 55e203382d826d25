"""Drawn pictures for the demo: one hand, eight motifs, every print decided by its seed."""

from random import Random

from PIL import Image

from importers.demo.illustrations import (
    bars,
    circuit,
    crowd,
    hemicycle,
    lattice,
    orbits,
    palette,
    stage,
    track,
)
from importers.demo.illustrations.composition import Composition
from importers.demo.illustrations.portraits import LOOKS, portrait
from importers.demo.illustrations.sheet import Sheet

__all__ = ["LOOKS", "MOTIFS", "describe", "draw", "portrait"]

_COMPOSITIONS: dict[str, tuple[Composition, ...]] = {
    "hemicycle": hemicycle.COMPOSITIONS,
    "bars": bars.COMPOSITIONS,
    "lattice": lattice.COMPOSITIONS,
    "circuit": circuit.COMPOSITIONS,
    "orbits": orbits.COMPOSITIONS,
    "crowd": crowd.COMPOSITIONS,
    "stage": stage.COMPOSITIONS,
    "track": track.COMPOSITIONS,
}

MOTIFS: tuple[str, ...] = tuple(_COMPOSITIONS)


def draw(
    motif: str, seed: str, size: tuple[int, int] = (2400, 1350), *, turn: int | None = None
) -> Image.Image:
    """The picture of a motif for a seed: always the same one, at any size.

    The seed alone decides everything. Who draws a whole series may number it with `turn`: then
    compositions and grounds follow in turn, and neighbours never share one.
    """
    composition, rng = _chosen(motif, seed, turn)
    sheet = Sheet(size, palette.pick(rng, turn), mirrored=rng.random() < 0.5)
    composition.paint(sheet, rng)
    return sheet.finished()


def describe(motif: str, seed: str, *, turn: int | None = None) -> str:
    """What is to be seen on the picture that `draw` makes of the same: its alternative text, in German."""
    return _chosen(motif, seed, turn)[0].alt


def _chosen(motif: str, seed: str, turn: int | None) -> tuple[Composition, Random]:
    """The composition of a picture, and the chance that decides all the rest of it."""
    try:
        compositions = _COMPOSITIONS[motif]
    except KeyError:
        raise ValueError(f"unknown motif {motif!r}, known are: {', '.join(MOTIFS)}") from None
    # Nothing here is secret: the generator has to repeat itself.
    rng = Random(f"{motif}/{seed}")  # noqa: S311
    composition = rng.choice(compositions)
    if turn is not None:
        composition = compositions[turn % len(compositions)]
    return composition, rng
