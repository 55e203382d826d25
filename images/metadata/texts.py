"""What the readers of IIM, XMP and EXIF share: their result, and how words and moments become clean."""

import datetime as dt
import re
from dataclasses import dataclass, field

from renewz.lib.text import clean_line, clean_text

# More than any editor writes about one picture; what is longer is not read.
MAX_LIST = 100
# How much of a text is kept here.
MAX_TEXT = 5000

# Where Windows differs from ISO 8859-1; five bytes mean nothing.
_WINDOWS = {byte: bytes((byte,)).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
# A letter that only Mac Roman makes of this byte, where German would have it: after a consonant
# and before a letter, a ß inside a word, a capital at its beginning. In Windows-1252 the same
# bytes are š, Š, Ÿ, § and †.
_MAC_LETTERS = re.compile(
    rb"[b-df-hj-np-tv-zB-DF-HJ-NP-TV-Z][\x8a\x9a\x9f][a-z]|[a-z]\xa7[a-z]|(?<![^\s(])[\x80\x86][a-z]{2}"
)
_WINDOWS_LETTERS = re.compile(rb"[A-Za-z][\xe4\xf6\xfc\xdf\xe9][a-z]|(?<![^\s(])[\xc4\xd6\xdc][a-z]{2}")


@dataclass
class Fields:
    """What one of the three says, by the names of Metadata; all texts are cleaned."""

    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)


def moment(date: str, time: str, offset: str) -> str:
    """Return a moment as exact as it is known and possible; empty if not even its year is."""
    date = re.sub(r"(-00)+$", "", date)
    try:
        dt.date.fromisoformat(f"{date}-01-01"[:10])
    except ValueError:
        return ""
    if len(date) < len("2026-11-22") or not time:
        return date
    offset = offset.replace("Z", "+00:00")
    for exact in (f"{date}T{time}{offset}", f"{date}T{time}"):
        try:
            dt.datetime.fromisoformat(exact)
        except ValueError:
            continue
        return exact
    return date


def line(text: str) -> str:
    # Line breaks become spaces before invisible signs fall, so that no words grow together.
    return clean_line(re.sub(r"\s+", " ", text[:MAX_TEXT]))


def lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(line, texts[:MAX_LIST]))))


def block_of_text(text: str) -> str:
    text = clean_text(text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def charset_of(raw: bytes) -> str:
    """Return the charset of text that does not name it: UTF-8 if it can be, else Windows or the old Mac."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        mac = _MAC_LETTERS.search(raw) and not _WINDOWS_LETTERS.search(raw)
        return "mac-roman" if mac else "cp1252"
    return "utf-8"


def decoded(raw: bytes, charset: str) -> str:
    if charset == "cp1252":
        return raw.decode("latin-1").translate(_WINDOWS)
    # Programs cut by bytes, also in the middle of a sign.
    return raw.decode(charset, "replace").rstrip("\ufffd")


def ascii_of(raw: bytes) -> str:
    return raw[:40].decode("ascii", "ignore").strip("\0 ")
