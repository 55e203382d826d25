"""Business: bars, slabs and terraces."""

from math import cos, radians, sin
from random import Random

from importers.demo.illustrations.composition import shows
from importers.demo.illustrations.geometry import Point, Shape, box, clip, disc, moved, turned
from importers.demo.illustrations.palette import Colour, mix
from importers.demo.illustrations.sheet import HEIGHT, MIDDLE, WIDTH, Sheet


@shows("Säulen vor einer Scheibe tauschen mit ihr die Farben; von einer steht nur ein andersfarbiger Sockel.")
def daybreak(sheet: Sheet, rng: Random) -> None:
    """A skyline of bars before a great disc, the tones changing places; one bar is missing."""
    inks = sheet.inks
    count = rng.choice((6, 8, 10))
    pitch = WIDTH / count
    sun: Point = (rng.choice((540, 660, 800)), rng.choice((350, 430)))
    odd = count // 2 + rng.choice((-1, 0))
    steps = rng.sample(range(count), count)
    tops = [780 - 420 * i / count - 230 * steps[i] / count for i in range(count)]
    columns = [box(i * pitch, top, pitch, 1200) for i, top in enumerate(tops) if i != odd]
    sheet.exchange([disc(sun, rng.choice((320, 390)))], columns, inks.form)
    sheet.fill(box(odd * pitch, HEIGHT - rng.choice((90, 130)), pitch, 400), inks.signal)


@shows("Eine Scheibe, in Streifen geschnitten und stufenweise verschoben; ein andersfarbiger rutscht heraus.")
def sliced(sheet: Sheet, rng: Random) -> None:
    """A disc cut into bars that climb; one bar stays behind."""
    inks = sheet.inks
    count, radius = rng.choice(((7, 350), (9, 370), (6, 340)))
    width = 2 * radius / count
    climb = rng.choice((-0.3, -0.42, 0.36)) * width
    turn = rng.choice((0, 0, 90, -30))
    odd = count // 2 + rng.choice((-1, 1))
    for i in range(count):
        slice_ = box(MIDDLE[0] - radius + i * width, -600, width * 0.88, 2200)
        bar = clip(disc(MIDDLE, radius), slice_)
        shift = (i - (count - 1) / 2) * climb
        colour = inks.form
        if i == odd:
            shift, colour = shift - 2.6 * climb, inks.signal
        sheet.fill(turned(moved(bar, 0, shift), turn, MIDDLE), colour)


def _space(x: float, y: float, z: float) -> Point:
    """A point in space, seen from the corner: x runs right, y left, z up."""
    return (x - y) * cos(radians(30)), (x + y) * sin(radians(30)) - z


def _prism(x: float, y: float, width: float, depth: float, top: float) -> tuple[Shape, Shape, Shape]:
    """The three visible faces of a block that stands on the ground: top, left, right."""
    foot = -2000.0
    a, b, c, d = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
    roof = [_space(*corner, top) for corner in (a, b, c, d)]
    left = [_space(*d, top), _space(*c, top), _space(*c, foot), _space(*d, foot)]
    right = [_space(*b, top), _space(*c, top), _space(*c, foot), _space(*b, foot)]
    return roof, left, right


def _print(
    sheet: Sheet, faces: tuple[Shape, Shape, Shape], at: Point, colours: tuple[Colour, Colour, Colour]
) -> None:
    for face, colour in zip(faces, colours, strict=True):
        sheet.fill(moved(face, *at), colour)


@shows("Eine breite Treppe, schräg von oben gesehen; auf einer Stufe liegt ein andersfarbiger Ball.")
def terraces(sheet: Sheet, rng: Random) -> None:
    """A flight of terraces; a ball has come to rest on one of them."""
    inks = sheet.inks
    steps, run = rng.choice(((5, 220), (7, 165)))
    rise, depth = run * rng.choice((0.62, 0.8)), run * rng.choice((2.6, 3.4))
    half = steps / 2
    at: Point = (800 + rng.choice((-80, 0, 80)), 470)
    riser, flank = mix(inks.ground, inks.form, 0.55), mix(inks.ground, inks.form, 0.2)
    for i in range(-3, steps + 3):
        faces = _prism((i - half) * run, -depth / 2, run, depth, (half - i) * rise)
        _print(sheet, faces, at, (inks.form, flank, riser))
    i = int(half) + rng.choice((0, 1))
    x, y = _space((i - half + 0.5) * run, depth * rng.choice((-0.2, 0.1)), (half - i) * rise)
    radius = run * 0.4
    sheet.disc((at[0] + x, at[1] + y - radius * 0.75), radius, inks.signal)


@shows(
    "Ein Hügel aus Stufen, schräg von oben gesehen; ein Block mit andersfarbigem Dach ragt aus ihnen heraus."
)
def towers(sheet: Sheet, rng: Random) -> None:
    """A stepped hill of blocks; one block has outgrown its place."""
    inks = sheet.inks
    cells, side = rng.choice(((4, 260), (5, 205), (6, 180)))
    at: Point = (800, 450 + rng.choice((120, 190)))
    half = cells / 2
    odd = (rng.choice((1, 2)), cells - 2)
    left, right = mix(inks.ground, inks.form, 0.22), mix(inks.ground, inks.form, 0.55)
    for x in range(cells):
        for y in range(cells):
            height = (cells - 1 - max(x, y)) * side * 0.62
            colours = (inks.form, left, right)
            if (x, y) == odd:
                height += side * 0.75
                colours = (inks.signal, left, right)
            faces = _prism((x - half) * side, (y - half) * side, side, side, height)
            _print(sheet, faces, at, colours)


@shows(
    "Platten, leicht schwankend aufeinandergestapelt; eine in anderer Farbe ist zur Seite herausgerutscht."
)
def slabs(sheet: Sheet, rng: Random) -> None:
    """Leaning piles of slabs; one slab has slipped."""
    inks = sheet.inks
    piles, width, thick = rng.choice(((1, 760, 92), (2, 540, 78), (3, 380, 66)))
    pitch = WIDTH / (piles + (0.35 if piles > 1 else 0))
    sway, start = rng.choice((24, 56 / piles)), rng.uniform(0, 360)
    odd_pile, odd_level = piles // 2, rng.randrange(3, 6)
    for pile in range(piles):
        levels = rng.randrange(7, 10) - (0 if pile == odd_pile else rng.choice((1, 3)))
        for level in range(levels):
            x = MIDDLE[0] + (pile - (piles - 1) / 2) * pitch - width / 2
            x += sway * sin(radians(start + 90 * pile + level * 47))
            y = HEIGHT - (level + 0.7) * (thick + 16)
            colour = inks.form if level % 3 != 1 else inks.tone
            if (pile, level) == (odd_pile, odd_level):
                x, colour = x - width * 0.27, inks.signal
            sheet.fill(box(x, y, width, thick), colour)


@shows(
    "Schräge, verschieden lange Balken steigen nebeneinander auf; ein andersfarbiger kommt ihnen entgegen."
)
def slant(sheet: Sheet, rng: Random) -> None:
    """Bars that climb across the sheet; one comes the other way."""
    inks = sheet.inks
    angle = rng.choice((-32, -45, -58))
    width = rng.choice((78, 104))
    pitch = width * 1.42
    count = int(1700 / pitch)
    odd = count // 2 + rng.choice((-1, 0, 1))
    for i in range(-1, count + 1):
        y = MIDDLE[1] + (i - count / 2) * pitch
        reach = 800 + 150 * ((i * 2) % 5 - 2)
        bar = box(-900, y, 900 + reach, width)
        colour = inks.form if i % 3 else inks.tone
        if i == odd:
            bar, colour = box(760, y, 2000, width), inks.signal
        sheet.fill(turned(bar, angle, MIDDLE), colour)


@shows("Senkrechte Säulen, entlang einer Welle in zwei Farben geteilt; eine hat unten eine dritte Farbe.")
def split(sheet: Sheet, rng: Random) -> None:
    """Columns cut along one swing; one is cut in the wrong place."""
    inks = sheet.inks
    count = rng.choice((8, 10, 13))
    pitch = WIDTH / count
    swing, start = rng.choice((0.5, 0.8, 1.1)), rng.uniform(0, 360)
    odd = count // 2 + rng.choice((-1, 0))
    for i in range(count):
        level = 450 + 230 * sin(radians(start + i * 360 * swing / count))
        left, width = i * pitch, pitch - 12
        level = HEIGHT - level if i == odd else level
        sheet.fill(box(left, level + 9, width, 1000), inks.signal if i == odd else inks.form)
        sheet.fill(box(left, -20, width, level + 11), inks.tone)


COMPOSITIONS = (daybreak, sliced, terraces, towers, slabs, slant, split)
