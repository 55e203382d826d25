"""The tokens of the style sheet, read where they stand: colours with their contrast, steps, icons."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
COLOURS = ("paper", "ink", "quiet", "line", "tint", "signal", "on-signal")
# What is set on what: words first, ground second.
PAIRS = (
    ("ink", "paper"), ("quiet", "paper"), ("signal", "paper"), ("ink", "tint"), ("quiet", "tint"),
    ("signal", "tint"), ("on-signal", "signal"), ("paper", "ink"),
)  # fmt: skip

Light = tuple[float, float, float]


@dataclass(frozen=True)
class Pair:
    """Words on a ground, and how well they can be read."""

    words: str
    ground: str
    words_colour: str
    ground_colour: str
    contrast: float

    @property
    def is_enough(self) -> bool:
        """Say whether small text may be set so (WCAG 2.2 AA)."""
        return self.contrast >= 4.5


@dataclass(frozen=True)
class Scheme:
    """The colours that hold under one condition."""

    name: str
    colours: dict[str, str]

    @property
    def paper(self) -> str:
        return self.colours["paper"]

    @property
    def ink(self) -> str:
        return self.colours["ink"]

    @property
    def swatches(self) -> list[tuple[str, str]]:
        return [(name, self.colours[name]) for name in COLOURS]

    @property
    def pairs(self) -> list[Pair]:
        found = ((words, ground, self.colours[words], self.colours[ground]) for words, ground in PAIRS)
        return [Pair(*pair, contrast(pair[2], pair[3])) for pair in found]


def schemes() -> list[Scheme]:
    """Return the two schemes of readers, and the dark band of the front page in both."""
    light, dark = _parts()
    root, band = _values(light, ":root"), _values(light, ".block-3")
    at_night, band_at_night = _values(dark, ":root"), _values(dark, ".block-3")
    return [
        Scheme("Hell", root),
        Scheme("Dunkel", root | at_night),
        Scheme("Dunkles Band, hell", root | band),
        Scheme("Dunkles Band, dunkel", root | at_night | band | band_at_night),
    ]


def steps() -> list[tuple[str, str]]:
    """Return the steps of white space, smallest first, as pixels of a browser's own size."""
    values = _values(_parts()[0], ":root")
    found = {name: values[name] for name in values if re.fullmatch(r"s\d", name)}
    return [(name, f"{float(value.removesuffix('rem')) * 16:g}") for name, value in found.items()]


def icons() -> list[str]:
    """Return the names of the icons, as they stand in the file."""
    return re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text())


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 counts it."""
    low, high = sorted(_luminance(_light_of(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _parts() -> tuple[str, str]:
    """Return the tokens as they are, and those for a dark scheme."""
    text = (STATIC / "css/site.css").read_text().split("@layer tokens {")[1].split("@layer base {")[0]
    light, *conditions = text.split("@media ")
    dark = next(part for part in conditions if part.startswith("(prefers-color-scheme: dark) {"))
    return light, dark


def _values(css: str, place: str) -> dict[str, str]:
    found = re.search(rf"{re.escape(place)} \{{(.*?)\}}", css, flags=re.DOTALL)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", found[1])) if found else {}


def _light_of(colour: str) -> Light:
    """Turn ``oklch(L C h)`` into linear sRGB."""
    lightness, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", colour)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _luminance(light: Light) -> float:
    red, green, blue = (min(1.0, max(0.0, part)) for part in light)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
