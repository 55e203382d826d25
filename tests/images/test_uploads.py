"""The door for pictures: what the bytes are decides, limits hold before decoding, nothing private leaves."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image as Pillow
from PIL import ImageCms
from PIL.PngImagePlugin import PngInfo

from images import decoder, uploads
from images.models import Image, Licence
from images.uploads import BadPicture
from tests import stories
from tests.images import files
from tests.images.files import encoded, picture, small

pytestmark = pytest.mark.django_db

RED = (187, 10, 38)
WHITE = (255, 255, 255)


@pytest.fixture(autouse=True)
def media(settings, monkeypatch, tmp_path):
    """Every test has folders of its own: names come from the content, and workers share the others."""
    settings.MEDIA_ROOT = tmp_path / "media"
    storage = Image._meta.get_field("original").storage
    monkeypatch.setattr(storage, "location", str(tmp_path / "originals"))
    return settings.MEDIA_ROOT


def store(data: bytes, title: str = "Saal", **about) -> Image:
    return uploads.store(io.BytesIO(data), title=title, **about)


def originals() -> list[str]:
    return files_in(Path(Image._meta.get_field("original").storage.location))


def files_in(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def near(pixel, wanted, tolerance=6) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(pixel, wanted, strict=True))


# --- What is taken -----------------------------------------------------------------------------


def test_a_picture_is_stored_with_what_is_known_of_it():
    user = stories.editor()

    image = store(encoded(picture()), user=user, alt="Ein Saal", credit="Emil", licence="own")

    image = Image.objects.get(pk=image.pk)
    assert (image.width, image.height, image.title) == (480, 320, "Saal")
    assert (image.alt, image.credit, image.uploaded_by) == ("Ein Saal", "Emil", user)
    assert re.fullmatch(r"#[0-9a-f]{6}", image.colour)
    assert image.is_publishable


def test_the_original_is_kept_as_it_came_under_a_name_of_ours(media):
    data = encoded(picture())

    image = store(data)

    assert image.original.read() == data
    assert re.fullmatch(r"\d{4}/\d{2}/[0-9a-f]{40}(_\w{7})?\.bin", image.original.name)
    assert image.original.name in originals()
    assert not any(name.endswith(".bin") for name in files_in(media))
    assert Client().get(f"/media/{image.original.name}").status_code == 404


def test_the_same_bytes_twice_are_one_picture(media, django_capture_on_commit_callbacks):
    data = encoded(picture())
    with django_capture_on_commit_callbacks(execute=True):
        first = store(data, alt="Ein Saal")
    before = files_in(media), originals()

    with django_capture_on_commit_callbacks(execute=True):
        second = store(data, title="Anders", alt="Etwas anderes")

    assert second == first
    assert Image.objects.get().alt == "Ein Saal"
    assert (files_in(media), originals()) == before


def test_a_picture_may_be_shown_with_credit_licence_and_a_text_or_a_decision():
    def may(**about) -> bool:
        return Image(**about).is_publishable

    assert may(credit="Emil", licence=Licence.OWN, alt="Ein Saal")
    assert may(credit="Emil", licence=Licence.OWN, decorative=True)
    assert not may(credit="Emil", licence=Licence.OWN)
    assert not may(credit="Emil", alt="Ein Saal")
    assert not may(licence=Licence.OWN, alt="Ein Saal")


# --- The table of good files: what each becomes ------------------------------------------------

SECRET = b"GEHEIMER-ORT-52.5200N"


def located() -> bytes:
    exif = Pillow.Exif()
    exif[0x010E] = SECRET.decode()  # description
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    return small(exif=exif, xmp=xmp, comment=SECRET)


def worded_png() -> bytes:
    words = PngInfo()
    words.add_text("Author", SECRET.decode())
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return small("PNG", pnginfo=words)


def moving(format_: str, number: int = 3) -> bytes:
    """Return an animation that begins red and goes on in black."""
    frames = [picture((48, 32), (shade, 0, 0)) for shade in range(min(number, 250))]
    first = picture((48, 32), RED)
    return encoded(first, format_, save_all=True, append_images=frames, duration=40)


def with_archive() -> bytes:
    out = io.BytesIO(small())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("geheim.txt", SECRET)
    return out.getvalue()


def swapped_profile() -> bytes:
    """Return sRGB with red and green exchanged: who passes a profile over shows the wrong colour."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")


def palette() -> Pillow.Image:
    return picture((48, 32)).quantize(4)


def clear(mode: str) -> Pillow.Image:
    nothing = Pillow.new("RGBA", (48, 32), (0, 0, 0, 0))
    return nothing.quantize(4) if mode == "P" else nothing.convert(mode)


RED16 = b"\xbb\xbb\x0a\x0a\x26\x26"
GOOD = {
    "jpeg": (small, RED),
    "png": (lambda: small("PNG"), RED),
    "webp": (lambda: small("WEBP", lossless=True), RED),
    "avif": (lambda: small("AVIF", quality=100), RED),
    "gif": (lambda: encoded(palette(), "GIF"), RED),
    "progressive": (lambda: small(progressive=True), RED),
    "grey": (lambda: encoded(Pillow.new("L", (48, 32), 90)), (90, 90, 90)),
    "black and white": (lambda: encoded(Pillow.new("1", (48, 32), 1), "PNG"), WHITE),
    "palette": (lambda: encoded(palette(), "PNG"), RED),
    "cmyk": (lambda: encoded(Pillow.new("CMYK", (48, 32), (0, 255, 255, 0))), (255, 0, 0)),
    "16 bit grey": (lambda: encoded(Pillow.new("I;16", (48, 32), 40_000), "PNG"), (156, 156, 156)),
    "16 bit colour": (lambda: files.png(48, 32, [b"\0" + RED16 * 48] * 32, depth=16), RED),
    "transparent": (lambda: encoded(clear("RGBA"), "PNG"), WHITE),
    "transparent grey": (lambda: encoded(clear("LA"), "PNG"), WHITE),
    "transparent palette": (lambda: encoded(clear("P"), "PNG"), WHITE),
    "transparent webp": (lambda: encoded(clear("RGBA"), "WEBP", lossless=True), WHITE),
    "half transparent": (
        lambda: encoded(Pillow.new("RGBA", (48, 32), (0, 0, 0, 128)), "PNG"),
        (127, 127, 127),
    ),
    "colour profile": (
        lambda: encoded(picture((48, 32), "#ff0000"), "PNG", icc_profile=swapped_profile()),
        (0, 255, 0),
    ),
    "broken profile": (lambda: small("PNG", icc_profile=b"kein Profil" * 20), RED),
    "moving gif": (lambda: moving("GIF"), RED),
    "moving webp": (lambda: moving("WEBP"), RED),
    "moving png": (lambda: moving("PNG"), RED),
    "moving avif": (lambda: moving("AVIF"), RED),
    "moving on and on": (lambda: moving("GIF", 250), RED),
    "located": (located, RED),
    "worded png": (worded_png, RED),
    "page behind": (lambda: small() + b"<script>" + SECRET + b"</script>", RED),
    "script in a comment": (lambda: small(comment=b"*/alert('" + SECRET + b"')/*"), RED),
    "archive behind": (with_archive, RED),
    "overlapping exif": (files.overlapping_exif, RED),
    "caption": (lambda: files.jpeg(files.with_iim(files.iim((2, 120, SECRET)))), RED),
}  # fmt: skip


@pytest.mark.parametrize(("make", "colour"), GOOD.values(), ids=GOOD)
def test_every_good_file_becomes_a_plain_picture_and_nothing_else_leaves_the_house(
    media, django_capture_on_commit_callbacks, make, colour
):
    data = make()
    with django_capture_on_commit_callbacks(execute=True):
        image = store(data)

    seen = uploads.reopen(image)
    assert (seen.mode, seen.size, (image.width, image.height)) == ("RGB", (48, 32), (48, 32))
    assert near(seen.getpixel((24, 16)), colour), seen.getpixel((24, 16))
    public = [path.read_bytes() for path in media.rglob("*") if path.is_file()]
    assert public
    for file in public:
        assert SECRET not in file
        with Pillow.open(io.BytesIO(file)) as shown:
            assert dict(shown.getexif()) == {}
            kept = {"exif", "xmp", "icc_profile", "comment", "photoshop"} & {
                name for name, value in shown.info.items() if value
            }
            assert kept == set()


@pytest.mark.once
def test_what_a_file_is_called_decides_nothing():
    file = io.BytesIO(small("PNG"))
    file.name = "saal.jpg"

    assert uploads.store(file, title="Saal").width == 48


# Where the first row and the first column of the file are seen (TIFF 6.0, tag 274).
SEEN = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}
OPPOSITE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}


def corner(image: Pillow.Image, *sides: str) -> tuple[int, ...]:
    return image.getpixel(
        (2 if "left" in sides else image.width - 3, 2 if "top" in sides else image.height - 3)
    )


@pytest.mark.once
@pytest.mark.parametrize("format_", ["PNG", "WEBP", "JPEG"])
@pytest.mark.parametrize(("turn", "seen"), SEEN.items())
def test_a_picture_stands_upright_however_the_camera_was_held(turn, seen, format_):
    lying = picture((64, 32), "#000000")
    lying.paste("#ff0000", (0, 0, 16, 16))  # first row, first column
    lying.paste("#0000ff", (48, 0, 64, 16))  # first row, last column
    exif = Pillow.Exif()
    exif[0x0112] = turn
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100, "subsampling": 0}}.get(format_, {})

    image = store(encoded(lying, format_, exif=exif, **options))

    upright = uploads.reopen(image)
    row, column = seen
    assert (image.width, image.height) == upright.size == ((64, 32) if turn < 5 else (32, 64))
    assert near(corner(upright, row, column), (255, 0, 0))
    assert near(corner(upright, row, OPPOSITE[column]), (0, 0, 255))


@pytest.mark.once
def test_a_large_picture_is_kept_in_full_and_shown_smaller_without_seams():
    column = Pillow.linear_gradient("L").resize((6000, 4200))
    image = store(encoded(column.convert("RGB"), "PNG", compress_level=1))

    seen = uploads.reopen(image)
    assert ((image.width, image.height), seen.size) == ((6000, 4200), (2928, 2049))
    rows = [seen.getpixel((1000, row))[0] for row in range(seen.height)]
    assert rows == sorted(rows)  # strips that did not meet would break the order


# --- The table of refused files ----------------------------------------------------------------

SAYS = uploads._SENTENCES
REFUSED = {
    "nothing": (lambda: b"", "Die Datei ist leer."),
    "text": (lambda: b"Kein Bild, nur Worte.", "Diese Datei ist kein Bild im Format JPEG, PNG, WebP, AVIF"),
    "html": (lambda: b"<html><script>alert(1)</script></html>", "Diese Datei ist kein Bild im Format"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG kann Programme"),
    "svg behind a declaration": (lambda: b"<?xml version='1.0'?>\n<!-- -->\n<SVG width='1'>", "SVG kann"),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS ist ein Druckformat."),
    "eps with preview": (lambda: b"\xc5\xd0\xd3\xc6" + b"\0" * 30, "EPS ist ein Druckformat."),
    "pdf": (lambda: b"%PDF-1.7\n", "Das ist ein PDF und kein Bild."),
    "tiff": (lambda: small("TIFF"), "TIFF zeigen Browser nicht an."),
    "bmp": (lambda: small("BMP"), "BMP ist für das Netz zu groß."),
    "photoshop": (lambda: b"8BPS\0\1" + b"\0" * 30, "Das ist eine Photoshop-Datei."),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC lesen die meisten Browser nicht."),
    "heif": (lambda: b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix", "HEIC lesen die meisten Browser nicht."),
    "film": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "Diese Datei ist kein Bild im Format"),
    "cut off": (lambda: encoded(picture())[:-500], "Die Bilddatei ist beschädigt oder unvollständig"),
    "cut off png": (lambda: encoded(picture(), "PNG")[:200], "Die Bilddatei ist beschädigt"),
    "cut off webp": (lambda: small("WEBP")[:-20], "Die Bilddatei ist beschädigt"),
    "cut off avif": (lambda: small("AVIF")[:-20], "Die Bilddatei ist beschädigt"),
    "header only": (lambda: small()[:20], "Die Bilddatei ist beschädigt"),
    "51 megapixels": (lambda: files.promised_png(8_500, 6_000), "Das Bild hat mehr als 50 Megapixel."),
    "a bomb": (lambda: files.promised_png(30_000, 30_000), "Das Bild hat mehr als 50 Megapixel."),
    "moving bomb": (files.gif_beyond_its_canvas, "Das Bild hat mehr als 50 Megapixel."),
    "large webp": (lambda: encoded(Pillow.new("L", (5000, 4100)), "WEBP"), "Das Bild hat mehr als 20"),
    "a thread": (lambda: files.clear_png(101, 10), "Das Bild ist mehr als zehnmal so lang wie breit."),
    "many scans": (files.many_scans, "Das Öffnen des Bildes dauert zu lange."),
    "large progressive": (lambda: files.progressive_header(8000, 6000), "Das Bild braucht beim Öffnen"),
    "profile bomb": (lambda: files.bomb(b"iCCP"), "In der Datei stecken ungewöhnlich viele"),
    "text bomb": (lambda: files.bomb(b"zTXt"), "In der Datei stecken ungewöhnlich viele"),
    "more than 20 MB": (lambda: small() + b"\0" * uploads.MAX_BYTES, "Die Datei ist größer als 20 MB."),
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(("make", "beginning"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_good_picture_is_refused_and_leaves_nothing(media, make, beginning):
    before = originals()
    with pytest.raises(BadPicture) as refusal:
        store(make())

    assert str(refusal.value)[: len(beginning)] == beginning
    assert not Image.objects.exists()
    assert (files_in(media), originals()) == ([], before)


@pytest.mark.once
def test_every_refusal_says_what_to_do():
    without = {key for key, sentence in SAYS.items() if "Bitte" not in sentence and "bitte" not in sentence}

    assert without == {""}  # names the formats instead


@pytest.mark.once
def test_no_more_than_the_limit_is_read():
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            Endless.asked = size
            return b"\0" * size

    with pytest.raises(BadPicture):
        uploads.store(Endless(), title="Endlos")
    assert Endless.asked == uploads.MAX_BYTES + 1


# --- What it may cost --------------------------------------------------------------------------

MEASURE = """
import resource, subprocess, sys
command = [sys.executable, "-I", sys.argv[1]]
done = subprocess.run(command, stdin=sys.stdin, stdout=subprocess.PIPE, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print(done.stdout.split(b"\\n")[0].decode())
print(used.ru_maxrss * unit, used.ru_utime + used.ru_stime)
"""


@pytest.mark.once
def test_the_largest_pictures_take_no_more_than_400_mb_and_5_seconds(tmp_path):
    """The worst shape: transparent, 50 megapixels, and too narrow to be reduced much."""
    path = tmp_path / "picture"
    path.write_bytes(files.clear_png(2236, 22_350))

    with path.open("rb") as file:
        out = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", MEASURE, decoder.__file__], stdin=file, capture_output=True, check=True
        ).stdout.decode()

    facts, cost = out.splitlines()
    memory, seconds = (float(number) for number in cost.split())
    assert facts == '{"width": 2236, "height": 22350, "size": [1600, 15993]}'
    assert memory < 400 * 1024 * 1024
    assert seconds < 5


def decoder_that(tmp_path, monkeypatch, statement: str) -> None:
    """Let another program stand for the decoder: the same one, but with this instead of decoding."""
    source = Path(decoder.__file__).read_text()
    source = source.replace("SECONDS = 5 ", "SECONDS = 1 ").replace("picture = _open(file)", statement)
    assert statement in source
    assert "SECONDS = 1 " in source
    path = tmp_path / "decoder.py"
    path.write_text(source)
    monkeypatch.setattr(decoder, "__file__", str(path))


@pytest.mark.once
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("exec('while True: pass')", "time"),
        ("picture = bytearray(MEMORY)", "memory"),
        ("__import__('os').abort()", "broken"),
    ],
)
def test_a_decoder_that_runs_away_or_dies_is_a_refusal(tmp_path, monkeypatch, statement, sentence):
    decoder_that(tmp_path, monkeypatch, statement)

    with pytest.raises(BadPicture) as refusal:
        store(small())
    assert str(refusal.value) == SAYS[sentence]


def test_one_picture_at_a_time_and_whoever_waits_too_long_is_told(monkeypatch):
    monkeypatch.setattr(uploads, "_WAIT", 0.01)
    with uploads._decoding, pytest.raises(BadPicture) as refusal:
        store(small())
    assert str(refusal.value) == SAYS["busy"]

    assert store(small()).width == 48
