"""Where the three stand in each kind of file."""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image as Pillow

from images import containers

# More than any editor writes about one picture; what is longer is not read.
MAX_XMP = 1024 * 1024


@dataclass
class Blocks:
    exif: bytes = b""
    xmp: bytes = b""
    iim: bytes = b""


def blocks_of(data: bytes) -> Blocks:
    finders: dict[str, Callable[[bytes], Blocks]] = {
        "JPEG": _in_jpeg,
        "PNG": _in_png,
        "WEBP": _in_webp,
        "AVIF": _in_avif,
        "GIF": _in_gif,
    }
    finder = finders.get(containers.recognise(data))
    return finder(data) if finder else Blocks()


_XMP_IN_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"


def _in_jpeg(data: bytes) -> Blocks:
    found = Blocks()
    photoshop = []
    for marker, content in containers.jpeg_segments(data):
        if marker == 0xDA:  # the picture itself
            break
        if marker == 0xE1 and content.startswith(b"Exif\0\0") and not found.exif:
            found.exif = content[6:]
        elif marker == 0xE1 and content.startswith(_XMP_IN_JPEG) and not found.xmp:
            found.xmp = content[len(_XMP_IN_JPEG) :]
        elif marker == 0xED and content.startswith(_PHOTOSHOP):
            photoshop.append(content[len(_PHOTOSHOP) :])
    found.iim = _in_photoshop(b"".join(photoshop))
    return found


def _in_photoshop(data: bytes) -> bytes:
    """Return the IIM block among Photoshop's resources."""
    place = 0
    while data[place : place + 4] == b"8BIM" and place + 12 <= len(data):
        kind, name = struct.unpack_from(">HB", data, place + 4)
        place += 6 + (1 + name + 1) // 2 * 2
        size = int.from_bytes(data[place : place + 4], "big")
        if kind == 0x0404:
            return data[place + 4 : place + 4 + size]
        place += 4 + size + (size & 1)
    return b""


def _in_png(data: bytes) -> Blocks:
    found = Blocks()
    for name, content in containers.png_chunks(data):
        if name == b"eXIf":
            found.exif = content
        elif name == b"iTXt" and content.startswith(b"XML:com.adobe.xmp\0"):
            packed, rest = content[18:19] == b"\1", content[20:]
            text = rest.split(b"\0", 2)[-1]
            found.xmp = _unpacked(text) if packed else text
    return found


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MAX_XMP + 1)
    except zlib.error:
        return b""


def _in_webp(data: bytes) -> Blocks:
    found = Blocks()
    for name, content in containers.webp_chunks(data):
        if name == b"EXIF":
            found.exif = content.removeprefix(b"Exif\0\0")
        elif name == b"XMP ":
            found.xmp = content
    return found


def _in_avif(data: bytes) -> Blocks:
    """Ask the library for its header; where things stand in it is too involved to follow here."""
    try:
        with Pillow.open(io.BytesIO(data), formats=("AVIF",)) as picture:
            exif, xmp = picture.info.get("exif", b""), picture.info.get("xmp", b"")
    except Exception:  # whatever a hostile header does
        return Blocks()
    return Blocks(exif=exif.removeprefix(b"Exif\0\0"), xmp=xmp)


def _in_gif(data: bytes) -> Blocks:
    begin = data.find(b"XMP DataXMP")
    end = data.find(b"</x:xmpmeta>", begin)
    if begin < 0 or end < 0:
        return Blocks()
    return Blocks(xmp=data[begin + 11 : end + len(b"</x:xmpmeta>")])
