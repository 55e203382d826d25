"""Society: many circles, and one that is different."""

from math import hypot, pi
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, arc, clip, disc, moved, polar
from importers.demo.illustrations.palette import mix
from importers.demo.illustrations.sheet import HEIGHT, MIDDLE, Sheet


@shows("Reihen gleich ausgerichteter Halbkreise; ein einziger, in anderer Farbe, zeigt in die Gegenrichtung.")
def facing(sheet: Sheet, rng: Random) -> None:
    """Half-rounds that all look one way; one looks back."""
    inks = sheet.inks
    rows = rng.choice((3, 4, 5))
    pitch = HEIGHT / (rows - 0.25)
    half = int(900 / pitch) + 2
    heading = rng.choice((0, 0, 45, -90))
    odd = (rows // 2, rng.choice((-1, 0)))
    for row in range(-1, rows + 1):
        for column in range(-half, half + 1):
            x = MIDDLE[0] + (column + (row % 2) * 0.5) * pitch
            y = MIDDLE[1] + (row - (rows - 1) / 2) * pitch
            wrong = (row, column) == odd
            at = heading - 90 + (180 if wrong else 0)
            colour = inks.signal if wrong else inks.form if (row + column) % 3 else inks.tone
            sheet.fill(arc((x, y), pitch * 0.46, at, at + 180), colour)


@shows("Halbkreise in Ringen, die Rundung zur leeren Mitte; im innersten ist ein andersfarbiger umgedreht.")
def round_table(sheet: Sheet, rng: Random) -> None:
    """Half-rounds in rings, all turned to the middle; one has turned away."""
    inks = sheet.inks
    size = rng.choice((84, 100, 120))
    centre: Point = rng.choice((MIDDLE, (620, 560), (800, 860)))
    first, leaver = 2, -62
    for ring in range(first, round(1300 / size / 1.25)):
        radius = (ring + 0.6) * size * 1.25
        seats = int(2 * pi * radius / size / 2.2)
        for seat in range(seats):
            if (ring, seat) != (first, 0):
                at = leaver + 360 * seat / seats
                place = polar(centre, radius, at)
                sheet.fill(arc(place, size, at + 90, at + 270), inks.form if ring % 3 else inks.tone)
    inwards = polar(centre, (first + 0.6) * size * 1.25 - size * 1.02, leaver)
    sheet.fill(arc(inwards, size, leaver - 90, leaver + 90), inks.signal)


@shows("Viele Punkte von oben, mit langen Schatten; der eines andersfarbigen fällt in die Gegenrichtung.")
def shadows(sheet: Sheet, rng: Random) -> None:
    """People from high above, each with a shadow; one shadow falls elsewhere."""
    inks = sheet.inks
    pitch = rng.choice((280, 340, 410))
    heading = rng.choice((28, 90, 152))
    shadow = mix(inks.ground, inks.form, 0.24)
    half_x, half_y = int(900 / pitch) + 2, int(600 / pitch) + 2
    odd = rng.choice(((0, 0), (-1, 0), (-1, -1), (1, 0), (1, -1)))
    people: list[tuple[Point, bool]] = []
    for row in range(-half_y, half_y + 1):
        for column in range(-half_x, half_x + 1):
            x = MIDDLE[0] + (column + (row % 2) / 2) * pitch
            stray = polar(
                (x, MIDDLE[1] + row * pitch * 0.82), pitch * 0.1 * rng.random(), rng.uniform(0, 360)
            )
            people.append((stray, (row, column) == odd))
    width = pitch * 0.38
    for place, wrong in people:
        end = polar(place, pitch * 0.5, heading + (180 if wrong else 0))
        sheet.line((place, end), width, shadow, round_ends=True)
    for place, wrong in people:
        sheet.disc(place, width / 2, inks.signal if wrong else inks.form)


@shows("Eine Reihe großer Kreise, die sich überschneiden; einer in anderer Farbe ist aus der Reihe gerückt.")
def overlap(sheet: Sheet, rng: Random) -> None:
    """Circles that share ground; one stands out of the row."""
    inks = sheet.inks
    radius = rng.choice((230, 300, 340))
    pitch = radius * rng.choice((1.2, 1.4))
    heading = rng.choice((0, 0, -28, 30))
    reach = int(1100 / pitch) + 1
    odd = rng.choice((-1, 0))
    lift = polar((0, 0), radius * 0.45, heading - 90)
    circles = {i: disc(polar(MIDDLE, (i + 0.5) * pitch, heading), radius) for i in range(-reach, reach)}
    lifted = moved(circles.pop(odd), *lift)
    sheet.exchange(
        [c for i, c in circles.items() if i % 2], [c for i, c in circles.items() if not i % 2], inks.form
    )
    sheet.fill(lifted, inks.signal)
    for beside in (odd - 1, odd + 1):
        sheet.fill(clip(lifted, circles[beside]), inks.ground)


@shows("Eine Menge aus dicht gedrängten Punkten; ein größerer in anderer Farbe steht allein abseits.")
def gathering(sheet: Sheet, rng: Random) -> None:
    """A crowd that stands close together; one is on its way."""
    inks = sheet.inks
    pitch = rng.choice((96, 124, 160))
    centre, radius, way = rng.choice((((420, 520), 560, -22), ((800, 1130), 830, -80), ((300, 60), 700, 42)))
    half = int(radius / pitch) + 2
    for row in range(-half, half + 1):
        for column in range(-half, half + 1):
            x = centre[0] + (column + (row % 2) / 2) * pitch
            y = centre[1] + row * pitch * 0.866
            if hypot(x - centre[0], y - centre[1]) < radius:
                sheet.disc((x, y), pitch * 0.42, inks.form if (row + 2 * column) % 7 else inks.tone)
    sheet.disc(polar(centre, radius + pitch * 0.42 + 90, way), pitch * 0.62, inks.signal)


COMPOSITIONS = (facing, round_table, shadows, overlap, gathering)
