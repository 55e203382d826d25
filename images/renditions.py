"""Public sizes of a picture: one table, names from the content, made after upload, never in a GET.

A name is ``<first two of the checksum>/<checksum>-<width>.<format>``: it never means other
bytes, so browsers and proxies may keep it for ever.
"""

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from images.models import Image

WIDTHS = (160, 320, 640, 1024, 1600)
SHARE_WIDTH = 1200  # JPEG for share images and feeds: not every client reads WebP
_WEBP_QUALITY = 80
_JPEG_QUALITY = 84


def widths(image: Image) -> list[int]:
    """Return the widths in which there is a WebP; never larger than the original."""
    return [width for width in WIDTHS if width < image.width] or [image.width]


def small_width(image: Image) -> int:
    """Return the width for lists and choosers."""
    return min(widths(image), key=lambda width: abs(width - 320))


def name(image: Image, width: int, extension: str = "webp") -> str:
    """Return the name in the public storage."""
    return f"{image.checksum[:2]}/{image.checksum[:40]}-{width}.{extension}"


def url(image: Image, width: int, extension: str = "webp") -> str:
    """Return the public address of a rendition."""
    return default_storage.url(name(image, width, extension))


def share_width(image: Image) -> int:
    """Return the width of the JPEG for sharing."""
    return min(SHARE_WIDTH, image.width)


def height_for(image: Image, width: int) -> int:
    """Return the height in pixels that belongs to a width."""
    return max(1, round(image.height * width / image.width))


def make(image: Image, picture: Pillow.Image) -> None:
    """Write every rendition that is not there yet. ``picture`` is decoded, upright and RGB."""
    for width in sorted(widths(image), reverse=True):
        _write(image, picture, width, "webp")
    _write(image, picture, share_width(image), "jpg")


def _write(image: Image, picture: Pillow.Image, width: int, extension: str) -> None:
    target = name(image, width, extension)
    if default_storage.exists(target):
        return
    size = (width, height_for(image, width))
    resized = picture.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    if extension == "webp":
        resized.save(out, "WEBP", quality=_WEBP_QUALITY, method=3)
    else:
        resized.save(out, "JPEG", quality=_JPEG_QUALITY, progressive=True, optimize=True)
    default_storage.save(target, ContentFile(out.getvalue()))
