"""The outer shape of picture files, without decoding: which format, which blocks. Linear in the bytes."""

import re
import struct
from collections.abc import Iterator

# No honest file has more; what comes after them is not looked at.
MAX_BLOCKS = 100_000

# What a file begins with. GIF, WebP and AVIF need a second look (``recognise``).
_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"8BPS", "PSD"),
    (b"BM", "BMP"),
)
_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_STANDALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
_START_OF_SCAN, _END = 0xDA, 0xD9
_SEQUENTIAL = {0xC0, 0xC1}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def recognise(data: bytes) -> str:
    """Return the format by content (``JPEG``, ``HEIC``, ``SVG`` …), empty for what is not known here."""
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 256)
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        return "HEIC" if brands & _HEIC else ""
    return "SVG" if _SVG.search(data, 0, 4096) else ""


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of every segment; what is coded between them is stepped over."""
    place = 0
    for _number in range(MAX_BLOCKS):
        found = _MARKER.search(data, place)
        if not found:
            return
        marker, place = data[found.end() - 1], found.end()
        if marker in _STANDALONE:
            continue
        if marker == _END:
            return
        length = int.from_bytes(data[place : place + 2], "big")
        yield marker, data[place + 2 : place + max(length, 2)]
        place += max(length, 2)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of every chunk."""
    place = 8
    for _number in range(MAX_BLOCKS):
        if place + 8 > len(data):
            return
        length, name = struct.unpack_from(">I4s", data, place)
        yield name, data[place + 8 : place + 8 + length]
        place += length + 12


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of every chunk."""
    place = 12
    for _number in range(MAX_BLOCKS):
        if place + 8 > len(data):
            return
        name, length = struct.unpack_from("<4sI", data, place)
        yield name, data[place + 8 : place + 8 + length]
        place += 8 + length + (length & 1)


def jpeg_cost(data: bytes) -> tuple[int, int]:
    """Return how many scans a decoder reads, and how many bytes it keeps until the last of them."""
    scans, coefficients, progressive = 0, 0, False
    for marker, content in jpeg_segments(data):
        if marker == _START_OF_SCAN:
            scans += 1
        elif marker in _FRAMES and len(content) >= 9:
            progressive = marker not in _SEQUENTIAL
            coefficients = _coefficients(content)
    return scans, coefficients if progressive or scans > 1 else 0


def _coefficients(frame: bytes) -> int:
    """Return two bytes for each coefficient of each component, in whole blocks."""
    height, width, components = struct.unpack_from(">HHB", frame, 1)
    factors = [(byte >> 4, byte & 15) for byte in frame[7 : 6 + 3 * components : 3]]
    across = max((pair[0] for pair in factors), default=0) or 1
    down = max((pair[1] for pair in factors), default=0) or 1
    share = sum(one * other for one, other in factors) / (across * down)
    return int(2 * share * (width + 8 * across) * (height + 8 * down))
