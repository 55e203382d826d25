"""Sport: lanes, pitches, the flight of a ball."""

from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, band, box, ellipse, polar, rounded, turned
from importers.demo.illustrations.sheet import MIDDLE, Sheet


@shows("Die Kurve einer Laufbahn, auf den Spuren Punkte; ein größerer in anderer Farbe liegt in Führung.")
def bend(sheet: Sheet, rng: Random) -> None:
    """The bend of a running track; one runner is out in front."""
    inks = sheet.inks
    centre, ahead = rng.choice((((250, 960), -34), ((420, 1100), -52), ((100, 560), -8)))
    lane = rng.choice((130, 165))
    inner = 260
    odd = rng.choice((1, 2)) if lane > 150 else 3
    for i in range(9):
        near = inner + i * lane
        for half in (0, 180):
            sheet.fill(
                band(centre, near, near + lane - 14, half, half + 180), inks.form if i % 2 else inks.tone
            )
        place = polar(centre, near + lane / 2 - 7, ahead if i == odd else ahead - 30 - 7 * ((i * 2) % 3))
        if abs(i - odd) < 3:
            sheet.disc(place, lane * (0.36 if i == odd else 0.28), inks.signal if i == odd else inks.ground)


@shows("Eine ovale Laufbahn von oben; eine Spur biegt nicht ab, sondern führt andersfarbig geradeaus hinaus.")
def stadium(sheet: Sheet, rng: Random) -> None:
    """The whole oval from above; one lane runs on where the others turn."""
    inks = sheet.inks
    angle = rng.choice((0, -24, 38, 90))
    lane = rng.choice((66, 84))
    for i in range(5, -1, -1):
        width, height = 560 + 2 * i * lane, 150 + 2 * i * lane
        oval = rounded(800 - width / 2, 450 - height / 2, width, height, height)
        sheet.fill(turned(oval, angle, MIDDLE), (inks.ground, inks.form)[i % 2])
    leaver = 5 if lane < 70 else 3
    sheet.fill(turned(box(720, 375 - leaver * lane, 1600, lane), angle, MIDDLE), inks.signal)


@shows("Ein Spielfeld von oben, der Rasen gestreift; ein andersfarbiger Ball liegt neben den Linien.")
def pitch(sheet: Sheet, rng: Random) -> None:
    """Chalk on grass; the ball lies where no mark is."""
    inks = sheet.inks
    angle = rng.choice((0, 28, -35, 90))
    for i in range(-8, 8):
        mown = box(800 + i * 190, -1000, 190, 3000)
        sheet.fill(turned(mown, angle, MIDDLE), inks.shade if i % 2 else inks.ground)
    line = 34
    if rng.random() < 0.5:
        sheet.line(turned([(800, -1200), (800, 2200)], angle, MIDDLE), line, inks.form)
        sheet.ring(MIDDLE, 310, line, inks.form)
        sheet.disc(MIDDLE, 40, inks.form)
        ball = polar(MIDDLE, 175, angle + rng.choice((35, 140, 220, 310)))
    else:
        for reach, half in ((520, 480), (170, 210)):
            marks = [
                (280, 450 - half),
                (280 + reach, 450 - half),
                (280 + reach, 450 + half),
                (280, 450 + half),
            ]
            sheet.line(turned(marks, angle, MIDDLE), line, inks.form)
        sheet.line(turned([(280, -1200), (280, 2200)], angle, MIDDLE), line, inks.form)
        spot = turned([(620, 450)], angle, MIDDLE)[0]
        sheet.disc(spot, 36, inks.form)
        sheet.fill(band(spot, 300 - line / 2, 300 + line / 2, angle - 53, angle + 53), inks.form)
        ball = turned([rng.choice(((1040, 300), (990, 670)))], angle, MIDDLE)[0]
    sheet.disc(ball, 70, inks.signal)


@shows("Bahnen in zwei Farben laufen in der Ferne zusammen; eine einzige hat eine dritte Farbe.")
def lanes(sheet: Sheet, rng: Random) -> None:
    """Lanes that run to the horizon; one belongs to somebody."""
    inks = sheet.inks
    horizon = rng.choice((-120, 150, 260))
    away: Point = (rng.choice((800, 560, 1040)), horizon)
    count = rng.choice((9, 11))
    width = 3000 / count
    odd = count // 2 + rng.choice((-1, 0, 1))
    for i in range(count):
        left = 800 + (i - count / 2) * width
        colour = inks.signal if i == odd else (inks.form, inks.ground)[i % 2]
        sheet.fill([away, (left, 960), (left + width, 960)], colour)
    if horizon > 0:
        # The far end of the lanes is cut off, or they would meet in a needle's point.
        sheet.fill(box(-10, -10, 1700, horizon + 70), inks.tone)


@shows(
    "Die Flugbahn eines Balls, der in Bögen über den Boden springt; er ist andersfarbig und noch in der Luft."
)
def bounce(sheet: Sheet, rng: Random) -> None:
    """The path of a ball, hop upon hop; the ball has not come down yet."""
    inks = sheet.inks
    floor = rng.choice((700, 760))
    width = rng.choice((40, 56))
    sheet.fill(box(-10, floor, 1700, 400), inks.tone)
    hops = rng.choice(
        (
            ((-420, 380, 640), (380, 1000, 420)),
            ((-120, 380, 520), (380, 820, 380), (820, 1240, 300)),
            ((-320, 480, 400), (480, 1480, 590)),
        )
    )
    for number, (left, right, height) in enumerate(hops, start=1):
        last = number == len(hops)
        times = [t / 60 for t in range(36 if last else 61)]
        path = [(left + (right - left) * t, floor - width / 2 - height * 4 * t * (1 - t)) for t in times]
        sheet.line(path, width, inks.form, round_ends=True)
        if last:
            sheet.fill(
                ellipse((path[-1][0], floor + 70), 110, 26),
                inks.shade,
            )
            sheet.disc(path[-1], 96, inks.signal)


@shows(
    "Die Ecke eines Spielfelds mit breiter Linie; ein andersfarbiger Ball berührt sie gerade noch von außen."
)
def court(sheet: Sheet, rng: Random) -> None:
    """The corner of a court; the ball is out, or is it?"""
    inks = sheet.inks
    angle = rng.choice((-28, 18, 45, -52))
    inside = turned(box(-900, -900, 1560, 1460), angle, MIDDLE)
    sheet.fill(inside, inks.tone)
    corner = turned([(660, -900), (660, 560), (-900, 560)], angle, MIDDLE)
    sheet.line(corner, 54, inks.form)
    ball = turned([(760, 400)], angle, MIDDLE)[0]
    sheet.disc((ball[0] + 40, ball[1] + 30), 80, inks.shade)
    sheet.disc(ball, 80, inks.signal)


COMPOSITIONS = (bend, stadium, pitch, lanes, bounce, court)
