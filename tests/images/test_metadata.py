"""What a file says of itself: three formats, five charsets, one answer, whatever the bytes are."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from images import metadata
from images.metadata import Conflict, Metadata, read
from images.models import Image, SourceType
from tests.images import files
from tests.images.files import encoded, iim, jpeg, picture, small, with_exif, with_iim, with_xmp

pytestmark = pytest.mark.once

PREFIXES = """xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/\""""


def xmp(elements: str = "", attributes: str = "", before: str = "") -> str:
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{before}'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {PREFIXES} {attributes}>{elements}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>' + " " * 200
    )


def alt(tag: str, **texts: str) -> str:
    items = "".join(
        f'<rdf:li xml:lang="{name.replace("_", "-")}">{text}</rdf:li>' for name, text in texts.items()
    )
    return f"<{tag}><rdf:Alt>{items}</rdf:Alt></{tag}>"


def seq(tag: str, *texts: str, kind: str = "Seq") -> str:
    items = "".join(f"<rdf:li>{text}</rdf:li>" for text in texts)
    return f"<{tag}><rdf:{kind}>{items}</rdf:{kind}></{tag}>"


UTF8 = (1, 90, b"\x1b%G")
LATIN1 = (1, 90, b"\x1b.A")
WORDS = "Übung für Köche auf der Straße"

FULL_IIM = iim(
    UTF8,
    (2, 5, b"Saal 2026"),
    (2, 25, "Köche".encode()),
    (2, 25, b"Theater"),
    (2, 55, b"20261122"),
    (2, 60, b"101500+0100"),
    (2, 80, b"Emil Muster"),
    (2, 80, b"Anna Beispiel"),
    (2, 90, b"Berlin"),
    (2, 92, b"Volksb\xc3\xbchne"),
    (2, 101, b"Deutschland"),
    (2, 105, b"Premiere"),
    (2, 110, b"dpa"),
    (2, 115, b"picture alliance"),
    (2, 116, "© Emil Muster".encode()),
    (2, 120, b"Der Saal\r\nam Abend"),
)
FULL = Metadata(
    creators=("Emil Muster", "Anna Beispiel"),
    credit_line="dpa",
    caption="Der Saal\nam Abend",
    headline="Premiere",
    title="Saal 2026",
    copyright_notice="© Emil Muster",
    created="2026-11-22T10:15:00+01:00",
    sublocation="Volksbühne",
    city="Berlin",
    country="Deutschland",
    keywords=("Köche", "Theater"),
    source="picture alliance",
)
XMP_ONLY = {
    "usage_terms": "Nur online",
    "rights_url": "https://example.org/rechte?bild=1",
    "licence_end": dt.date(2027, 1, 31),
    "source_type": SourceType.COMPOSITE_AI,
    "alt_text": "Ein leerer Saal",
}
AI_URI = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
LISTS = (
    seq("dc:creator", "Emil Muster", "Anna Beispiel")
    + seq("dc:subject", "Köche", "Theater", kind="Bag")
    + alt("dc:description", x_default="Der Saal\nam Abend")
    + alt("dc:title", x_default="Saal 2026")
    + alt("dc:rights", x_default="© Emil Muster")
    + alt("xmpRights:UsageTerms", en="Online only", x_default="Online", de_DE="Nur online")
    + alt("Iptc4xmpCore:AltTextAccessibility", en="A hall", x_default="Ein leerer Saal")
)
SIMPLE = {
    "photoshop:Credit": "dpa",
    "photoshop:Headline": "Premiere",
    "photoshop:City": "Berlin",
    "photoshop:Country": "Deutschland",
    "photoshop:Source": "picture alliance",
    "photoshop:DateCreated": "2026-11-22T10:15:00+01:00",
    "Iptc4xmpCore:Location": "Volksbühne",
    "Iptc4xmpExt:DigitalSourceType": AI_URI,
    "xmpRights:WebStatement": "https://example.org/rechte?bild=1",
    "plus:LicenseEndDate": "2027-01-31",
}
ELEMENTS = xmp(LISTS + "".join(f"<{tag}>{text}</{tag}>" for tag, text in SIMPLE.items()))
ATTRIBUTES = xmp(LISTS, " ".join(f'{tag}="{text}"' for tag, text in SIMPLE.items()))
FULL_XMP = Metadata(**{**vars(FULL), **XMP_ONLY})


def caption(charset: str, *coded: tuple[int, int, bytes], text: str = WORDS) -> bytes:
    return jpeg(with_iim(iim(*coded, (2, 120, text.encode(charset)))))


def with_words(name: str, text: str) -> bytes:
    words = PngInfo()
    words.add_itxt(name, text, zip=True)
    return small("PNG", pnginfo=words)


def gif_with_xmp() -> bytes:
    plain = encoded(picture((9, 9)).quantize(4), "GIF")
    return plain[:-1] + b"!\xff\x0bXMP DataXMP" + ELEMENTS.encode() + b"\x01\xff\xfe\0\0;"


def with_words_utf16() -> bytes:
    """A document type hidden in another encoding than it says is refused too."""
    packet = xmp("", 'photoshop:Credit="dpa"', '<!DOCTYPE x [<!ENTITY a "b">]>').encode("utf-16")
    return small("WEBP", xmp=packet)


EXIF = files.tiff(
    {0x010E: "Saal für Köche".encode("latin-1"), 0x013B: b"Emil Muster; Anna", 0x8298: b"\xc2\xa9 Emil"},
    {0x9003: b"2026:11:22 10:15:00", 0x9011: b"+01:00"},
)
FROM_EXIF = Metadata(
    creators=("Emil Muster", "Anna"),
    caption="Saal für Köche",
    copyright_notice="© Emil",
    created="2026-11-22T10:15:00+01:00",
)

READ = {
    "nothing said": (small, Metadata()),
    "utf-8 with 1:90": (lambda: caption("utf-8", UTF8), Metadata(caption=WORDS)),
    "utf-8 without 1:90": (lambda: caption("utf-8"), Metadata(caption=WORDS)),
    "latin-1 with 1:90": (lambda: caption("latin-1", LATIN1), Metadata(caption=WORDS)),
    "latin-1 without 1:90": (lambda: caption("latin-1"), Metadata(caption=WORDS)),
    "windows": (lambda: caption("cp1252", text="„Köln“ – 5 €"), Metadata(caption="„Köln“ – 5 €")),
    "windows, not mac": (lambda: caption("cp1252", text="Dušan Šimic"), Metadata(caption="Dušan Šimic")),
    "mac roman": (lambda: caption("mac-roman"), Metadata(caption=WORDS)),
    "said to be utf-8, is not": (lambda: caption("latin-1", UTF8, text="Süd"), Metadata(caption="S\ufffdd")),
    "cut in a sign": (lambda: jpeg(with_iim(iim(UTF8, (2, 120, b"Saal \xc3")))), Metadata(caption="Saal")),
    "iim only": (lambda: jpeg(with_iim(FULL_IIM)), FULL),
    "iim in an extended length": (
        lambda: jpeg(with_iim(iim((2, 120, b"Saal " * 8000), (2, 105, b"Premiere")))),
        Metadata(caption=("Saal " * 1000).strip(), headline="Premiere"),
    ),
    "xmp in elements": (lambda: jpeg(with_xmp(ELEMENTS)), FULL_XMP),
    "xmp in attributes": (lambda: jpeg(with_xmp(ATTRIBUTES)), FULL_XMP),
    "xmp and iim agree": (lambda: jpeg(with_xmp(ELEMENTS), with_iim(FULL_IIM)), FULL_XMP),
    "xmp in png": (lambda: with_words("XML:com.adobe.xmp", ELEMENTS), FULL_XMP),
    "xmp in webp": (lambda: small("WEBP", xmp=ELEMENTS.encode()), FULL_XMP),
    "xmp in avif": (lambda: small("AVIF", xmp=ELEMENTS.encode()), FULL_XMP),
    "xmp in gif": (gif_with_xmp, FULL_XMP),
    "xmp in exif": (lambda: jpeg(with_exif(files.tiff({0x02BC: ELEMENTS.encode()}))), FULL_XMP),
    "xmp in utf-16": (lambda: small("WEBP", xmp=ELEMENTS.encode("utf-16")), FULL_XMP),
    "a document type in utf-16": (with_words_utf16, Metadata()),
    "exif only": (lambda: jpeg(with_exif(EXIF)), FROM_EXIF),
    "exif in png": (lambda: small("PNG", exif=EXIF), FROM_EXIF),
    "exif in webp": (lambda: small("WEBP", exif=b"Exif\0\0" + EXIF), FROM_EXIF),
    "exif in avif": (lambda: small("AVIF", exif=b"Exif\0\0" + EXIF), FROM_EXIF),
    "what cameras write": (
        lambda: jpeg(with_exif(files.tiff({0x010E: b"OLYMPUS DIGITAL CAMERA         "}))),
        Metadata(),
    ),
    "a place in a struct": (
        lambda: jpeg(with_xmp(xmp(
            '<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource">'
            "<Iptc4xmpExt:City>Köln</Iptc4xmpExt:City></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>"
        ))),
        Metadata(city="Köln"),
    ),
    "tricks in a text": (
        lambda: jpeg(with_xmp(xmp("", 'photoshop:Credit=" Emil\u202e\u200b&#10;Muster\u0308 "'))),
        Metadata(credit_line="Emil Muster\u0308"),
    ),
    "a page of rights that is none": (
        lambda: jpeg(with_xmp(xmp("", 'xmpRights:WebStatement="javascript:alert(1)"'))),
        Metadata(),
    ),
    "a source type that nobody knows": (
        lambda: jpeg(with_xmp(xmp("", 'Iptc4xmpExt:DigitalSourceType="https://example.org/neu"'))),
        Metadata(),
    ),
    "a document type": (
        lambda: jpeg(with_xmp(xmp("<photoshop:Credit>dpa</photoshop:Credit>", "",
                                  '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'))),
        Metadata(),
    ),
    "an unfinished packet": (lambda: jpeg(with_xmp(ELEMENTS[:900])), Metadata()),
    "no picture": (lambda: b"<svg>" + ELEMENTS.encode(), Metadata()),
}  # fmt: skip


@pytest.mark.parametrize(("make", "wanted"), READ.values(), ids=READ)
def test_what_the_file_says_is_read(make, wanted):
    assert read(make()) == wanted


def test_where_xmp_and_iim_differ_xmp_is_taken_and_both_are_named():
    data = jpeg(
        with_xmp(xmp(seq("dc:creator", "Emil Muster"), 'photoshop:Credit="AFP" photoshop:City="Köln "')),
        with_iim(
            iim(
                UTF8,
                (2, 110, b"dpa"),
                (2, 80, b"Emil"),
                (2, 90, "Ko\u0308ln".encode()),
                (2, 105, b"Premiere"),
            )
        ),
        with_exif(files.tiff({0x013B: b"Otto", 0x8298: b"Otto"})),
    )

    found = read(data)

    assert (found.credit_line, found.creators, found.city) == ("AFP", ("Emil Muster",), "Köln")
    assert (found.headline, found.copyright_notice) == ("Premiere", "Otto")  # said once only
    assert set(found.conflicts) == {
        Conflict("credit_line", iim="dpa", xmp="AFP"),
        Conflict("creators", iim="Emil", xmp="Emil Muster"),
    }


def test_what_iim_had_no_room_for_is_no_contradiction():
    name = "Anna-Katharina Muster-Beispielhausen"
    data = jpeg(
        with_xmp(xmp(seq("dc:creator", name), f'photoshop:Credit="{name}"')),
        with_iim(iim(UTF8, (2, 110, name[:32].encode()), (2, 80, name[:32].encode()))),
    )

    assert (read(data).credit_line, read(data).conflicts) == (name, ())


def moments(xmp_date: str = "", date: bytes = b"", hour: bytes = b"", taken: bytes = b"") -> Metadata:
    return read(
        jpeg(
            with_xmp(xmp("", f'photoshop:DateCreated="{xmp_date}"')),
            with_iim(iim((2, 55, date), (2, 60, hour))),
            with_exif(files.tiff({}, {0x9003: taken})),
        )
    )


@pytest.mark.parametrize(
    ("said", "created", "taken_at"),
    [
        (("2026",), "2026", None),
        (("2026-11",), "2026-11", None),
        (("2026-11-22",), "2026-11-22", "2026-11-21T23:00:00+00:00"),
        (("2026-11-22T10:15",), "2026-11-22T10:15", "2026-11-22T09:15:00+00:00"),
        (("2026-07-22T10:15:30.25Z",), "2026-07-22T10:15:30+00:00", "2026-07-22T10:15:30+00:00"),
        (("2026-02-30",), "", None),
        (("2026-11-22T25:00",), "2026-11-22", "2026-11-21T23:00:00+00:00"),
        (("0001-01-01T00:00+14:00",), "0001-01-01T00:00+14:00", None),
        (("gestern",), "", None),
        (("", b"20261122", b"101500+0100"), "2026-11-22T10:15:00+01:00", "2026-11-22T09:15:00+00:00"),
        (("", b"20261100", b""), "2026-11", None),
        (("", b"00000000", b""), "", None),
        (("2026-11-22", b"", b"", b"2026:11:22 10:15:00"), "2026-11-22T10:15:00", "2026-11-22T09:15:00Z"),
        (("2026-11-22", b"", b"", b"2020:01:01 10:15:00"), "2026-11-22", "2026-11-21T23:00:00+00:00"),
        (("", b"", b"", b"0000:00:00 00:00:00"), "", None),
    ],
)  # fmt: skip
def test_a_moment_is_as_exact_as_the_file_says(said, created, taken_at):
    found = moments(*said)

    assert (found.created, found.conflicts) == (created, ())
    assert found.taken_at == (taken_at and dt.datetime.fromisoformat(taken_at))


@pytest.mark.parametrize(
    ("about", "credit"),
    [
        ({"credit_line": "dpa", "creators": ("Emil",)}, "dpa"),
        ({"creators": ("Emil", "Anna"), "source": "dpa"}, "Emil, Anna/dpa"),
        ({"creators": ("Emil",)}, "Emil"),
        ({"source": "dpa"}, "dpa"),
    ],
)
def test_a_credit_is_suggested_as_agencies_write_it(about, credit):
    assert Metadata(**about).suggestions()["credit"] == credit


def test_suggestions_fit_the_fields_of_a_picture():
    long = Metadata(**{**vars(FULL_XMP), "caption": "Wort " * 300})

    assert long.suggestions() == {
        "title": "Premiere",
        "alt": "Ein leerer Saal",
        "caption": ("Wort " * 79).strip() + " …",
        "credit": "dpa",
        "creator": "Emil Muster, Anna Beispiel",
        "copyright_notice": "© Emil Muster",
        "usage_terms": "Nur online",
        "place": "Volksbühne, Berlin, Deutschland",
        "taken_at": dt.datetime(2026, 11, 22, 9, 15, tzinfo=dt.UTC),
        "source_type": SourceType.COMPOSITE_AI,
        "licensed_until": dt.datetime(2027, 1, 31, 23, 0, tzinfo=dt.UTC),
    }
    assert Metadata().suggestions() == {}
    lengths = {name: Image._meta.get_field(name).max_length for name in metadata.LIMITS}
    assert lengths == metadata.LIMITS


def test_where_it_was_taken_to_the_metre_is_never_read():
    exif = Pillow.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    gps = xmp("", 'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N"')

    assert read(small(exif=exif, xmp=gps.encode())) == Metadata()


# --- Hostile bytes -----------------------------------------------------------------------------

SEEDS = [
    jpeg(with_xmp(ELEMENTS), with_iim(FULL_IIM), with_exif(EXIF)),
    with_words("XML:com.adobe.xmp", ATTRIBUTES),
    small("WEBP", xmp=ATTRIBUTES.encode(), exif=b"Exif\0\0" + EXIF),
    small("AVIF", xmp=ATTRIBUTES.encode(), exif=b"Exif\0\0" + EXIF),
    gif_with_xmp(),
]


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), max_size=6),
    st.data(),
)
def test_whatever_the_bytes_are_an_answer_comes_that_columns_can_keep(seed, changes, data):
    spoilt = bytearray(seed)
    for place, new in changes:
        spoilt[place : place + len(new)] = new
    spoilt = spoilt[: data.draw(st.integers(0, len(spoilt)))]

    found = read(bytes(spoilt))

    for name, value in found.suggestions().items():
        if name in metadata.LIMITS:
            assert 0 < len(value) <= metadata.LIMITS[name]
            assert not set(value) & set("\0\u202e\ufeff")


@given(st.binary(max_size=300), st.sampled_from([with_xmp, with_iim, with_exif]))
def test_blocks_of_noise_say_nothing_and_raise_nothing(noise, place):
    assert isinstance(read(jpeg(place(noise))), Metadata)


MEGA = 1024 * 1024
LARGE = {
    "marks": lambda: b"\xff\xd8" + b"\xff" * 20 * MEGA,
    "empty segments": lambda: b"\xff\xd8" + b"\xff\xe1\0\2" * 5 * MEGA,
    "empty chunks": lambda: small("PNG")[:33] + files.chunk(b"tEXt", b"") * MEGA,
    "overlapping tags": files.overlapping_exif,
    "iim fields": lambda: jpeg(with_iim(iim(*[(2, 25, b"")] * 12_000))),
    "deep xmp": lambda: small("WEBP", xmp=b"<a>" * 300_000),
    "wide xmp": lambda: small("WEBP", xmp=xmp(seq("dc:creator", *["a"] * 60_000)).encode()),
    "many descriptions": lambda: small(
        "WEBP", xmp=xmp("</rdf:Description>" + "<rdf:Description/>" * 30_000 + "<rdf:Description>").encode()
    ),
    "too much xmp": lambda: small("WEBP", xmp=b" " * 10 + ELEMENTS.encode() + b"<!-- -->" * 500_000),
    "packed xmp": lambda: with_words("XML:com.adobe.xmp", "A" * 30 * MEGA),
}  # fmt: skip


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_large_and_hostile_files_cost_little(make):
    data = make()
    begun = time.process_time()

    read(data)

    assert time.process_time() - begun < 2


def test_a_header_that_breaks_the_library_says_nothing():
    assert read(b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + b"\xff" * 100) == Metadata()
