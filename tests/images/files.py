"""Picture files for tests, made by program: good ones, odd ones and hostile ones."""

import io
import struct
import zlib
from collections.abc import Iterable

from PIL import Image as Pillow

XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"


def picture(size=(480, 320), colour="#bb0a26", mode="RGB") -> Pillow.Image:
    return Pillow.new(mode, size, colour)


def encoded(image: Pillow.Image, format_: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def small(format_: str = "JPEG", **options) -> bytes:
    return encoded(picture((48, 32)), format_, **options)


# --- JPEG --------------------------------------------------------------------------------------


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(*segments: bytes) -> bytes:
    """Return a small JPEG with these segments at its beginning."""
    plain = small()
    return plain[:2] + b"".join(segments) + plain[2:]


def iim(*datasets: tuple[int, int, bytes]) -> bytes:
    """Return IPTC-IIM; a long value gets the extended length."""
    block = b""
    for record, number, content in datasets:
        size = struct.pack(">H", len(content))
        if len(content) > 0x7FFF:
            size = struct.pack(">HI", 0x8004, len(content))
        block += bytes((0x1C, record, number)) + size + content
    return block


def with_iim(block: bytes) -> bytes:
    """Return the segment in which Photoshop keeps it, behind another resource with a name."""
    other = b"8BIM" + struct.pack(">H", 0x03ED) + b"\x02ab\0" + struct.pack(">I", 3) + b"abc\0"
    ours = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block
    return segment(0xED, b"Photoshop 3.0\0" + other + ours)


def with_xmp(packet: str | bytes) -> bytes:
    return segment(0xE1, XMP_MARK + (packet if isinstance(packet, bytes) else packet.encode()))


def tiff(tags: dict[int, bytes], more: dict[int, bytes] | None = None) -> bytes:
    """Return an EXIF block of text tags, big-endian; ``more`` are those of its second directory."""
    if not more:
        return b"MM\0*\0\0\0\x08" + _directory(8, {tag: (2, text + b"\0") for tag, text in tags.items()})
    entries = {tag: (2, text + b"\0") for tag, text in tags.items()} | {0x8769: (4, b"\0\0\0\0")}
    place = 8 + len(_directory(8, entries))
    entries[0x8769] = (4, struct.pack(">I", place))
    second = _directory(place, {tag: (2, text + b"\0") for tag, text in more.items()})
    return b"MM\0*\0\0\0\x08" + _directory(8, entries) + second


def _directory(place: int, entries: dict[int, tuple[int, bytes]]) -> bytes:
    body, far = struct.pack(">H", len(entries)), b""
    end = place + 2 + 12 * len(entries) + 4
    for tag, (kind, content) in sorted(entries.items()):
        number = len(content) // (4 if kind == 4 else 1)
        if len(content) <= 4:
            body += struct.pack(">HHI", tag, kind, number) + content.ljust(4, b"\0")
        else:
            body += struct.pack(">HHII", tag, kind, number, end + len(far))
            far += content + b"\0" * (len(content) % 2)
    return body + b"\0\0\0\0" + far


def with_exif(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + block)


def overlapping_exif() -> bytes:
    """Return a JPEG whose 5,000 EXIF tags all point at the same 290 kB: 1.5 GB for who copies them."""
    body = b"II*\0\x08\0\0\0" + struct.pack("<H", 5000)
    body += b"".join(struct.pack("<HHII", 0x9000 + number, 7, 290_000, 8) for number in range(5000))
    body = body.ljust(300_000, b"\0")
    return jpeg(*(with_exif(body[place : place + 60_000]) for place in range(0, len(body), 60_000)))


def many_scans(number: int = 1500) -> bytes:
    """Return a progressive JPEG whose last scan comes again and again."""
    data = small(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * number + b"\xff\xd9"


def progressive_header(width: int, height: int) -> bytes:
    """Return a progressive JPEG in full colour whose header promises this size."""
    data = small(progressive=True, subsampling=0)
    place = data.index(b"\xff\xc2") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


# --- PNG ---------------------------------------------------------------------------------------


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, rows: Iterable[bytes], *, depth=8, kind=2, chunks: bytes = b"") -> bytes:
    """Return a PNG of raw rows (each begins with its filter), packed piece by piece."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for row in rows) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks
    return start + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def promised_png(width: int, height: int) -> bytes:
    """Return a PNG whose header promises more than it holds."""
    return png(width, height, [b"\0" * 1000])


def clear_png(width: int, height: int) -> bytes:
    """Return a whole PNG that is transparent everywhere; small, however large it is."""
    return png(width, height, (b"\0" * (4 * width + 1) for _ in range(height)), kind=6)


def bomb(name: bytes) -> bytes:
    """Return a small PNG with a chunk that unpacks to 50 MB."""
    packed = zlib.compress(b"\0" * 50_000_000)
    return png(1, 1, [b"\0\xbb\x0a\x26"], chunks=chunk(name, b"icc\0\0" + packed))


def gif_beyond_its_canvas() -> bytes:
    """Return a GIF whose first frame is far larger than the canvas that its header names."""
    data = encoded(Pillow.new("P", (8, 8)), "GIF")
    place = data.index(b"\x2c\0\0\0\0")
    return data[: place + 5] + struct.pack("<HH", 60_000, 60_000) + data[place + 9 :]
