"""Science: orbits, phases, waves, eclipses."""

from math import cos, radians
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, Shape, arc, band, disc, polar
from importers.demo.illustrations.sheet import MIDDLE, Sheet


@shows("Planeten auf Kreisbahnen um eine große Scheibe; einer in anderer Farbe schwebt zwischen zwei Bahnen.")
def system(sheet: Sheet, rng: Random) -> None:
    """A sun and its planets; one planet has left its orbit."""
    inks = sheet.inks
    centre, heading, swing = rng.choice((((200, 760), -30, 26), ((800, 1010), -90, 42), ((330, 450), 0, 34)))
    pitch, line = rng.choice(((170, 20), (220, 26)))
    sheet.disc(centre, 230, inks.form)
    odd = rng.choice((1, 2))
    for i in range(1, 8):
        sheet.ring(centre, 210 + i * pitch, line, inks.tone)
    for i in range(1, 8):
        radius = 210 + i * pitch + (pitch / 2 if i == odd else 0)
        aside = rng.choice((-1, 1)) * swing * rng.uniform(0.5, 1)
        place = polar(centre, radius, heading + (0 if i == odd else aside))
        size = pitch * (0.36 if i == odd else rng.choice((0.22, 0.3, 0.4)))
        if i != odd:
            sheet.disc(place, size + line, inks.ground)
        sheet.disc(place, size, inks.signal if i == odd else inks.form)


@shows("Mondphasen in Reihen; eine Sichel in anderer Farbe zeigt zur entgegengesetzten Seite.")
def phases(sheet: Sheet, rng: Random) -> None:
    """The phases of a moon; one turns the other way."""
    inks = sheet.inks
    columns, rows = rng.choice(((5, 3), (4, 2), (6, 3)))
    pitch = 1600 / columns
    radius = pitch * 0.4
    odd = (columns // 2, rng.randrange(rows))
    for row in range(rows):
        for column in range(columns):
            centre = ((column + 0.5) * pitch, 450 + (row - (rows - 1) / 2) * pitch)
            step = (column + row * 2) % (columns + 1)
            wrong = (column, row) == odd
            sheet.disc(centre, radius, inks.shade)
            sheet.fill(
                _phase(centre, radius, 0.34 if wrong else step / (columns + 1), wrong),
                inks.signal if wrong else inks.form,
            )


def _phase(centre: Point, radius: float, age: float, backwards: bool) -> Shape:
    """The lit part of a moon: half a disc and the line of dusk, half an ellipse."""
    dusk = cos(radians(180 * age))
    side = -1 if backwards else 1
    limb = [(centre[0] + side * (x - centre[0]), y) for x, y in arc(centre, radius, -90, 90)]
    return limb + [(centre[0] + side * dusk * (x - centre[0]), y) for x, y in arc(centre, radius, 90, -90)]


@shows(
    "Kreise liegen ineinander und berühren sich in einem Punkt; ein kleiner, andersfarbiger liegt abseits."
)
def tangent(sheet: Sheet, rng: Random) -> None:
    """Orbits that touch in a single point; one does not."""
    inks = sheet.inks
    touch: Point = rng.choice(((800, 880), (240, 450), (480, 800)))
    heading = {800: -90, 240: 0, 480: -45}[int(touch[0])]
    count = rng.choice((6, 8))
    largest = rng.choice((560, 640))
    for i in range(count):
        radius = largest * (1 - i / count)
        sheet.disc(polar(touch, radius, heading), radius, inks.form if i % 2 == 0 else inks.ground)
    last = largest / count
    sheet.disc(polar(touch, largest, heading + 24), last * 0.8, inks.signal)


@shows("Zwei Wellenkreise überlagern sich zu einem Karomuster; einer der Mittelpunkte ist andersfarbig.")
def waves(sheet: Sheet, rng: Random) -> None:
    """Two circles of waves run through each other; one of the sources is known."""
    inks = sheet.inks
    pitch = rng.choice((72, 96, 120))
    gap = min(pitch * rng.choice((2.5, 3.5)), 330)
    tilt = rng.choice((0, -24, 35, 90))
    one, other = polar(MIDDLE, -gap, tilt), polar(MIDDLE, gap, tilt)

    def rings(centre: Point) -> list[Shape]:
        shapes: list[Shape] = [disc(centre, pitch / 2)]
        for i in range(1, int(700 / pitch) + 1):
            inner = (2 * i - 0.5) * pitch
            shapes += [band(centre, inner, inner + pitch, at, at + 180) for at in (0, 180)]
        return shapes

    sheet.exchange(rings(one), rings(other), inks.form)
    sheet.disc(one, pitch * 0.5, inks.signal)


@shows(
    "Zwei große Scheiben überschneiden sich vor blassen Ringen; im Schnitt liegt ein andersfarbiger Punkt."
)
def eclipse(sheet: Sheet, rng: Random) -> None:
    """One body before another; a small third looks on."""
    inks = sheet.inks
    radius = rng.choice((300, 360))
    heading = rng.choice((-30, 0, 40, -65))
    apart = radius * rng.choice((0.5, 0.8))
    one, other = polar(MIDDLE, -apart, heading), polar(MIDDLE, apart, heading)
    for i in (3, 2, 1):
        sheet.disc(one, radius + i * 110, inks.shade if i % 2 else inks.ground)
    sheet.exchange([disc(one, radius)], [disc(other, radius)], inks.form)
    sheet.disc(polar(MIDDLE, radius * 0.2, heading + 90), 52, inks.signal)


@shows(
    "Halbe Ringe liegen ineinander, jeder etwas weiter gedreht; einer in anderer Farbe fällt aus der Folge."
)
def gyre(sheet: Sheet, rng: Random) -> None:
    """Half-rings in half-rings, each turned a little further; one is ahead of its time."""
    inks = sheet.inks
    count, width = rng.choice(((5, 82), (6, 92), (7, 60)))
    turn, start = rng.choice((26, 38, -30, 60)), rng.uniform(0, 360)
    centre: Point = (rng.choice((640, 800, 960)), rng.choice((450, 520)))
    odd = rng.choice((1, 2))
    sheet.disc(centre, width * 0.8, inks.form)
    for i in range(count):
        inner = width * (1.05 + i * 1.25)
        at = start + turn * i + (150 if i == odd else 0)
        for half in (0, 180):
            sheet.fill(band(centre, inner, inner + width, half, half + 180), inks.shade)
        sheet.fill(band(centre, inner, inner + width, at, at + 180), inks.signal if i == odd else inks.form)


COMPOSITIONS = (system, phases, tangent, waves, eclipse, gyre)
