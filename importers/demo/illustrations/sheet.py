"""The sheet that everything is drawn on: flat shapes, supersampled, in one size-free frame."""

from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw

from importers.demo.illustrations.geometry import (
    Point,
    Shape,
    band,
    disc,
    polar,
    stroke,
)
from importers.demo.illustrations.palette import Colour, Inks

WIDTH, HEIGHT = 1600, 900
MIDDLE: Point = (WIDTH / 2, HEIGHT / 2)


class Sheet:
    """A drawing in a frame of fixed units that covers the wanted size, whatever its proportions.

    The frame is cropped around its middle and never squeezed, so a square is the middle of the
    wide picture. Angles and circles stay what they are.
    """

    def __init__(
        self,
        size: tuple[int, int],
        inks: Inks,
        *,
        frame: tuple[float, float, float, float] = (0, 0, WIDTH, HEIGHT),
        mirrored: bool = False,
    ) -> None:
        self.inks = inks
        # Small prints need finer sampling for the same edge; in large ones memory counts.
        self._oversampling = 3 if max(size) > 1000 else 4
        width, height = (side * self._oversampling for side in size)
        left, top, across, down = frame
        self._scale = max(width / across, height / down)
        self._flip = -1 if mirrored else 1
        middle = left + across / 2, top + down / 2
        self._shift = width / 2 - self._flip * self._scale * middle[0], height / 2 - self._scale * middle[1]
        self._image = Image.new("RGB", (width, height), inks.ground)
        self._pen = ImageDraw.Draw(self._image)

    def fill(self, shape: Sequence[Point], colour: Colour) -> None:
        """Print one flat shape."""
        if len(shape) > 2:
            self._pen.polygon(self._placed(shape), fill=colour)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Print a full circle."""
        self.fill(disc(centre, radius), colour)

    def ring(self, centre: Point, radius: float, width: float, colour: Colour) -> None:
        """Print a circle line of that width, centred on the radius."""
        inner, outer = radius - width / 2, radius + width / 2
        # In two halves, as a single outline would leave a seam.
        self.fill(band(centre, inner, outer, 0, 180), colour)
        self.fill(band(centre, inner, outer, 180, 360), colour)

    def line(self, path: Sequence[Point], width: float, colour: Colour, *, round_ends: bool = False) -> None:
        """Print a line along a path."""
        self.fill(stroke(path, width), colour)
        if round_ends:
            for end in (path[0], path[-1]):
                self.disc(end, width / 2, colour)

    def curve(
        self, centre: Point, radius: float, width: float, span: tuple[float, float], colour: Colour
    ) -> None:
        """Print a piece of a circle line with round ends."""
        self.fill(band(centre, radius - width / 2, radius + width / 2, *span), colour)
        for angle in span:
            self.disc(polar(centre, radius, angle), width / 2, colour)

    def exchange(self, one: Iterable[Shape], other: Iterable[Shape], colour: Colour) -> None:
        """Print where exactly one of two groups of shapes lies: the tones change places."""
        stencil = ImageChops.difference(self._stencil(one), self._stencil(other))
        self._image.paste(colour, mask=stencil)

    def finished(self) -> Image.Image:
        """The print, at the wanted size."""
        return self._image.reduce(self._oversampling)

    def _placed(self, shape: Sequence[Point]) -> Shape:
        (dx, dy), across, down = self._shift, self._scale * self._flip, self._scale
        return [(dx + x * across, dy + y * down) for x, y in shape]

    def _stencil(self, shapes: Iterable[Shape]) -> Image.Image:
        stencil = Image.new("L", self._image.size)
        pen = ImageDraw.Draw(stencil)
        for shape in shapes:
            pen.polygon(self._placed(shape), fill=255)
        return stencil
