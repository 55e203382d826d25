"""Culture: curtains, stages behind stages, light."""

from math import atan2, cos, pi
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, arch, bezier, box, clip, ellipse, rounded
from importers.demo.illustrations.palette import mix
from importers.demo.illustrations.sheet import MIDDLE, WIDTH, Sheet


@shows(
    "Ein zweifarbig gestreifter Vorhang, zu einer Seite hochgezogen; darunter liegt ein andersfarbiger Kreis."
)
def curtain(sheet: Sheet, rng: Random) -> None:
    """A curtain in folds, drawn up at one side; somebody stands there already."""
    inks = sheet.inks
    folds = rng.choice((10, 14, 18))
    width = WIDTH / folds
    height, fall = rng.choice((420, 540)), rng.choice((1.4, 2.2))
    for fold in range(folds):
        x = (fold + 0.5) * width
        drop = 970 - height * cos(min(x / 1400, 1) * pi / 2) ** fall
        sheet.fill(
            rounded(x - width / 2, -300, width, drop + 300, width / 2), inks.form if fold % 2 else inks.tone
        )
    sheet.disc((470, 790), 84, inks.signal)


@shows("Bühnenrahmen, einer im anderen, führen in die Tiefe; ganz hinten eine kleine, andersfarbige Tür.")
def prosceniums(sheet: Sheet, rng: Random) -> None:
    """Stages behind stages; far in, a lit door."""
    inks = sheet.inks
    frames = rng.choice((4, 5, 6))
    round_headed = rng.random() < 0.5
    drift = rng.choice((-60, 0, 60))
    for i in range(frames + 1):
        share = 1 - i / (frames + 0.6)
        width, floor = 1600 * share, 960 - 44 * i
        top = 40 + 620 * (1 - share) * 0.9
        left = MIDDLE[0] - width / 2 + drift * i / 2
        colour = inks.signal if i == frames else (inks.form, inks.ground)[i % 2]
        shape = arch(left, top, width, floor) if round_headed else box(left, top, width, floor - top)
        sheet.fill(shape, colour)


@shows(
    "Ein Lichtkegel fällt auf senkrechte Flächen und kehrt ihre Farben um; darin ein andersfarbiger Kreis."
)
def spotlight(sheet: Sheet, rng: Random) -> None:
    """A cone of light crosses the wings and turns their tones round."""
    inks = sheet.inks
    source: Point = (rng.choice((240, 480, 700)), -90)
    spot: Point = (rng.choice((840, 980)), 700)
    rx, ry = rng.choice(((330, 100), (260, 150)))
    count = rng.choice((1, 2, 3))
    width = WIDTH / count
    pool = ellipse(spot, rx, ry)
    # The outermost points of the pool, as the lamp sees them, are where the cone touches it.
    seen = sorted(pool, key=lambda p: atan2(p[1] - source[1], p[0] - source[0]))
    stripes = [box(i * width, -20, width / 2, 1000) for i in range(count)]
    sheet.exchange(stripes, [[source, seen[0], seen[-1]], pool], inks.form)
    sheet.disc((spot[0], spot[1] - 50), 74, inks.signal)


@shows(
    "Rundbogentüren in gleichen Abständen, jede mit seitlichem Schatten; nur eine ist ganz in anderer Farbe."
)
def arcade(sheet: Sheet, rng: Random) -> None:
    """Doors in a wall with long shadows; behind one there is light."""
    inks = sheet.inks
    count, tiers = rng.choice(((3, 1), (4, 1), (5, 2), (6, 2)))
    pitch, height = WIDTH / count, 900 / tiers
    odd = (count // 2 - (count + 1) % 2 * rng.choice((0, 1)), rng.randrange(tiers))
    shadow = mix(inks.ground, inks.form, 0.35)
    for tier in range(tiers):
        for column in range(count):
            left, width = (column + 0.14) * pitch, pitch * 0.72
            top = tier * height + height * 0.12
            bottom = 1000 if tiers == 1 else top + height * 0.76
            door = arch(left, top, width, bottom)
            lit = (column, tier) == odd
            sheet.fill(door, inks.signal if lit else inks.form)
            if not lit:
                edge = left + width * 0.42
                jamb = [
                    (left - 9, top - 9),
                    (edge, top - 9),
                    (edge, bottom - width * 0.5),
                    (left - 9, bottom + 4),
                ]
                sheet.fill(clip(door, jamb), shadow)


@shows(
    "Ein gestreifter Vorhang, zu beiden Seiten gerafft; in der Öffnung zeigt sich eine andersfarbige Scheibe."
)
def drapes(sheet: Sheet, rng: Random) -> None:
    """Drapes tied back at both sides, fold upon fold; something has come too early."""
    inks = sheet.inks
    folds, tie = rng.choice((4, 6)), rng.choice((470, 560))
    openings = rng.choice(((800, 800), (1050, 520), (640, 640)))
    for side, opening in zip((-1, 1), openings, strict=True):
        wall = 800 + side * 800
        for i in range(folds):
            share = 1 - i / folds
            top = (wall - side * opening * share, -20)
            knot = (wall - side * (40 + opening * 0.24 * share), tie)
            foot = (wall - side * (40 + opening * 0.4 * share), 960)
            upper = bezier(top, (top[0] + side * 150 * share, tie * 0.8), knot)
            lower = bezier(knot, (knot[0] + side * 20, tie + 200), foot)
            outline = [(wall + side * 60, -20), *upper, *lower, (wall + side * 60, 960)]
            sheet.fill(outline, (inks.form, inks.tone)[i % 2])
    if rng.random() < 0.4:
        sheet.line([(800, -20), (800, 560)], 14, inks.form)
        sheet.disc((800, 600), 84, inks.signal)
    else:
        sheet.disc((840, 900), rng.choice((150, 230)), inks.signal)


@shows(
    "Geschwungene Kulissen, von beiden Seiten hereingeschoben; dazwischen steht eine andersfarbige Scheibe."
)
def wings(sheet: Sheet, rng: Random) -> None:
    """Curved flats pushed in from both sides, layer before layer; the moon is already up."""
    inks = sheet.inks
    radius = rng.choice((560, 760))
    sheet.disc((rng.choice((760, 840)), rng.choice((330, 420))), rng.choice((130, 180)), inks.signal)
    colours = (mix(inks.ground, inks.form, 0.2), inks.tone, inks.form)
    pushed = rng.choice((((700, 480, 230), (640, 360, 130)), ((620, 520, 330), (700, 420, 170))))
    for layer, colour in enumerate(colours):
        for side, reaches in zip((-1, 1), pushed, strict=True):
            edge = 800 + side * (800 - reaches[layer] + radius)
            sheet.disc((edge, 450 + side * rng.choice((-190, 40, 230))), radius, colour)


COMPOSITIONS = (curtain, prosceniums, spotlight, arcade, drapes, wings)
