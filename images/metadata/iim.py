"""IPTC-IIM: the old fields, whose letters do not always say in which charset they are."""

import re
import struct
from collections.abc import Iterator

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

# More than any editor writes about one picture; what is longer is not read.
MAX_FIELDS = 1000
_TEXTS = {
    5: "title",
    90: "city",
    92: "sublocation",
    101: "country",
    105: "headline",
    110: "credit_line",
    115: "source",
    116: "copyright_notice",
    120: "caption",
}
_LISTS = {25: "keywords", 80: "creators"}
_WORDS = _TEXTS.keys() | _LISTS.keys()
_DATE, _TIME = 55, 60
# How many bytes a field may have; programs cut at them, and what is cut is no contradiction.
LENGTHS = {
    "title": 64,
    "city": 32,
    "sublocation": 32,
    "country": 64,
    "headline": 256,
    "credit_line": 32,
    "source": 32,
    "copyright_notice": 128,
    "caption": 2000,
    "keywords": 64,
    "creators": 32,
}
_CODED = {b"\x1b%G": "utf-8", b"\x1b%/I": "utf-8", b"\x1b.A": "iso8859-1", b"\x1b-A": "iso8859-1"}


def read(data: bytes) -> Fields:
    coded, raw = "", []
    for record, dataset, content in _datasets(data):
        if (record, dataset) == (1, 90):
            coded = _CODED.get(content, "")
        elif record == 2:
            raw.append((dataset, content[:MAX_TEXT]))
    charset = coded or charset_of(b"\n".join(content for dataset, content in raw if dataset in _WORDS))
    found = Fields()
    lists: dict[str, list[str]] = {}
    for dataset, content in raw:
        if name := _TEXTS.get(dataset):
            text = decoded(content, charset)
            found.texts.setdefault(name, block_of_text(text) if name == "caption" else line(text))
        elif name := _LISTS.get(dataset):
            lists.setdefault(name, []).append(decoded(content, charset))
    found.lists = {name: lines(values) for name, values in lists.items()}
    dates = dict(reversed(raw))
    found.texts["created"] = _moment_of(ascii_of(dates.get(_DATE, b"")), ascii_of(dates.get(_TIME, b"")))
    return found


def _datasets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield record, number and content; stops at the first that is not well formed."""
    place = 0
    for _number in range(MAX_FIELDS):
        if place + 5 > len(data) or data[place] != 0x1C:
            return
        record, dataset, size = struct.unpack_from(">BBH", data, place + 1)
        place += 5
        if size & 0x8000:  # the length of the length
            length = size & 0x7FFF
            if length > 4:
                return
            size = int.from_bytes(data[place : place + length], "big")
            place += length
        yield record, dataset, data[place : place + size]
        place += size


def _moment_of(date: str, time: str) -> str:
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", date)
    clock = re.fullmatch(r"(\d\d)(\d\d)(\d\d)([+-]\d{4})?", time)
    if not found:
        return ""
    hours, offset = (":".join(clock.group(1, 2, 3)), clock[4] or "") if clock else ("", "")
    return moment("-".join(found.groups()), hours, f"{offset[:3]}:{offset[3:]}" if offset else "")
