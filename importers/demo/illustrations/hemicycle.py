"""Politics: the half-round of seats, benches and votes."""

from itertools import pairwise
from math import degrees, pi
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, band, moved, polar
from importers.demo.illustrations.sheet import HEIGHT, MIDDLE, WIDTH, Sheet


@shows(
    "Ein Halbrund aus Punkten in zwei Farben, wie ein Plenum; ein andersfarbiger ist zur Mitte vorgetreten."
)
def assembly(sheet: Sheet, rng: Random) -> None:
    """Rows of seats from above; one seat has stepped forward."""
    inks = sheet.inks
    centre, pitch, rows, turn = rng.choice(
        (
            ((800, 838), 116, 5, 0),
            ((620, 960), 158, 5, 0),
            ((330, 450), 122, 6, 90),
        )
    )
    majority = rng.choice((0.42, 0.5, 0.62))
    restless = rng.uniform(0.4, 0.62)
    for row in range(rows):
        radius = pitch * (row + 2)
        seats = round(pi * radius / pitch)
        leaver = round(restless * seats) if row == 0 else -1
        for seat in range(seats + 1):
            share = seat / seats
            angle = 180 + 180 * share + turn
            if seat == leaver:
                sheet.disc(polar(centre, radius - pitch * 1.1, angle), pitch * 0.37, inks.signal)
            else:
                colour = inks.form if share <= majority else inks.tone
                sheet.disc(polar(centre, radius, angle), pitch * 0.37, colour)


@shows("Ein Halbrund aus Blöcken, von Gängen geteilt; am Außenrand rückt ein andersfarbiges Stück hinaus.")
def blocs(sheet: Sheet, rng: Random) -> None:
    """Blocks of benches between aisles; one piece moves out of its bloc."""
    inks = sheet.inks
    centre: Point = rng.choice(((800, 850), (640, 900), (800, 1000)))
    inner, depth, rings = rng.choice(((210, 142, 4), (250, 190, 3)))
    cuts = [180.0, *sorted(rng.sample((206, 222, 238, 258, 277, 296, 314, 332), 4)), 360.0]
    # The bloc at the top stays in the picture however it is cropped.
    odd_bloc = min((1, 2, 3), key=lambda bloc: abs(cuts[bloc] + cuts[bloc + 1] - 540))
    odd_ring = rings - 1
    for bloc, (start, end) in enumerate(pairwise(cuts)):
        for ring in range(rings):
            near = inner + ring * depth
            if (bloc, ring) != (odd_bloc, odd_ring):
                piece = band(centre, near, near + depth - 16, start, end)
                sheet.fill(piece, inks.form if bloc % 2 else inks.tone)
    for cut in cuts:
        sheet.line((centre, polar(centre, 1800, cut)), 18, inks.ground)
    start, end = cuts[odd_bloc], cuts[odd_bloc + 1]
    near = inner + odd_ring * depth
    gap = 90 / near * 18 / pi
    out = polar((0, 0), 62, (start + end) / 2)
    sheet.fill(moved(band(centre, near, near + depth - 16, start + gap, end - gap), *out), inks.signal)


@shows(
    "Lange, gebogene Bänke hintereinander, von Gängen geteilt; eine andersfarbige ist in den Gang gerutscht."
)
def benches(sheet: Sheet, rng: Random) -> None:
    """Long curved benches, parted by aisles; one bench has been pushed into the aisle."""
    inks = sheet.inks
    centre: Point = rng.choice(((120, 1000), (330, 1080), (800, 1120)))
    width, pitch = rng.choice(((76, 112), (104, 150)))
    middle = -48 if centre[0] < 500 else -90
    aisles = (middle - 84, middle - 27, middle + 27, middle + 84)
    count = int(1700 / pitch)
    odd = round((620 if centre[0] < 800 else 700) / pitch)
    for i in range(2, count):
        radius = i * pitch
        # The aisle is as wide outside as inside, so the angle shrinks with the radius.
        gap = degrees((width * 0.5 + 34) / radius)
        for start, end in pairwise(aisles):
            sheet.curve(centre, radius, width, (start + gap, end - gap), inks.form)
        if i == odd:
            sheet.curve(centre, radius, width + 8, (aisles[1] + gap, aisles[2] - gap), inks.ground)
            pushed = (aisles[1] + gap - 14, aisles[2] - gap - 14)
            sheet.curve(centre, radius, width, pushed, inks.signal)


@shows("Bögen reihen sich wie Fischschuppen; einer in anderer Farbe schiebt sich höher als seine Nachbarn.")
def scales(sheet: Sheet, rng: Random) -> None:
    """Hemicycle upon hemicycle, like scales; one rises above its row."""
    inks = sheet.inks
    radius = rng.choice((200, 266.7, 350))
    rows = int(HEIGHT / radius * 2) + 3
    columns = int(WIDTH / radius / 2) + 2
    odd = (rows // 2 - 1, columns // 2)
    for row in range(rows):
        for column in range(columns):
            x = (column - (row % 2) * 0.5) * 2 * radius
            y = (row + 0.6) * radius / 2
            raised = (row, column) == odd
            bright = inks.signal if raised else inks.form
            y -= radius * 0.42 if raised else 0
            for share, colour in ((1.0, inks.ground), (0.94, bright), (0.66, inks.ground), (0.4, bright)):
                sheet.disc((x, y), radius * share, colour)


@shows(
    "Zwei Halbkreise stehen sich gegenüber, einer aus Bögen, einer aus Strahlen; ein Bogen ist andersfarbig."
)
def chambers(sheet: Sheet, rng: Random) -> None:
    """Two chambers face to face, one in benches and one in seats; one bench crosses over."""
    inks = sheet.inks
    tilt = rng.choice((-64, -28, 0, 24, 90))
    largest, rows, rays = rng.choice(((430, 4, 11), (560, 5, 13), (640, 4, 9)))
    aside = polar((0, 0), 22, tilt - 90)
    here: Point = (MIDDLE[0] + aside[0], MIDDLE[1] + aside[1])
    there: Point = (MIDDLE[0] - aside[0], MIDDLE[1] - aside[1])
    step = largest / (rows + 0.5)
    odd = rng.randrange(1, rows - 1)
    for i in range(rows):
        inner = step * (i + 0.5)
        colour = inks.signal if i == odd else inks.form
        sheet.fill(band(here, inner, inner + step * 0.62, tilt + 180, tilt + 360), colour)
    span = 180 / (2 * rays - 1)
    for i in range(rays):
        at = tilt + 2 * i * span
        sheet.fill(band(there, step * 0.5, largest - step * 0.38, at, at + span), inks.form)


@shows("Verschieden lange Strahlen öffnen sich wie ein Fächer; ein breiterer in anderer Farbe bleibt zurück.")
def votes(sheet: Sheet, rng: Random) -> None:
    """Hands of a vote, fanned out; one stands shorter and aside."""
    inks = sheet.inks
    centre: Point = rng.choice(((800, 930), (520, 960), (800, 1080)))
    count = rng.choice((15, 19, 23))
    step = 180 / count
    odd = round(count * rng.uniform(0.35, 0.65))
    for i in range(count + 1):
        angle = 180 + i * step
        reach = 760 + 110 * (1 if i % 3 == 0 else -0.4 if i % 3 == 1 else 0.2)
        inner = 250
        colour = inks.form if i % 2 else inks.tone
        half = step * 0.33
        if i == odd:
            colour, reach, inner, half = inks.signal, 640, 110, step * 0.48
        sheet.fill(band(centre, inner, reach, angle - half, angle + half), colour)


COMPOSITIONS = (assembly, blocs, benches, scales, chambers, votes)
