"""Every colour that words are set in can be read on every ground, in every scheme."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

TOKENS = (Path(settings.BASE_DIR) / "static/css/site.css").read_text().split("@layer tokens {")[1]
TOKENS = TOKENS.split("@layer base {")[0]

Colour = tuple[float, float, float]

# --- Reading the tokens ------------------------------------------------------------------------


def tokens(media: str, place: str) -> dict[str, str]:
    """Return what the style says for a place (``:root``, ``.block-3``) under a condition."""
    blocks = {re.sub(r"\s*\{.*", "", part, flags=re.S): part for part in TOKENS.split("@media ")[1:]}
    block = blocks[media] if media else TOKENS.split("@media ")[0]
    found = re.search(rf"{re.escape(place)} \{{(.*?)\}}", block, flags=re.S)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", found[1])) if found else {}


DARK = "(prefers-color-scheme: dark)"
MORE = "(prefers-contrast: more)"
CONDITIONS = {
    "light": [""],
    "dark": ["", DARK],
    "light, more contrast": ["", MORE],
    "dark, more contrast": ["", DARK, MORE, f"{MORE} and {DARK}"],
}  # fmt: skip


def scheme(name: str) -> dict[str, str]:
    """Return the tokens of a scheme; „…, band“ is the dark band of the front page in it."""
    conditions = CONDITIONS[name.removesuffix(", band")]
    places = [":root", ".block-3"] if name.endswith(", band") else [":root"]
    return {
        key: value for place in places for media in conditions for key, value in tokens(media, place).items()
    }


SCHEMES = [*CONDITIONS, *(f"{name}, band" for name in CONDITIONS)]


# --- Arithmetic --------------------------------------------------------------------------------


def light_of(colour: str, ground: Colour | None = None) -> Colour:
    """Turn ``oklch(L C h / a)`` into linear sRGB, laid over a ground where it lets that through."""
    lightness, chroma, hue, *alpha = (float(number) for number in re.findall(r"[\d.]+", colour))
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    seen = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    top = tuple(min(1.0, max(0.0, part)) for part in seen)
    if alpha and ground:
        top = tuple(
            linear(alpha[0] * coded(over) + (1 - alpha[0]) * coded(under))
            for over, under in zip(top, ground, strict=True)
        )
    return top[0], top[1], top[2]


def coded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours as WCAG 2.2 counts it."""
    high, low = sorted(
        (0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other)), reverse=True
    )
    return (high + 0.05) / (low + 0.05)


def test_the_arithmetic_is_that_of_wcag():
    white, black = light_of("oklch(1 0 0)"), light_of("oklch(0 0 0)")
    assert round(contrast(white, black), 2) == 21
    # #767676 is the lightest grey for words on white: 4.54.
    assert round(contrast(white, light_of("oklch(0.5662 0 0)")), 1) == 4.5
    assert round(contrast(white, light_of("oklch(0 0 0 / 0.5)", white)), 2) == 3.98


# --- The colours -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMES)
def test_words_can_be_read_on_every_ground(name):
    colours = scheme(name)
    wanted = 7 if "more contrast" in name else 4.5
    pairs = [(words, ground) for words in ("ink", "quiet", "signal") for ground in ("paper", "tint")]
    pairs += [("on-signal", "signal"), ("paper", "ink")]
    weak = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := contrast(light_of(colours[pair[0]]), light_of(colours[pair[1]]))) < wanted
    }
    assert weak == {}


@pytest.mark.parametrize("name", SCHEMES)
def test_a_marked_word_can_be_read(name):
    """The mark of a search is a fifth of the signal over the paper."""
    colours = scheme(name)
    mark = light_of(colours["signal"].replace(")", " / 0.2)"), light_of(colours["paper"]))
    assert contrast(light_of(colours["ink"]), mark) >= 4.5


@pytest.mark.parametrize("name", [name for name in SCHEMES if "more contrast" in name])
def test_who_asks_for_contrast_sees_every_line(name):
    colours = scheme(name)
    paper = light_of(colours["paper"])
    assert contrast(light_of(colours["line"], paper), paper) >= 3
