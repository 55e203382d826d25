"""The door for pictures: what the bytes are decides, limits hold before decoding, nothing private leaves."""

import io
import re
import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from images import renditions, uploads
from images.models import Image
from images.uploads import BadPicture
from tests import stories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Every test has a public folder of its own: renditions are named by content and would be found again."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(size=(1800, 1200), colour="#bb0a26", mode="RGB") -> Pillow.Image:
    return Pillow.new(mode, size, colour)


def encoded(image: Pillow.Image, format_: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def store(data: bytes, title: str = "Saal", **about) -> Image:
    return uploads.store(io.BytesIO(data), title=title, **about)


def rendition(image: Image, width: int, extension: str = "webp") -> Pillow.Image:
    with default_storage.open(renditions.name(image, width, extension)) as file:
        found = Pillow.open(io.BytesIO(file.read()))
    found.load()
    return found


def originals() -> list[str]:
    return files_in(Path(Image._meta.get_field("original").storage.location))


def files_in(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- What is taken -----------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_stored_with_what_is_known_of_it(format_):
    user = stories.editor()

    image = store(encoded(picture(), format_), user=user, alt="Ein Saal", credit="Emil")

    image = Image.objects.get(pk=image.pk)
    assert (image.width, image.height, image.title) == (1800, 1200, "Saal")
    assert (image.alt, image.credit, image.uploaded_by) == ("Ein Saal", "Emil", user)
    assert re.fullmatch(r"#[0-9a-f]{6}", image.colour)
    assert image.is_publishable


def test_the_original_is_kept_as_it_came_under_a_name_of_ours(media):
    data = encoded(picture((1801, 1200)))

    image = store(data)

    assert image.original.read() == data
    assert re.fullmatch(r"\d{4}/\d{2}/[0-9a-f]{40}(_\w{7})?\.bin", image.original.name)
    assert image.original.name in originals()
    assert not any(name.endswith(".bin") for name in files_in(media))
    assert Client().get(f"/media/{image.original.name}").status_code == 404


@pytest.mark.parametrize(
    ("width", "widths", "share"),
    [
        (2400, [160, 320, 640, 1024, 1600], 1200),
        (1600, [160, 320, 640, 1024], 1200),
        (700, [160, 320, 640], 700),
        (320, [160], 320),
        (160, [160], 160),
        (40, [40], 40),
    ],
)
def test_renditions_are_there_named_by_content_and_never_larger_than_the_original(
    media, width, widths, share
):
    image = store(encoded(picture((width, width // 2)), "PNG"))

    stem = f"{image.checksum[:2]}/{image.checksum[:40]}"
    wanted = [*(f"{stem}-{size}.webp" for size in widths), f"{stem}-{share}.jpg"]
    assert files_in(media) == sorted(wanted)
    assert renditions.widths(image) == widths
    for size in widths:
        assert rendition(image, size).size == (size, renditions.height_for(image, size))
    assert rendition(image, share, "jpg").format == "JPEG"


def test_the_same_bytes_twice_are_one_picture(media):
    data = encoded(picture())
    first = store(data, alt="Ein Saal")
    before = files_in(media), originals()

    second = store(data, title="Anders", alt="Etwas anderes")

    assert second == first
    assert Image.objects.get().alt == "Ein Saal"
    assert (files_in(media), originals()) == before


def test_renditions_that_were_lost_are_made_again(media):
    data = encoded(picture())
    image = store(data)
    default_storage.delete(renditions.name(image, 640))

    store(data)

    assert default_storage.exists(renditions.name(image, 640))


# --- What it looks like ------------------------------------------------------------------------


def test_a_picture_that_was_taken_upright_stands_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # turn by 90 degrees

    image = store(encoded(picture((900, 600)), exif=exif))

    assert (image.width, image.height) == (600, 900)
    assert rendition(image, 320).size == (320, 480)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_paper_and_not_black(mode):
    clear = Pillow.new("RGBA", (400, 300), (0, 0, 0, 0))
    clear = clear.convert(mode) if mode != "P" else clear.quantize(4)

    image = store(encoded(clear, "PNG"))

    assert min(rendition(image, 320).convert("RGB").getpixel((100, 100))) > 250


@pytest.mark.parametrize(("mode", "format_"), [("L", "PNG"), ("CMYK", "JPEG"), ("1", "PNG"), ("I;16", "PNG")])
def test_every_colour_model_can_be_shown(mode, format_):
    image = store(encoded(Pillow.new(mode, (400, 300)), format_))

    assert rendition(image, 320).mode == "RGB"


# --- What never leaves -------------------------------------------------------------------------

SECRET = "GEHEIMER-ORT-52.5200N"


def with_secrets() -> bytes:
    exif = Pillow.Exif()
    exif[0x010E] = SECRET  # description
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    return encoded(picture(), exif=exif, xmp=xmp)


def public_bytes(image: Image) -> bytes:
    names = [renditions.name(image, width) for width in renditions.widths(image)]
    names.append(renditions.name(image, renditions.share_width(image), "jpg"))
    found = b""
    for name in names:
        with default_storage.open(name) as file:
            found += file.read()
    return found


def test_where_and_by_whom_it_was_taken_stays_in_the_house():
    data = with_secrets()
    assert SECRET.encode() in data

    image = store(data)

    assert SECRET.encode() not in public_bytes(image)
    for width, extension in ((640, "webp"), (1200, "jpg")):
        assert dict(rendition(image, width, extension).getexif()) == {}


def test_a_comment_in_the_file_stays_in_the_house():
    image = store(encoded(picture(), comment=SECRET.encode()))

    assert SECRET.encode() not in public_bytes(image)


def test_words_in_a_png_stay_in_the_house():
    words = PngInfo()
    words.add_text("Author", SECRET)
    words.add_itxt("XML:com.adobe.xmp", SECRET)

    assert SECRET.encode() not in public_bytes(store(encoded(picture(), "PNG", pnginfo=words)))


# --- What is refused ---------------------------------------------------------------------------


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG whose header promises more than anybody wants to decode."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


NO_PICTURE = "Diese Datei ist kein Bild im Format JPEG, PNG oder WebP."
BROKEN = "Die Bilddatei ist beschädigt und lässt sich nicht lesen."
TOO_LARGE = "Die Datei ist größer als 20 MB."
TOO_MANY = "Das Bild hat mehr als 50 Megapixel."
REFUSED = {
    "nothing": (lambda: b"", NO_PICTURE),
    "text": (lambda: b"Kein Bild, nur Worte.", NO_PICTURE),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NO_PICTURE),
    "html": (lambda: b"<html><script>alert(1)</script></html>", NO_PICTURE),
    "pdf": (lambda: b"%PDF-1.7\n", NO_PICTURE),
    "gif": (lambda: encoded(picture((9, 9)), "GIF"), NO_PICTURE),
    "tiff": (lambda: encoded(picture((9, 9)), "TIFF"), NO_PICTURE),
    "bmp": (lambda: encoded(picture((9, 9)), "BMP"), NO_PICTURE),
    "cut off": (lambda: encoded(picture())[:-500], BROKEN),
    "cut off png": (lambda: encoded(picture(), "PNG")[:200], BROKEN),
    "header only": (lambda: encoded(picture())[:20], NO_PICTURE),
    "51 megapixels": (lambda: huge_png(8_500, 6_000), TOO_MANY),
    "a bomb": (lambda: huge_png(30_000, 30_000), TOO_MANY),
    "more than 20 MB": (lambda: encoded(picture((9, 9))) + b"\0" * uploads.MAX_BYTES, TOO_LARGE),
}  # fmt: skip


@pytest.mark.parametrize(("make", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_good_picture_is_refused_and_leaves_nothing(media, make, sentence):
    before = originals()
    with pytest.raises(BadPicture) as refusal:
        store(make())

    assert str(refusal.value) == sentence
    assert not Image.objects.exists()
    assert (files_in(media), originals()) == ([], before)


def test_a_picture_with_a_page_behind_it_is_only_shown_as_a_picture():
    image = store(encoded(picture()) + b"<script>alert(1)</script>")

    assert b"<script>" not in public_bytes(image)


def test_no_more_than_the_limit_is_read():
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            Endless.asked = size
            return b"\0" * size

    with pytest.raises(BadPicture):
        uploads.store(Endless(), title="Endlos")
    assert Endless.asked == uploads.MAX_BYTES + 1


def test_a_picture_may_be_shown_with_credit_and_a_text_or_a_decision():
    def may(**about) -> bool:
        return Image(**about).is_publishable

    assert may(credit="Emil", alt="Ein Saal")
    assert may(credit="Emil", decorative=True)
    assert not may(credit="Emil")
    assert not may(alt="Ein Saal")
