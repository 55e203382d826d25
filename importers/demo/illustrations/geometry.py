"""Outlines as lists of points. Angles are degrees, clockwise on the page, 0 points right."""

from collections.abc import Sequence
from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt, tan

type Point = tuple[float, float]
type Shape = list[Point]


def polar(centre: Point, radius: float, angle: float) -> Point:
    """The point at that distance and direction."""
    return centre[0] + radius * cos(radians(angle)), centre[1] + radius * sin(radians(angle))


def arc(centre: Point, radius: float, start: float, end: float) -> Shape:
    """An open curve, with as many points as the largest print needs to look round."""
    steps = max(6, round(12 * sqrt(abs(radius)) * abs(end - start) / 360))
    return [polar(centre, radius, start + (end - start) * i / steps) for i in range(steps + 1)]


def disc(centre: Point, radius: float) -> Shape:
    """A full circle."""
    return arc(centre, radius, 0, 360)


def band(centre: Point, inner: float, outer: float, start: float, end: float) -> Shape:
    """A piece of a ring between two radii and two angles."""
    return arc(centre, outer, start, end) + arc(centre, inner, end, start)


def ellipse(centre: Point, rx: float, ry: float, tilt: float = 0) -> Shape:
    """An ellipse, turned by `tilt`."""
    steps = max(24, round(12 * sqrt(max(rx, ry))))
    angles = [2 * pi * i / steps for i in range(steps)]
    return turned([(centre[0] + rx * cos(a), centre[1] + ry * sin(a)) for a in angles], tilt, centre)


def box(left: float, top: float, width: float, height: float) -> Shape:
    """A rectangle."""
    right, bottom = left + width, top + height
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def rounded(left: float, top: float, width: float, height: float, radius: float) -> Shape:
    """A rectangle with round corners; as round as it gets if the radius is too large."""
    radius = min(radius, width / 2, height / 2)
    right, bottom = left + width - radius, top + height - radius
    left, top = left + radius, top + radius
    corners = (((left, top), 180), ((right, top), 270), ((right, bottom), 0), ((left, bottom), 90))
    return [point for centre, at in corners for point in arc(centre, radius, at, at + 90)]


def arch(left: float, top: float, width: float, bottom: float) -> Shape:
    """A round-headed opening that stands on `bottom`."""
    radius = width / 2
    head = arc((left + radius, top + radius), radius, 180, 360)
    return [(left, bottom), *head, (left + width, bottom)]


def bezier(start: Point, control: Point, end: Point) -> Shape:
    """An open curve from start to end, drawn towards the control point."""
    steps = [i / 40 for i in range(41)]
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * control[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * control[1] + t * t * end[1],
        )
        for t in steps
    ]


def moved(shape: Sequence[Point], dx: float, dy: float) -> Shape:
    """The shape elsewhere."""
    return [(x + dx, y + dy) for x, y in shape]


def turned(shape: Sequence[Point], angle: float, pivot: Point = (0, 0)) -> Shape:
    """The shape turned around a point."""
    c, s = cos(radians(angle)), sin(radians(angle))
    px, py = pivot
    return [(px + (x - px) * c - (y - py) * s, py + (x - px) * s + (y - py) * c) for x, y in shape]


def parallel(path: Sequence[Point], distance: float) -> Shape:
    """The path, moved sideways by `distance`, with its corners mitred."""
    path = [point for i, point in enumerate(path) if i == 0 or hypot(*_minus(point, path[i - 1])) > 1e-6]
    return [_mitre(path, i, distance) for i in range(len(path))]


def stroke(path: Sequence[Point], width: float) -> Shape:
    """The outline of a line of that width, its ends cut straight."""
    return parallel(path, width / 2) + parallel(path, -width / 2)[::-1]


def fillet(path: Sequence[Point], radius: float) -> Shape:
    """The path with its inner corners rounded."""
    result: Shape = [path[0]]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        result += _corner(before, corner, after, radius)
    return [*result, path[-1]]


def clip(shape: Sequence[Point], window: Sequence[Point]) -> Shape:
    """The part of a shape inside a convex window (Sutherland and Hodgman)."""
    side = 1 if _area(window) > 0 else -1
    result = list(shape)
    for a, b in zip(window, [*window[1:], window[0]], strict=True):
        if not result:
            break
        result = _cut(result, a, b, side)
    return result


def _mitre(path: Sequence[Point], i: int, distance: float) -> Point:
    x, y = path[i]
    before = path[i - 1] if i else None
    after = path[i + 1] if i + 1 < len(path) else None
    headings = [atan2(q[1] - p[1], q[0] - p[0]) for p, q in ((before, path[i]), (path[i], after)) if p and q]
    turn = (headings[-1] - headings[0] + pi) % (2 * pi) - pi
    heading = headings[0] + turn / 2
    reach = distance / max(cos(turn / 2), 0.2)
    return x - sin(heading) * reach, y + cos(heading) * reach


def _corner(before: Point, corner: Point, after: Point, radius: float) -> Shape:
    to_before = atan2(before[1] - corner[1], before[0] - corner[0])
    to_after = atan2(after[1] - corner[1], after[0] - corner[0])
    opening = (to_after - to_before + pi) % (2 * pi) - pi
    if abs(abs(opening) - pi) < 1e-6:
        return [corner]
    back = radius / tan(abs(opening) / 2)
    middle = to_before + opening / 2
    reach = hypot(radius, back)
    centre = corner[0] + reach * cos(middle), corner[1] + reach * sin(middle)
    first = degrees(atan2(*reversed(_minus(polar(corner, back, degrees(to_before)), centre))))
    last = degrees(atan2(*reversed(_minus(polar(corner, back, degrees(to_after)), centre))))
    return arc(centre, radius, first, first + (last - first + 180) % 360 - 180)


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]


def _area(shape: Sequence[Point]) -> float:
    pairs = zip(shape, [*shape[1:], shape[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)


def _cut(shape: Sequence[Point], a: Point, b: Point, side: int) -> Shape:
    """The part of a shape on one side of the line through a and b."""

    def depth(p: Point) -> float:
        return side * ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]))

    result: Shape = []
    for p, q in zip(shape, [*shape[1:], shape[0]], strict=True):
        dp, dq = depth(p), depth(q)
        if dp >= 0:
            result.append(p)
        if (dp >= 0) != (dq >= 0):
            share = dp / (dp - dq)
            result.append((p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share))
    return result
