"""Technology: boards, paths, cables, punched cards."""

from math import hypot
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, Shape, arc, fillet, parallel, rounded, turned
from importers.demo.illustrations.sheet import MIDDLE, Sheet


@shows(
    "Leiterbahnen biegen gemeinsam ab; die äußere in anderer Farbe läuft geradeaus und endet in einem Ring."
)
def bundle(sheet: Sheet, rng: Random) -> None:
    """Conductors running side by side; one goes straight on where the others bend, and ends."""
    inks = sheet.inks
    lanes, width, pitch = rng.choice(((7, 48, 84), (5, 72, 118), (6, 56, 98)))
    spine, outside = rng.choice(
        (
            ([(-200, 400), (470, 400), (900, 830), (900, 1900)], -1),
            ([(660, -200), (660, 200), (1060, 600), (1900, 600)], 1),
            ([(-200, 470), (400, 470), (740, 130), (1900, 130)], 1),
            ([(-200, 470), (600, 470), (1200, -130), (1300, -230)], 1),
        )
    )
    reach = (lanes - 1) / 2
    for lane in range(lanes):
        path = parallel(spine, (lane - reach) * pitch)
        if lane - reach != outside * reach:
            sheet.line(path, width, inks.form if lane % 3 else inks.tone)
            continue
        (x0, y0), (x, y) = path[:2]
        length = hypot(x - x0, y - y0)
        ahead = ((x - x0) / length, (y - y0) / length)
        end = (x + ahead[0] * 250, y + ahead[1] * 250)
        sheet.line((path[0], end), width, inks.signal)
        sheet.ring((end[0] + ahead[0] * 60, end[1] + ahead[1] * 60), 60, width * 0.75, inks.signal)


@shows(
    "Ein quadratischer Chip mit Anschlüssen nach allen Seiten; einer ist kurz, abgerückt und andersfarbig."
)
def chip(sheet: Sheet, rng: Random) -> None:
    """One component and its legs; one leg is pulled."""
    inks = sheet.inks
    pins, body = rng.choice(((5, 460), (4, 400), (5, 520)))
    angle = rng.choice((0, 45))
    centre: Point = (rng.choice((700, 800, 900)), rng.choice((420, 480)))
    pitch = body / pins
    left, top = centre[0] - body / 2, centre[1] - body / 2
    odd = (rng.choice((1, 3)) if angle == 0 else rng.randrange(4), rng.randrange(1, pins - 1))
    for side in range(4):
        for pin in range(pins):
            x = left + (pin + 0.5) * pitch
            # A pulled leg stands off; all others reach under the body and out of the picture.
            near, far, colour = top + 40, -1400.0, inks.form
            if (side, pin) == odd:
                near, far, colour = top - 56, top - 210, inks.signal
            leg = turned([(x, near), (x, far)], side * 90 + angle, centre)
            sheet.line(leg, pitch * (0.62 if colour == inks.signal else 0.5), colour)
    for inset, corner, colour in (
        (-26, 56, inks.ground),
        (0, 40, inks.form),
        (90, 20, inks.ground),
        (120, 8, inks.tone),
    ):
        side_length = body - 2 * inset
        plate = rounded(left + inset, top + inset, side_length, side_length, corner)
        sheet.fill(turned(plate, angle, centre), colour)


@shows("Eine Lochkarte mit länglichen Löchern in lückenhaften Reihen; eines hat eine andere Farbe.")
def punched(sheet: Sheet, rng: Random) -> None:
    """A punched card; one hole is where none should be."""
    inks = sheet.inks
    columns, rows = rng.choice(((12, 5), (9, 4), (7, 3)))
    angle = rng.choice((0, -12, 8))
    pitch_x, pitch_y = 1500 / columns, 860 / rows
    odd = (columns // 2 + rng.choice((-1, 0, 1)), rng.randrange(1, rows - 1))
    card: Shape = [(170, 40), (1560, 40), (1560, 860), (40, 860), (40, 170)]
    big = [(800 + (x - 800) * 1.06, 450 + (y - 450) * 1.06) for x, y in card]
    sheet.fill(turned(big, angle, MIDDLE), inks.form)
    for column in range(columns):
        for row in range(rows):
            x, y = 50 + (column + 0.5) * pitch_x, 20 + (row + 0.5) * pitch_y
            slot = rounded(x - pitch_x * 0.2, y - pitch_y * 0.34, pitch_x * 0.4, pitch_y * 0.68, 12)
            if (column, row) == odd:
                sheet.fill(turned(slot, angle, MIDDLE), inks.signal)
            elif rng.random() < 0.55:
                sheet.fill(turned(slot, angle, MIDDLE), inks.ground)


@shows("Ein Bündel Kabel schwingt in zwei Bögen durch das Bild; ein andersfarbiges endet in einem Stecker.")
def cables(sheet: Sheet, rng: Random) -> None:
    """Cables that swing over and under in one bundle; one of them ends in the air."""
    inks = sheet.inks
    count, pitch = rng.choice(((6, 84), (5, 104), (7, 70)))
    width = pitch * 0.6
    angle = rng.choice((0, 180, 90, -90, -35, 145))
    apart = (count + 1) * pitch
    left, right = (MIDDLE[0] - apart / 2, MIDDLE[1]), (MIDDLE[0] + apart / 2, MIDDLE[1])

    def laid(shape: Shape) -> Shape:
        return turned(shape, angle, MIDDLE)

    for i in range(1, count + 1):
        # Small loop meets large loop: the radii of each cable add up to the distance.
        over, under = i * pitch, apart - i * pitch
        loose = i == 1
        colour = inks.signal if loose else inks.form if i % 3 else inks.tone
        tail = MIDDLE[1] + 150 if loose else 2000
        down = [(left[0] - over, tail)]
        up = [(right[0] + under, -1100)]
        path = [*down, *arc(left, over, 180, 360), *arc(right, under, 180, 0), *up]
        sheet.line(laid(path), width, colour)
        if loose:
            plug = rounded(left[0] - over - pitch * 0.42, tail - 10, pitch * 0.84, pitch * 1.5, 16)
            sheet.fill(laid(plug), colour)


@shows(
    "Eine breite Leitung windet sich hin und her; ein andersfarbiges Stück hat sich gelöst und liegt schief."
)
def meander(sheet: Sheet, rng: Random) -> None:
    """One conductor, back and forth over the whole board; a piece has come loose."""
    inks = sheet.inks
    pitch = rng.choice((140, 190, 250))
    width, turn = pitch * 0.56, rng.choice((0, 90, -28, 45))
    half = int(1100 / pitch) + 2
    reach = 560 if turn == 90 else rng.choice((300, 370))
    path: Shape = []
    for run in range(-half, half + 1):
        ends = [(MIDDLE[0] + run * pitch, MIDDLE[1] + side * reach) for side in (1, -1)]
        path += ends if run % 2 else ends[::-1]
    sheet.line(turned(fillet(path, pitch / 2 - 0.01), turn, MIDDLE), width, inks.form)
    gap = min(reach * 0.62, 250)
    piece = gap - width * 0.45
    x, y = MIDDLE
    sheet.line(turned([(x, y - gap), (x, y + gap)], turn, MIDDLE), width + 6, inks.ground)
    sheet.line(turned([(x, y - piece), (x, y + piece)], turn + 9, MIDDLE), width, inks.signal)


COMPOSITIONS = (bundle, chip, punched, cables, meander)
