"""What a picture file says of itself: IPTC-IIM, XMP and EXIF, cleaned and in one shape.

Where they differ, XMP wins over IIM and IIM over EXIF (IPTC's mapping guideline); what differs
between XMP and IIM is reported. Where the picture was taken to the metre is never read. Nothing
here raises on hostile bytes, and everything is linear in them.
"""

import datetime as dt
from dataclasses import dataclass, field

from images.metadata import exif, iim, xmp
from images.metadata.blocks import blocks_of
from images.metadata.texts import Fields
from images.models import SourceType
from renewz.lib.dates import BERLIN
from renewz.lib.text import clean_line

# How much of a text its column of Image holds.
LIMITS = {
    "title": 200,
    "alt": 300,
    "caption": 400,
    "credit": 200,
    "creator": 200,
    "copyright_notice": 300,
    "usage_terms": 1000,
    "place": 200,
}

# The vocabulary of IPTC: http://cv.iptc.org/newscodes/digitalsourcetype/
_SOURCE_TYPES = {
    "digitalCapture": SourceType.PHOTO,
    "computationalCapture": SourceType.PHOTO,
    "negativeFilm": SourceType.PHOTO,
    "positiveFilm": SourceType.PHOTO,
    "print": SourceType.PHOTO,
    "humanEdits": SourceType.PHOTO,
    "minorHumanEdits": SourceType.PHOTO,
    "algorithmicallyEnhanced": SourceType.PHOTO,
    "digitalArt": SourceType.DIGITAL_ART,
    "digitalCreation": SourceType.DIGITAL_ART,
    "softwareImage": SourceType.DIGITAL_ART,
    "algorithmicMedia": SourceType.DIGITAL_ART,
    "compositeSynthetic": SourceType.COMPOSITE_AI,
    "compositeWithTrainedAlgorithmicMedia": SourceType.COMPOSITE_AI,
    "trainedAlgorithmicMedia": SourceType.AI,
}


@dataclass(frozen=True)
class Conflict:
    """A field that IIM and XMP fill differently; XMP's value is the one that was taken."""

    field: str
    iim: str
    xmp: str


@dataclass(frozen=True)
class Metadata:
    """What the file says; empty where it says nothing."""

    creators: tuple[str, ...] = ()
    credit_line: str = ""
    caption: str = ""
    headline: str = ""
    title: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    rights_url: str = ""
    licence_end: dt.date | None = None
    created: str = ""  # as exact as the file: „2026“, „2026-11-22“, „2026-11-22T10:15:00+01:00“
    sublocation: str = ""
    city: str = ""
    country: str = ""
    keywords: tuple[str, ...] = ()
    source: str = ""
    source_type: SourceType = SourceType.UNKNOWN
    alt_text: str = ""
    conflicts: tuple[Conflict, ...] = field(default=())

    @property
    def taken_at(self) -> dt.datetime | None:
        """The moment of ``created``: Berlin's clock where no other is named, its midnight where none is."""
        if len(self.created) < len("2026-11-22"):
            return None
        moment = dt.datetime.fromisoformat(self.created)
        try:
            return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(dt.UTC)
        except OverflowError:
            return None

    @property
    def licensed_until(self) -> dt.datetime | None:
        """The moment from which on the licence does not hold: the end of its last day in Berlin."""
        if self.licence_end is None or self.licence_end.year > 9000:
            return None
        after = self.licence_end + dt.timedelta(days=1)
        return dt.datetime.combine(after, dt.time(), tzinfo=BERLIN).astimezone(dt.UTC)

    def suggestions(self) -> dict[str, object]:
        """Return what the fields of Image could say, only those about which the file says something."""
        creator = ", ".join(self.creators)
        places = dict.fromkeys(part for part in (self.sublocation, self.city, self.country) if part)
        texts = {
            "title": self.headline or self.title,
            "alt": self.alt_text,
            "caption": self.caption,
            "credit": self.credit_line or "/".join(part for part in (creator, self.source) if part),
            "creator": creator,
            "copyright_notice": self.copyright_notice,
            "place": ", ".join(places),
        }
        found: dict[str, object] = {
            name: _shortened(clean_line(text), LIMITS[name]) for name, text in texts.items()
        }
        found |= {
            "usage_terms": _shortened(self.usage_terms, LIMITS["usage_terms"]),
            "taken_at": self.taken_at,
            "source_type": self.source_type,
            "licensed_until": self.licensed_until,
        }
        return {name: value for name, value in found.items() if value}


def read(data: bytes) -> Metadata:
    """Return what can be read; for what is no picture, nothing."""
    blocks = blocks_of(data)
    camera = exif.read(blocks.exif)
    return _merged(xmp.read(blocks.xmp or camera.xmp), iim.read(blocks.iim or camera.iim), camera.fields)


def _merged(of_xmp: Fields, of_iim: Fields, of_exif: Fields) -> Metadata:
    conflicts = []
    texts: dict[str, str] = {}
    for name in of_xmp.texts | of_iim.texts | of_exif.texts:
        values = [origin.texts.get(name, "") for origin in (of_xmp, of_iim, of_exif)]
        texts[name] = next(filter(None, values), "")
        if name == "created":
            # A date without its time is not wrong: who knows the time as well says more.
            texts[name] = max((value for value in values if value.startswith(texts[name])), key=len)
        if not _agree(name, values[1], values[0]):
            conflicts.append(Conflict(name, iim=values[1], xmp=values[0]))
    lists: dict[str, tuple[str, ...]] = {}
    for name in of_xmp.lists | of_iim.lists | of_exif.lists:
        lists[name] = next(filter(None, (each.lists.get(name, ()) for each in (of_xmp, of_iim, of_exif))), ())
        ours, theirs = of_iim.lists.get(name, ()), of_xmp.lists.get(name, ())
        if ours and theirs and not _same_list(name, ours, theirs):
            conflicts.append(Conflict(name, iim=", ".join(ours), xmp=", ".join(theirs)))
    end, kind = texts.pop("licence_end", ""), texts.pop("source_type", "")
    return Metadata(
        **texts,
        creators=lists.get("creators", ()),
        keywords=lists.get("keywords", ()),
        licence_end=dt.date.fromisoformat(end) if len(end) == 10 else None,
        source_type=_SOURCE_TYPES.get(kind.strip().rstrip("/").rpartition("/")[2], SourceType.UNKNOWN),
        conflicts=tuple(conflicts),
    )


def _same_list(name: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Say whether two lists hold the same, in whatever order."""
    return len(ours) == len(theirs) and all(
        _agree(name, one, other) for one, other in zip(sorted(ours), sorted(theirs), strict=True)
    )


def _agree(name: str, old: str, new: str) -> bool:
    """Say whether there is no contradiction: one is silent, both say the same, or IIM had no more room."""
    old, new = clean_line(old), clean_line(new)
    if not old or not new or old == new:
        return True
    if name == "created":
        return old.startswith(new) or new.startswith(old)
    room = iim.LENGTHS.get(name, 0)
    return new.startswith(old) and room - 4 < len(old.encode()) <= room


def _shortened(text: str, limit: int) -> str:
    """Return the text, cut at a word with „…“ where it is too long."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"
