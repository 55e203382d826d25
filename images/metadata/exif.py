"""EXIF: the few tags that a newsroom wants, and the other two where a camera keeps them there."""

import re
import struct
from dataclasses import dataclass, field

from images.metadata.blocks import MAX_XMP
from images.metadata.texts import (
    MAX_TEXT,
    Fields,
    ascii_of,
    block_of_text,
    charset_of,
    decoded,
    line,
    lines,
    moment,
)


@dataclass
class Exif:
    fields: Fields = field(default_factory=Fields)
    xmp: bytes = b""
    iim: bytes = b""


_DESCRIPTION, _ARTIST, _COPYRIGHT, _XMP_TAG, _IIM_TAG, _MORE = 0x010E, 0x013B, 0x8298, 0x02BC, 0x83BB, 0x8769
_TAKEN, _OFFSET = 0x9003, 0x9011
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1}
# What cameras write of themselves where a description belongs.
_CAMERA = re.compile(r"DIGITAL CAMERA|CAMERA PICTURES|^(SONY )?DSC|^DCIM")


def read(data: bytes) -> Exif:
    """Read the few tags that are wanted. Own code: Pillow copies every tag, and tags may overlap."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return Exif()
    tags = _tags(data, order, struct.unpack_from(f"{order}I", data, 4)[0])
    more = tags.get(_MORE, b"")
    if len(more) == 4:
        tags = _tags(data, order, struct.unpack(f"{order}I", more)[0]) | tags
    described, artist, notice = (_exif_text(tags.get(t, b"")) for t in (_DESCRIPTION, _ARTIST, _COPYRIGHT))
    found = Exif(xmp=tags.get(_XMP_TAG, b""), iim=tags.get(_IIM_TAG, b""))
    found.fields.texts = {
        "caption": "" if _CAMERA.search(described) else block_of_text(described),
        "copyright_notice": line(notice),
        "created": _moment_of(ascii_of(tags.get(_TAKEN, b"")), ascii_of(tags.get(_OFFSET, b""))),
    }
    found.fields.lists = {"creators": lines(artist.split(";"))}
    return found


def _tags(data: bytes, order: str, place: int) -> dict[int, bytes]:
    """Return the wanted tags of one directory; each is copied once at most."""
    found: dict[int, bytes] = {}
    if place + 2 > len(data):
        return found
    wanted = {_DESCRIPTION, _ARTIST, _COPYRIGHT, _XMP_TAG, _IIM_TAG, _MORE, _TAKEN, _OFFSET}
    (count,) = struct.unpack_from(f"{order}H", data, place)
    for entry in range(place + 2, min(place + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, number = struct.unpack_from(f"{order}HHI", data, entry)
        if tag not in wanted or tag in found or kind not in _SIZES:
            continue
        size = number * _SIZES[kind]
        begin = entry + 8 if size <= 4 else struct.unpack_from(f"{order}I", data, entry + 8)[0]
        found[tag] = data[begin : begin + min(size, MAX_XMP + 1)]
    return found


def _exif_text(raw: bytes) -> str:
    raw = raw[:MAX_TEXT].split(b"\0", 1)[0]
    return decoded(raw, charset_of(raw))


def _moment_of(taken: str, offset: str) -> str:
    found = re.fullmatch(r"(\d{4}):(\d\d):(\d\d)(?: (\d\d:\d\d:\d\d))?", taken)
    return moment("-".join(found.group(1, 2, 3)), found[4] or "", offset) if found else ""
