"""Public sizes: the right part of the picture, never larger than it was, with nothing but pixels in them."""

import datetime as dt
import io
import re
from pathlib import Path

import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from PIL import Image as Pillow
from PIL import ImageDraw

from images import renditions, tasks, uploads
from images.models import Image, OldRenditions
from renewz.storage import PublicFileStorage
from tests import stories

pytestmark = pytest.mark.django_db

EVERY_SIZE = list(renditions.RECIPES[renditions.RECIPE])
TARGET = (0, 255, 0)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Every test has a public folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def store(django_capture_on_commit_callbacks):
    """Return a function that uploads a picture, as a request does that commits."""

    def upload(picture: Pillow.Image, format_: str = "PNG", *, title: str = "Saal", **options) -> Image:
        out = io.BytesIO()
        picture.save(out, format_, **options)
        out.seek(0)
        with django_capture_on_commit_callbacks(execute=True):
            return uploads.store(out, title=title)

    return upload


@pytest.fixture
def only_jpegs(monkeypatch):
    """Spare tests that look at nothing else the formats that take longest."""
    monkeypatch.setattr(renditions, "MODERN", ())


def plain(size=(320, 180), colour="#bb0a26") -> Pillow.Image:
    return Pillow.new("RGB", size, colour)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def names_of(image: Image) -> list[str]:
    found = {name for size in renditions.all_rendered(image) for _, _, name in size.names()}
    return sorted(found)


def opened(name: str) -> Pillow.Image:
    with default_storage.open(name) as file:
        picture = Pillow.open(io.BytesIO(file.read()))
    picture.load()
    return picture


# --- Which part --------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("size", "ratio", "focal", "box"),
    [
        ((2400, 1350), None, (0, 0), (0, 0, 2400, 1350)),
        ((2400, 1350), 16 / 9, (0, 100), (0, 0, 2400, 1350)),
        ((2400, 1350), 1, (50, 50), (525, 0, 1350, 1350)),
        ((2400, 1350), 1, (0, 50), (0, 0, 1350, 1350)),
        ((2400, 1350), 1, (100, 50), (1050, 0, 1350, 1350)),
        ((2400, 1350), 1, (30, 50), (45, 0, 1350, 1350)),
        ((1000, 3000), 16 / 9, (50, 0), (0, 0, 1000, 562)),
        ((1000, 3000), 16 / 9, (50, 100), (0, 2438, 1000, 562)),
        ((1, 1), 16 / 9, (50, 50), (0, 0, 1, 1)),
        ((10, 2000), 16 / 9, (50, 20), (0, 397, 10, 6)),
        ((2000, 10), 1, (99, 50), (1975, 0, 10, 10)),
    ],
)
def test_the_part_lies_around_the_focal_point_and_inside(size, ratio, focal, box):
    assert renditions.box_for(*size, ratio, *focal) == box


@pytest.mark.once
@pytest.mark.parametrize("size", [(1, 1), (10, 2000), (2000, 10), (333, 777), (8000, 800)])
def test_no_part_reaches_out_of_its_picture_whatever_the_focal_point(size):
    for ratio in (None, 16 / 9, 4 / 3, 3 / 2, 1):
        for x in range(0, 101, 10):
            box = renditions.box_for(*size, ratio, x, 100 - x)
            assert box.left >= 0 and box.top >= 0
            assert box.left + box.width <= size[0]
            assert box.top + box.height <= size[1]
            assert box.width >= 1 and box.height >= 1


@pytest.mark.once
@pytest.mark.usefixtures("only_jpegs")
@pytest.mark.parametrize("corner", [(0, 0), (100, 0), (0, 100), (100, 100)])
def test_what_lies_at_the_focal_point_is_in_every_part(store, corner):
    picture = plain((640, 640), "#202020")
    x, y = (min(640 * part // 100, 560) for part in corner)
    ImageDraw.Draw(picture).rectangle((x, y, x + 79, y + 79), TARGET)
    image = store(picture)
    Image.objects.filter(pk=image.pk).update(focal_x=corner[0], focal_y=corner[1])
    image.refresh_from_db()
    tasks.make_now(image)

    for name in EVERY_SIZE:
        size = renditions.rendered(image, name)
        width = size.jpegs[0]
        seen = opened(size.name(width, "jpg"))
        side = width * 80 / size.box.width  # of the target, as it must appear
        left = side / 2 if corner[0] == 0 else seen.width - side / 2
        top = side / 2 if corner[1] == 0 else seen.height - side / 2
        red, green, blue = seen.getpixel((int(left), int(top)))
        assert green > 220 and red < 40 and blue < 40, name


# --- How large ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((2400, 1350), {"natural": (480, 800, 1200, 1600), "square": (88, 144, 240, 360, 600)}),
        ((1600, 900), {"natural": (480, 800, 1200, 1600), "teaser": (160, 240, 360, 560, 800)}),
        ((1500, 1000), {"natural": (480, 800, 1200, 1500), "wide": (480, 800, 1200, 1500)}),
        ((850, 600), {"natural": (480, 800), "square": (88, 144, 240, 360, 600)}),
        ((300, 200), {"natural": (300,), "teaser": (160, 240, 300), "square": (88, 144, 200)}),
        ((40, 30), {"natural": (40,), "teaser": (40,), "square": (30,)}),
        ((1, 1), {"natural": (1,), "wide": (1,), "teaser": (1,), "square": (1,)}),
    ],
)
def test_a_size_has_the_widths_that_the_original_allows(size, widths):
    image = stories.image(width=size[0], height=size[1])

    assert {name: renditions.rendered(image, name).widths for name in widths} == widths


@pytest.mark.once
@pytest.mark.parametrize("size", [(1, 1), (20, 200), (200, 20), (700, 500), (2400, 1350)])
def test_every_file_is_there_in_its_size_and_none_is_larger_than_the_original(store, media, size):
    image = store(plain(size))

    assert files_in(media) == names_of(image)
    for name in EVERY_SIZE:
        rendered = renditions.rendered(image, name)
        for width, extension, file in rendered.names():
            seen = opened(file)
            assert seen.size == (width, rendered.height(width))
            assert seen.format == {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}[extension]
            assert width <= rendered.box.width
            assert width <= size[0]


@pytest.mark.once
def test_a_part_that_is_the_whole_picture_is_kept_once(store, media):
    image = store(plain((1600, 900)))

    wide, natural = (renditions.rendered(image, name) for name in ("wide", "natural"))
    assert wide == natural
    assert len(files_in(media)) == 33


# --- Names -------------------------------------------------------------------------------------


def test_a_name_says_nothing_of_the_original_and_changes_with_the_part_alone():
    image = stories.image()
    moved = stories.image(focal_x=10)
    moved.checksum = image.checksum

    stems = {name: renditions.rendered(image, name).stem for name in EVERY_SIZE}
    other = {name: renditions.rendered(moved, name).stem for name in EVERY_SIZE}
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{18}", stem) for stem in stems.values())
    assert not any(stem.replace("/", "") in image.checksum for stem in stems.values())
    assert [name for name in EVERY_SIZE if stems[name] == other[name]] == ["natural", "wide"]


@pytest.mark.once
def test_what_is_written_again_is_the_same_file(media):
    storage = PublicFileStorage()

    assert [storage.save("ab/c.webp", io.BytesIO(b"x")) for _ in range(2)] == ["ab/c.webp"] * 2
    assert files_in(media) == ["ab/c.webp"]


@pytest.mark.once
def test_a_file_that_could_not_be_finished_leaves_nothing(media):
    class Broken(io.BytesIO):
        def read(self, *args):
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        PublicFileStorage().save("ab/c.webp", Broken(b"x"))
    assert files_in(media) == []


# --- What never leaves -------------------------------------------------------------------------

SECRET = b"GEHEIMER-ORT-52.5200N"


@pytest.mark.once
def test_no_public_file_has_anything_but_pixels(store, media):
    exif = Pillow.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    profile = b"\0" * 40 + SECRET
    store(plain(), "JPEG", exif=exif, xmp=xmp, comment=SECRET, icc_profile=profile)

    assert_only_pixels(media)


@pytest.mark.once
def test_nothing_leaves_even_where_the_decoder_left_something(media):
    picture = plain((400, 300))
    exif = Pillow.Exif()
    exif[0x010E] = SECRET.decode()
    picture.info.update(exif=exif.tobytes(), icc_profile=SECRET, comment=SECRET, xmp=SECRET)

    renditions.make(stories.image(width=400, height=300), picture)

    assert_only_pixels(media)


def assert_only_pixels(media: Path) -> None:
    assert files_in(media)
    for name in files_in(media):
        assert SECRET not in (media / name).read_bytes()
        seen = opened(name)
        assert dict(seen.getexif()) == {}
        kinds = ("exif", "xmp", "icc_profile", "comment", "photoshop")
        assert [kind for kind in kinds if seen.info.get(kind)] == []


# --- When pages may use them -------------------------------------------------------------------


def test_a_picture_is_on_no_page_before_its_sizes_are_there(store):
    image = stories.image(rendered="")
    assert image.shown(timezone.now()) is None

    assert store(plain()).shown(timezone.now())


def test_a_moved_focal_point_shows_the_old_part_until_the_new_one_is_there(store, media):
    image = store(plain())
    old = renditions.rendered(image, "square").stem

    Image.objects.filter(pk=image.pk).update(focal_x=0)
    image.refresh_from_db()
    assert renditions.rendered(image, "square").stem == old
    tasks.make_now(image)

    image.refresh_from_db()
    assert image.rendered == "1 0 50"
    assert renditions.rendered(image, "square").stem != old
    assert default_storage.exists(f"{old}-144.webp")
    assert [(row.image, row.rendered) for row in OldRenditions.objects.all()] == [(image, "1 50 50")]


def test_a_focal_point_that_moves_meanwhile_wins(store):
    image = store(plain())
    before = Image.objects.get(pk=image.pk)
    before.focal_x = 20
    Image.objects.filter(pk=image.pk).update(focal_x=80)

    tasks.record(before, renditions.make(before, plain()))

    image.refresh_from_db()
    assert image.rendered == "1 50 50"
    assert OldRenditions.objects.get().rendered == "1 20 50"


def test_after_a_new_recipe_pages_keep_what_the_old_one_made(monkeypatch):
    image = stories.image()
    before = {name: renditions.rendered(image, name) for name in EVERY_SIZE}
    younger = renditions.RECIPES[1] | {"tall": renditions.Size(2 / 3, (160,), (160,))}
    monkeypatch.setitem(renditions.RECIPES, 2, younger)
    monkeypatch.setattr(renditions, "RECIPE", 2)

    assert {name: renditions.rendered(image, name) for name in EVERY_SIZE} == before
    assert renditions.rendered(image, "tall") == before["natural"]
    assert renditions.wanted(image) == "2 50 50"
    assert list(Image.objects.filter(renditions.missing())) == [image]


class Full(PublicFileStorage):
    """A disk with no room left."""

    def _save(self, name, content):
        raise OSError(28, "No space left on device")


def test_an_upload_survives_a_full_disk_and_is_healed_later(store, media, caplog, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(PublicFileStorage, "_save", Full._save)
        image = store(plain())
    assert Image.objects.get().rendered == ""
    assert image.shown(timezone.now()) is None
    assert [record.message for record in caplog.records if record.name == "images.tasks"] == [
        "renditions not made"
    ]
    with pytest.raises(CommandError, match=r"^Bilder, denen Bildgrößen fehlen: 1\.$"):
        call_command("fill_renditions", check=True)

    call_command("fill_renditions")

    image.refresh_from_db()
    assert image.shown(timezone.now())
    assert files_in(media) == names_of(image)
    call_command("fill_renditions", check=True)


# --- The command -------------------------------------------------------------------------------


def test_the_command_goes_on_after_a_bad_file_and_says_which(store, capsys):
    bad, good = (store(plain(colour=colour), title=colour) for colour in ("#112233", "#332211"))
    Image.objects.update(rendered="")
    with bad.original.storage.open(bad.original.name, "wb") as file:
        file.write(b"kaputt")

    with pytest.raises(CommandError, match=r"^Bilder, denen weiterhin Bildgrößen fehlen: 1\.$"):
        call_command("fill_renditions")

    good.refresh_from_db()
    assert good.rendered == "1 50 50"
    said = capsys.readouterr()
    assert said.out == "Bilder mit neuen Bildgrößen: 1. Alte Dateien entfernt: 0.\n"
    assert said.err.startswith(f"Bild {bad.pk} „#112233“: ")


def test_files_that_were_lost_are_found_and_made_again_when_asked(store, media, capsys):
    image = store(plain())
    lost = names_of(image)[3]
    default_storage.delete(lost)

    call_command("fill_renditions", check=True)
    with pytest.raises(CommandError):
        call_command("fill_renditions", check=True, files=True)
    call_command("fill_renditions", files=True)

    assert files_in(media) == names_of(image)


def test_old_sizes_go_after_thirty_days_and_never_those_in_use(store, media):
    image = store(plain())
    Image.objects.filter(pk=image.pk).update(focal_x=0)
    image.refresh_from_db()
    tasks.make_now(image)
    everything = files_in(media)

    call_command("fill_renditions")
    assert files_in(media) == everything

    OldRenditions.objects.update(since=timezone.now() - dt.timedelta(days=31))
    call_command("fill_renditions")
    assert files_in(media) == names_of(image)
    assert not OldRenditions.objects.exists()


def test_a_focal_point_that_came_back_keeps_its_sizes(store, media):
    image = store(plain())
    for focal_x in (0, 50):
        Image.objects.filter(pk=image.pk).update(focal_x=focal_x)
        image.refresh_from_db()
        tasks.make_now(image)
    OldRenditions.objects.update(since=timezone.now() - dt.timedelta(days=31))

    call_command("fill_renditions")

    assert files_in(media) == names_of(image)


# --- Sharing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "ratios"),
    [
        ((2400, 1600), [(1200, 675), (1200, 900), (1200, 1200)]),
        ((2400, 1350), [(1200, 675), (1200, 900), (1200, 1200)]),
        ((1300, 950), [(1200, 675), (1200, 900)]),
        ((1300, 800), [(1200, 675)]),
        ((1199, 1199), []),
    ],
)
def test_only_what_is_large_enough_is_shared(size, ratios):
    image = stories.image(width=size[0], height=size[1])

    assert [(file.width, file.height) for file in renditions.shared(image)] == ratios
    assert renditions.is_shareable(image) == bool(ratios)


@pytest.mark.once
@pytest.mark.usefixtures("only_jpegs")
def test_even_noise_is_shared_in_less_than_600_kb(store, media):
    noise = Pillow.merge("RGB", [Pillow.effect_noise((1600, 1200), 120) for _ in range(3)])
    store(noise, "JPEG", quality=92)

    weights = [(media / name).stat().st_size for name in files_in(media) if name.endswith(".jpg")]
    assert len(weights) == 5
    assert max(weights) <= 600_000


@pytest.mark.once
def test_originals_lie_apart_from_public_files(store, media):
    image = store(plain())

    assert not any(name.endswith(".bin") for name in files_in(media))
    assert storages["originals"].exists(image.original.name)
    assert not default_storage.exists(image.original.name)
