"""Decodes one picture in a process of its own, under limits that no file can talk its way around.

Run by ``images/uploads.py`` with the file as standard input. Answers with one line of JSON,
then the pixels: upright, 8-bit sRGB RGB, without transparency and reduced to what renditions
need. A refusal is a JSON line with ``refused``. Imports Pillow only, so that it starts at once.
"""

import io
import json
import math
import resource
import sys
import warnings
from typing import BinaryIO

from PIL import AvifImagePlugin, ImageCms, ImageFile, PngImagePlugin
from PIL import Image as Pillow

MEMORY = 400 * 1024 * 1024  # of addresses, so of memory too
SECONDS = 5  # of processor time
MAX_PIXELS = 50_000_000
# Their decoders hold the picture four times over.
MAX_PIXELS_OF = {"WEBP": 20_000_000, "AVIF": 20_000_000}
MAX_RATIO = 10
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")

# Enough for every rendition and for a detail of it.
_KEPT_PIXELS = 6_000_000
_KEPT_WIDTH = 1600
_STRIP_PIXELS = 2_000_000
_MARGIN = 4  # rows of the result; no filter looks farther
_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}


class Refused(Exception):
    """Says in one word why: a key of the sentences in ``images/uploads.py``."""


def decode(file: BinaryIO) -> tuple[dict[str, object], Pillow.Image]:
    """Return the measures in full and as decoded, and the picture. Only the first frame counts.

    Raises Refused.
    """
    picture = _open(file)
    width, height = picture.size
    _check_size(str(picture.format), width, height)
    turn = _turn(picture)
    profile = picture.info.get("icc_profile")
    target = _kept(width, height, sideways=turn in {5, 6, 7, 8})
    picture.draft(None, target)
    try:
        picture.load()
        small = _public(picture, target, profile)
    except MemoryError:
        raise Refused("memory") from None
    except Exception:  # whatever a decoder stumbles over
        raise Refused("broken") from None
    if turn in _TURNS:
        small = small.transpose(_TURNS[turn])
    if turn in {5, 6, 7, 8}:
        width, height = height, width
    return {"width": width, "height": height, "size": small.size}, small


def _open(file: BinaryIO) -> ImageFile.ImageFile:
    """Read the header; nothing is decoded yet, except words and profiles within their limits."""
    # Pillow's own limit holds for what a header says only later, such as a frame beyond the canvas.
    Pillow.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Pillow.DecompressionBombWarning)
    PngImagePlugin.MAX_TEXT_MEMORY = 8 * PngImagePlugin.MAX_TEXT_CHUNK
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    try:
        return Pillow.open(file, formats=FORMATS)
    except (Pillow.DecompressionBombWarning, Pillow.DecompressionBombError):
        raise Refused("pixels") from None
    except MemoryError:
        raise Refused("memory") from None
    except ValueError as error:
        raise Refused("hidden" if "too large" in str(error) else "broken") from None
    except Exception:
        raise Refused("broken") from None


def _check_size(format_: str, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Refused("pixels")
    if width * height > MAX_PIXELS_OF.get(format_, MAX_PIXELS):
        raise Refused("pixels_of_format")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise Refused("ratio")


def _turn(picture: Pillow.Image) -> int:
    """Return the EXIF orientation; a broken block means upright."""
    try:
        turn = picture.getexif().get(0x0112)
    except MemoryError:
        raise Refused("memory") from None
    except Exception:
        return 1
    return turn if isinstance(turn, int) else 1


def _kept(width: int, height: int, *, sideways: bool) -> tuple[int, int]:
    """Return the size to which the picture is reduced, as it lies in the file."""
    shown = height if sideways else width
    scale = min(1, max(math.sqrt(_KEPT_PIXELS / (width * height)), _KEPT_WIDTH / shown))
    return round(width * scale), round(height * scale)


def _public(picture: Pillow.Image, target: tuple[int, int], profile: bytes | None) -> Pillow.Image:
    """Return what readers may get of the picture, as large as ``target``: sRGB on white paper.

    In strips: changing the colour model or the size of the whole would need it twice in memory.
    """
    width, height = target
    scale = picture.height / height
    mode = _plain_mode(picture)
    to_srgb = _transform(profile, mode) if profile else None
    public = Pillow.new("RGB", target)
    rows = max(1, int(_STRIP_PIXELS / picture.width / scale))
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        first = max(0, math.floor((top - _MARGIN) * scale))
        last = min(picture.height, math.ceil((bottom + _MARGIN) * scale))
        strip = _plain(picture.crop((0, first, picture.width, last)), mode)
        box = (0, top * scale - first, picture.width, min(bottom * scale - first, strip.height))
        strip = strip.resize((width, bottom - top), Pillow.Resampling.HAMMING, box=box)
        public.paste(_on_paper(strip, to_srgb), (0, top))
    return public


def _plain_mode(picture: Pillow.Image) -> str:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        return "RGBA"
    if picture.mode in {"L", "1"} or picture.mode.startswith("I"):
        return "L"
    return "CMYK" if picture.mode == "CMYK" else "RGB"


def _plain(strip: Pillow.Image, mode: str) -> Pillow.Image:
    if strip.mode.startswith("I"):
        # Grey of 16 bits: only the upper eight can be shown.
        strip = strip.convert("I").point(lambda value: value / 256).convert("L")
        strip.info.pop("transparency", None)  # of 16 bits too
    return strip.convert(mode)


def _on_paper(strip: Pillow.Image, to_srgb: ImageCms.ImageCmsTransform | None) -> Pillow.Image:
    """Return the strip in sRGB, on white where it was transparent."""
    solid = strip.convert("RGB") if strip.mode == "RGBA" else strip
    if to_srgb:
        solid = to_srgb.apply(
            solid if solid.mode == to_srgb.input_mode else solid.convert(to_srgb.input_mode)
        )
    solid = solid.convert("RGB")
    if strip.mode == "RGBA":
        paper = Pillow.new("RGB", solid.size, "#ffffff")
        paper.paste(solid, mask=strip.getchannel("A"))
        solid = paper
    return solid


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB; none if nobody can read it or it is for other colours."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        wanted = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(source.profile.xcolor_space.strip())
        if wanted is None or (wanted == "CMYK") != (mode == "CMYK"):
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), wanted, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return None


def main() -> None:
    """Decode standard input under the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        facts, picture = decode(sys.stdin.buffer)
        pixels = picture.tobytes()
    except Refused as refusal:
        out.write(json.dumps({"refused": str(refusal)}).encode() + b"\n")
    except MemoryError:
        out.write(b'{"refused": "memory"}\n')
    else:
        out.write(json.dumps(facts).encode() + b"\n")
        out.write(pixels)


if __name__ == "__main__":
    main()
