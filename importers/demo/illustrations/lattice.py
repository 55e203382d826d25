"""Finance and crypto: lattices, weaves, chains, tilings."""

from math import exp, hypot, sqrt
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, Shape, arc, band, box, polar, turned
from importers.demo.illustrations.palette import mix
from importers.demo.illustrations.sheet import MIDDLE, Sheet


@shows("Ein Muster aus räumlich wirkenden Würfeln; einer, farblich abgesetzt, steht auf dem Kopf.")
def blocks(sheet: Sheet, rng: Random) -> None:
    """Tumbling blocks; one of them stands on its head."""
    inks = sheet.inks
    radius = rng.choice((130, 170, 225))
    turn = rng.choice((0, 30, 90))
    across, down = radius * sqrt(3), radius * 1.5
    rows, columns = int(1100 / down) + 1, int(1100 / across) + 1
    heart = (MIDDLE[0] + rng.uniform(-170, 170), MIDDLE[1] + rng.uniform(-90, 90))
    dark = inks.ground
    middle = mix(inks.ground, inks.form, 0.36)
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            centre = (heart[0] + (column + (row % 2) / 2) * across, heart[1] + row * down)
            flipped = row == column == 0
            colours = (
                (inks.signal, inks.form, mix(inks.signal, inks.ground, 0.35))
                if flipped
                else (inks.form, dark, middle)
            )
            for side, colour in enumerate(colours):
                first = 210 + side * 120 + (180 if flipped else 0)
                face = [centre, *(polar(centre, radius, first + step) for step in (0, 60, 120))]
                sheet.fill(turned(face, turn, heart), colour)


@shows(
    "Ein Geflecht aus Bändern in zwei Farben, die sich über- und unterlaufen; ein Band hat eine dritte Farbe."
)
def weave(sheet: Sheet, rng: Random) -> None:
    """Ribbons over and under each other; one is of another stuff."""
    inks = sheet.inks
    pitch = rng.choice((150, 190, 240))
    width, angle = pitch * 0.62, rng.choice((45, 30, 0, 62))
    gap = pitch * 0.06
    half = int(1000 / pitch) + 1
    odd = rng.choice((-1, 0, 1))

    def ribbon(i: int, start: float, end: float, *, upright: bool, extra: float = 0) -> Shape:
        side, reach = width + 2 * extra, end - start
        place = i * pitch - side / 2
        flat = box(place, start, side, reach) if upright else box(start, place, reach, side)
        return turned([(x + MIDDLE[0], y + MIDDLE[1]) for x, y in flat], angle, MIDDLE)

    for i in range(-half, half + 1):
        sheet.fill(ribbon(i, -1100, 1100, upright=True), inks.tone)
    for i in range(-half, half + 1):
        sheet.fill(ribbon(i, -1100, 1100, upright=False, extra=gap), inks.ground)
        sheet.fill(ribbon(i, -1100, 1100, upright=False), inks.signal if i == odd else inks.form)
    for i in range(-half, half + 1):
        for j in range(-half, half + 1):
            if (i + j) % 2:
                start, end = j * pitch - width / 2 - gap, j * pitch + width / 2 + gap
                sheet.fill(ribbon(i, start, end, upright=True, extra=gap), inks.ground)
                sheet.fill(ribbon(i, start - 2, end + 2, upright=True), inks.tone)


@shows("Eine Kette aus runden Gliedern zieht sich durch das Bild; ein Glied in anderer Farbe ist offen.")
def chain(sheet: Sheet, rng: Random) -> None:
    """Links of a chain across the sheet; one link is not closed."""
    inks = sheet.inks
    radius = rng.choice((170, 220, 280))
    width, pitch = radius * 0.32, radius * 1.5
    angle = rng.choice((-32, -18, 0, 26))
    half = int(1000 / pitch) + 1
    odd = rng.choice((0, -1))
    centres = {i: polar(MIDDLE, (i + 0.5) * pitch, angle) for i in range(-half, half)}

    def lay(i: int, start: float, end: float) -> None:
        colour = inks.signal if i == odd else inks.form if i % 2 else inks.tone
        halo = (radius - width * 0.66, radius + width * 0.66)
        link = (radius - width / 2, radius + width / 2)
        sheet.fill(band(centres[i], *halo, angle + start, angle + end), inks.ground)
        # A little longer than its halo, so that the pieces of one link join without a seam.
        sheet.fill(band(centres[i], *link, angle + start - 1, angle + end + 1), colour)

    for i in centres:
        lay(i, 126 if i == odd else 98, 270)
        lay(i, 270, 426 if i == odd else 458)
        if i - 1 in centres:
            # The crossing below lies on top again: that makes it a chain and not a pile.
            lay(i - 1, 4, 66)


@shows(
    "Ein Netz aus Punkten und Linien; ein großer, andersfarbiger Punkt ist verschoben und zieht es mit sich."
)
def pull(sheet: Sheet, rng: Random) -> None:
    """A net of nodes; one is drawn out and bends the rest."""
    inks = sheet.inks
    pitch = rng.choice((150, 180, 225))
    three = rng.random() < 0.6
    down = pitch * sqrt(3) / 2 if three else pitch
    half_x, half_y = int(900 / pitch) + 2, int(560 / down) + 2
    reach, heading = pitch * 1.1, rng.uniform(0, 360)
    odd = rng.choice((-1, 0, 1))
    home = (MIDDLE[0] + odd * pitch, MIDDLE[1])

    def place(column: int, row: int) -> Point:
        x = MIDDLE[0] + (column + ((row % 2) / 2 if three else 0)) * pitch
        y = MIDDLE[1] + row * down
        pulled = reach * exp(-((hypot(x - home[0], y - home[1]) / (pitch * 1.5)) ** 2))
        return polar((x, y), pulled, heading)

    thread = mix(inks.ground, inks.form, 0.38)
    cells = [(c, r) for r in range(-half_y, half_y + 1) for c in range(-half_x, half_x + 1)]
    for c, r in cells:
        lean = (r % 2) if three else 0
        near = [(c + 1, r), (c + lean, r + 1)] + ([(c + lean - 1, r + 1)] if three else [])
        for other in near:
            sheet.line((place(c, r), place(*other)), pitch * 0.09, thread)
    for c, r in cells:
        drawn = (c, r) == (odd, 0)
        sheet.disc(place(c, r), pitch * (0.34 if drawn else 0.2), inks.signal if drawn else inks.form)


@shows("Ein Muster aus spitzen Blättern, die sich zu Kreisen fügen; eines in anderer Farbe liegt quer.")
def leaves(sheet: Sheet, rng: Random) -> None:
    """Circles that share their arcs; one leaf lies across."""
    inks = sheet.inks
    side = rng.choice((150, 200, 300))
    turn = rng.choice((0, 45))
    half_x, half_y = int(1150 / side) + 1, int(1150 / side) + 1
    odd = (rng.choice((-1, 0)), rng.choice((-1, 0)))
    for row in range(-half_y, half_y):
        for column in range(-half_x, half_x):
            left, top = MIDDLE[0] + column * side, MIDDLE[1] + row * side
            rising = (row + column) % 2 == 0
            crossed = (row, column) == odd
            if rising != crossed:
                leaf = arc((left, top), side, 0, 90) + arc((left + side, top + side), side, 180, 270)
            else:
                leaf = arc((left + side, top), side, 90, 180) + arc((left, top + side), side, 270, 360)
            colour = inks.signal if crossed else inks.form
            sheet.fill(turned(leaf, turn, MIDDLE), colour)


COMPOSITIONS = (blocks, weave, chain, pull, leaves)
