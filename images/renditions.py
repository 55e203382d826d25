"""Public sizes of a picture: one table, names from the content, never made during a GET.

A name is ``<two>/<eighteen>-<width>.<format>``: a digest of the original's checksum, of the
part that is shown and of the recipe. It never means other bytes, so browsers and proxies may
keep it for ever. Made by ``images/tasks.py`` after upload, healed by ``fill_renditions``.
"""

import functools
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from PIL import Image as Pillow

from images.models import Image

SHARE_WIDTH = 1200  # what search engines and share cards ask for at least
SHARE_BYTES = 600_000  # more, and messengers leave the picture out
MODERN = ("avif", "webp")

_AVIF = {"speed": 8, "max_threads": 1}
_AVIF_QUALITIES = (60, 45)
# Only large pictures full of detail are heavier: that is where a page gets its weight from.
_AVIF_BYTES_OF_PIXEL = 0.11
_AVIF_BYTES = 60_000
_JPEG_QUALITIES = (82, 72, 60, 45)


class Box(NamedTuple):
    """A part of the original, in its pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Size:
    """A named shape in its widths: AVIF and WebP for ``<source>``, JPEG for what reads neither.

    ``ratio`` is width by height, None as the picture was taken. The first JPEG is the fallback
    of pages, the others are for sharing.
    """

    ratio: float | None
    widths: tuple[int, ...]
    jpegs: tuple[int, ...]


# No step is more than 1.7 times the one before: no reader loads much more than she sees.
# Who changes a row writes a new recipe beside the old one, and pages keep showing the old sizes
# of a picture until ``fill_renditions`` has made its new ones.
RECIPE = 1
RECIPES: dict[int, dict[str, Size]] = {
    1: {
        "natural": Size(None, (480, 800, 1200, 1600), (1200,)),
        "wide": Size(16 / 9, (480, 800, 1200, 1600), (1200,)),
        "teaser": Size(3 / 2, (160, 240, 360, 560, 800), (360,)),
        "square": Size(1, (88, 144, 240, 360, 600), (240, 1200)),
        "standard": Size(4 / 3, (), (1200,)),
    }
}
SHARED = ("wide", "standard", "square")


@dataclass(frozen=True)
class Rendered:
    """One size of one picture as it lies in the public storage."""

    box: Box
    stem: str
    widths: tuple[int, ...]
    jpegs: tuple[int, ...]

    def height(self, width: int) -> int:
        """Return the height in pixels that belongs to a width."""
        return max(1, round(self.box.height * width / self.box.width))

    def name(self, width: int, extension: str) -> str:
        """Return the name in the public storage."""
        return f"{self.stem}-{width}.{extension}"

    def names(self) -> Iterator[tuple[int, str, str]]:
        """Yield width, format and name of every file, the widest first."""
        for width in reversed(self.widths):
            for extension in MODERN:
                yield width, extension, self.name(width, extension)
        for width in self.jpegs:
            yield width, "jpg", self.name(width, "jpg")


def wanted(image: Image) -> str:
    """Return what ``Image.rendered`` says once everything is made: recipe and focal point."""
    return f"{RECIPE} {image.focal_x} {image.focal_y}"


def missing() -> Q:
    """Return the condition for images whose sizes are not, or no longer, those they should have."""
    now = Concat(Value(f"{RECIPE} "), Cast("focal_x", CharField()), Value(" "), Cast("focal_y", CharField()))
    return ~Q(rendered=now)


def rendered(image: Image, size: str) -> Rendered:
    """Return a size as it was made last; of one that was never made, as it will be."""
    return _rendered(image.checksum, image.width, image.height, image.rendered or wanted(image), size)


def all_rendered(image: Image, made: str = "") -> list[Rendered]:
    """Return every size, for ``made`` or as it should be now."""
    made = made or wanted(image)
    sizes = RECIPES.get(int(made.split()[0]), {})
    return [_rendered(image.checksum, image.width, image.height, made, size) for size in sizes]


@functools.lru_cache(maxsize=4096)
def _rendered(checksum: str, width: int, height: int, made: str, size: str) -> Rendered:
    recipe, x, y = (int(part) for part in made.split())
    sizes = RECIPES.get(recipe, RECIPES[RECIPE])
    # A size that is younger than the picture's files: all of it meanwhile.
    shape = sizes[size] if recipe == RECIPE else sizes.get(size, sizes["natural"])
    box = box_for(width, height, shape.ratio, x, y)
    digest = hashlib.sha256(f"{checksum} {box} {recipe}".encode()).hexdigest()
    widths = _no_larger_than(box.width, shape.widths)
    jpegs = tuple(dict.fromkeys(min(width, box.width) for width in shape.jpegs))
    return Rendered(box, f"{digest[:2]}/{digest[2:20]}", widths, jpegs)


def _no_larger_than(full: int, widths: tuple[int, ...]) -> tuple[int, ...]:
    """Return the widths that the part has, and its own where the last of them is much smaller."""
    fitting = tuple(width for width in widths if width <= full)
    if not widths or len(fitting) == len(widths):
        return fitting
    return fitting if fitting and full < 1.2 * fitting[-1] else (*fitting, full)


def box_for(width: int, height: int, ratio: float | None, focal_x: int, focal_y: int) -> Box:
    """Return the largest part with this ratio, as near to the focal point as the edges allow."""
    if ratio is None:
        return Box(0, 0, width, height)
    inner_width = min(width, max(1, round(height * ratio)))
    inner_height = min(height, max(1, round(width / ratio)))
    left = round(width * focal_x / 100 - inner_width / 2)
    top = round(height * focal_y / 100 - inner_height / 2)
    return Box(
        min(max(0, left), width - inner_width),
        min(max(0, top), height - inner_height),
        inner_width,
        inner_height,
    )


def base(size: Rendered) -> str:
    """Return the public address up to the width: one question to the storage for all widths."""
    return str(default_storage.url(size.stem))


def url(size: Rendered, width: int, extension: str) -> str:
    """Return the public address of one file."""
    return f"{base(size)}-{width}.{extension}"


class File(NamedTuple):
    """One public file and its measures."""

    url: str
    width: int
    height: int


def shared(image: Image) -> list[File]:
    """Return the JPEGs for sharing, 16:9, 4:3 and 1:1, as far as the original is large enough."""
    found = []
    for name in SHARED:
        size = rendered(image, name)
        if size.box.width >= SHARE_WIDTH:
            found.append(File(url(size, SHARE_WIDTH, "jpg"), SHARE_WIDTH, size.height(SHARE_WIDTH)))
    return found


def small(image: Image, size: str = "natural") -> File:
    """Return the smallest WebP of a size, for lists and choosers of the newsroom."""
    files = rendered(image, size)
    width = files.widths[0]
    return File(url(files, width, "webp"), width, files.height(width))


def largest_jpeg(image: Image, size: str) -> File:
    """Return the largest JPEG of a size."""
    files = rendered(image, size)
    width = max(files.jpegs)
    return File(url(files, width, "jpg"), width, files.height(width))


def is_shareable(image: Image) -> bool:
    """Say whether a share card can show the picture itself."""
    return bool(image.rendered) and rendered(image, "wide").box.width >= SHARE_WIDTH


def make(image: Image, picture: Pillow.Image) -> str:
    """Write every file that is not there yet; return what ``Image.rendered`` may say then.

    ``picture`` is decoded, upright and RGB; it may be smaller than the original.
    """
    made = wanted(image)
    done: set[str] = set()
    for size in all_rendered(image, made):
        todo = [one for one in size.names() if one[2] not in done and not default_storage.exists(one[2])]
        _write(image, picture, size, todo)
        done.update(name for _, _, name in todo)
    return made


def _write(image: Image, picture: Pillow.Image, size: Rendered, todo: list[tuple[int, str, str]]) -> None:
    """Write files of one size, each width scaled down from the next larger one."""
    scale = picture.width / image.width, picture.height / image.height
    box = size.box
    part = (
        box.left * scale[0], box.top * scale[1],
        (box.left + box.width) * scale[0], (box.top + box.height) * scale[1],
    )  # fmt: skip
    last, last_box = picture, part
    for width in sorted({one[0] for one in todo}, reverse=True):
        last = last.resize((width, size.height(width)), Pillow.Resampling.LANCZOS, last_box, reducing_gap=3)
        last.info = {}  # nothing but pixels leaves the house
        last_box = (0, 0, *last.size)
        for _, extension, name in (one for one in todo if one[0] == width):
            default_storage.save(name, ContentFile(_encoded(last, extension)))


def _encoded(picture: Pillow.Image, extension: str) -> bytes:
    if extension == "avif":
        most = max(_AVIF_BYTES, int(picture.width * picture.height * _AVIF_BYTES_OF_PIXEL))
        return _light(picture, most, _AVIF_QUALITIES, "AVIF", **_AVIF)
    if extension == "webp":
        return _light(picture, SHARE_BYTES, (80,), "WEBP", method=3)
    return _light(picture, SHARE_BYTES, _JPEG_QUALITIES, "JPEG", progressive=True, optimize=True)


def _light(picture: Pillow.Image, most: int, qualities: tuple[int, ...], format_: str, **how: Any) -> bytes:
    """Return the picture in the best quality in which it has at most so many bytes, else in the last."""
    for quality in qualities:
        out = io.BytesIO()
        picture.save(out, format_, quality=quality, **how)
        if out.tell() <= most:
            break
    return out.getvalue()


def remove(image: Image, made: str) -> int:
    """Remove the files that were made for ``made`` and that no current size needs; return how many."""
    kept = {name for size in all_rendered(image, image.rendered) for _, _, name in size.names()}
    kept |= {name for size in all_rendered(image) for _, _, name in size.names()}
    old = {name for size in all_rendered(image, made) for _, _, name in size.names()} - kept
    for name in old:
        default_storage.delete(name)
    return len(old)
