"""The picture desk's door: who may what, what may never be lost, swaps, ends, deletions, the log."""

import contextlib
import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Pillow

from accounts import roles
from images import desk, renditions
from images.models import Image, ImageEvent, Licence
from renewz.lib.dates import FOREVER
from tests import stories
from tests.stories import DAY, NOON

pytestmark = pytest.mark.django_db

ROLES = {role.name: role for role in roles.ROLES}


@pytest.fixture
def petersilie(db):
    return stories.user(roles.PICTURE_DESK, first_name="Johann", last_name="Petersilie")


def fresh(image: Image) -> Image:
    return Image.objects.get(pk=image.pk)


def file(colour: str = "#bb0a26") -> io.BytesIO:
    out = io.BytesIO()
    Pillow.new("RGB", (600, 400), colour).save(out, "JPEG")
    out.seek(0)
    return out


def log(image: Image | None = None) -> list[tuple[str, str]]:
    return list(desk.log_of(image).order_by("pk").values_list("action", "note"))


# --- Who may what ------------------------------------------------------------------------------

ACTIONS = {
    "describe": lambda user, image: desk.describe(user, image, image.version, {"caption": "Neu"}),
    "focus": lambda user, image: desk.move_focus(user, image, image.version, 10, 20),
    "swap": lambda user, image: desk.swap(user, image, image.version, stories.image()),
    "delete": lambda user, image: desk.delete(user, image, image.version),
}
OWN = {
    "Autor/in": {"describe", "focus"},
    "Redaktion": {"describe", "focus"},
    "Chef/in vom Dienst": {"describe", "focus", "swap", "delete"},
    "Bildredaktion": {"describe", "focus", "swap", "delete"},
    "Technik": set(),
}
FOREIGN = OWN | {"Autor/in": set()}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("whose", ["own", "foreign"])
def test_each_role_may_exactly_what_the_table_says(role, action, whose):
    user = stories.user(ROLES[role])
    image = stories.image(uploaded_by=user if whose == "own" else stories.user(roles.EDITOR))
    before = Image.objects.filter(pk=image.pk).values().get()

    with (
        contextlib.nullcontext()
        if action in (OWN if whose == "own" else FOREIGN)[role]
        else pytest.raises(desk.NotAllowed)
    ):
        ACTIONS[action](user, image)

    changed = Image.objects.filter(pk=image.pk).values().first() != before
    assert changed == (action in (OWN if whose == "own" else FOREIGN)[role])


@pytest.mark.parametrize("role", ROLES)
def test_who_may_upload(role):
    user = stories.user(ROLES[role])
    if role == "Technik":
        with pytest.raises(desk.NotAllowed):
            desk.add(user, file())
        assert not Image.objects.exists()
        return
    image, is_new = desk.add(user, file(), "Der Saal.jpg")
    assert (is_new, image.title, image.uploaded_by, image.is_publishable) == (True, "Der Saal", user, False)
    assert log(image) == [("uploaded", "")]


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        (roles.AUTHOR, True, False),
        (roles.EDITOR, True, True),
        (roles.CHIEF, True, True),
        (roles.PICTURE_DESK, True, True),
        (roles.TECH, False, False),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_who_gets_originals(role, own, foreign):
    user = stories.user(role)
    image, _ = desk.add(stories.editor(), file())
    for uploader, may in ((stories.editor(), foreign), (user, own)):
        Image.objects.filter(pk=image.pk).update(uploaded_by=uploader)
        with contextlib.nullcontext() if may else pytest.raises(desk.NotAllowed):
            desk.original(user, fresh(image)).close()
    assert log(image).count(("downloaded", "")) == own + foreign


def test_being_superuser_gives_nothing():
    tech = stories.user(roles.TECH, is_superuser=True)
    for act in ACTIONS.values():
        with pytest.raises(desk.NotAllowed):
            act(tech, stories.image(uploaded_by=tech))


# --- Two people --------------------------------------------------------------------------------


def test_who_comes_second_overwrites_nothing_and_learns_what_stands_there(petersilie):
    image = stories.image()
    desk.describe(stories.editor(), image, 0, {"credit": "Die erste"})

    with pytest.raises(desk.Conflict, match="Nichts wurde überschrieben") as refusal:
        desk.describe(petersilie, image, 0, {"credit": "Der zweite"})

    assert (refusal.value.theirs.credit, refusal.value.theirs.version) == ("Die erste", 1)
    assert fresh(image).credit == "Die erste"


@pytest.mark.parametrize("act", [ACTIONS["swap"], ACTIONS["delete"], ACTIONS["focus"]])
def test_every_action_asks_for_the_version_that_was_seen(petersilie, act):
    image = stories.image()
    desk.describe(petersilie, image, 0, {"caption": "Neu"})
    with pytest.raises(desk.Conflict):
        act(petersilie, image)
    assert fresh(image).version == 1


def test_what_is_gone_is_said_to_be_gone(petersilie):
    image = stories.image()
    desk.delete(petersilie, image, 0)
    with pytest.raises(desk.Conflict, match="inzwischen gelöscht"):
        desk.describe(petersilie, image, 0, {"caption": "Neu"})


def test_saving_nothing_new_writes_nothing(petersilie):
    image = stories.image(caption="Alt")
    desk.describe(petersilie, image, 0, {"caption": " Alt ", "licensed_until": None})
    assert (fresh(image).version, log(image)) == (0, [])


# --- What is said of a picture -----------------------------------------------------------------


def test_what_is_typed_is_cleaned_found_and_logged(petersilie):
    image = stories.image()
    after = desk.describe(petersilie, image, 0, {"caption": "Die  Kräne\u202e von Emden", "place": "Emden"})
    assert (after.caption, after.version) == ("Die Kräne von Emden", 1)
    assert "kraene von emden emil" in fresh(image).lookup
    assert log(image) == [("described", "Bildunterschrift, Ort")]


GAPS = {
    "credit": ({"credit": " "}, "Das Bild ist in Gebrauch: Der Bildnachweis darf nicht fehlen."),
    "licence": ({"licence": ""}, "Das Bild ist in Gebrauch: Die Lizenz darf nicht fehlen."),
    "alt": ({"alt": ""}, "Das Bild ist in Gebrauch: Der Alternativtext darf nicht fehlen."),
}


def _in_use(how: str) -> Image:
    image = stories.image()
    if how == "approved":
        stories.approved(lead_image=image)
    elif how == "online":
        stories.published(lead_image=image)
    elif how == "planned":
        stories.scheduled(lead_image=image, live_from=dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    elif how == "in the text":
        stories.published(body=f'<p>Text</p><figure data-image="{image.pk}"></figure>')
    elif how == "portrait":
        stories.author("Ida Moor", portrait=image)
    elif how == "stand-in":
        stories.image(licensed_until=NOON, replacement=image)
    return image


@pytest.mark.parametrize("field", GAPS)
@pytest.mark.parametrize("how", ["approved", "online", "planned", "in the text", "portrait", "stand-in"])
def test_a_picture_in_use_cannot_lose_what_the_law_asks_for(petersilie, how, field):
    changes, words = GAPS[field]
    image = _in_use(how)
    with pytest.raises(desk.BadInput) as refusal:
        desk.describe(petersilie, image, 0, changes)
    assert refusal.value.faults == {field: words}
    assert fresh(image).is_publishable
    assert fresh(image).version == 0


@pytest.mark.parametrize("how", ["nowhere", "draft", "withdrawn"])
def test_what_nobody_sees_may_be_taken_back(petersilie, how):
    image = stories.image()
    if how == "draft":
        stories.article(lead_image=image)
    elif how == "withdrawn":
        stories.act(stories.published(lead_image=image), "withdraw", stories.chief(), note="Falsch")
        stories.saved(stories.Article.objects.get(), lead_image=None)
    after = desk.describe(petersilie, image, 0, {"credit": "", "alt": "", "licence": ""})
    assert not after.is_publishable


def test_decorative_may_take_the_place_of_words(petersilie):
    image = _in_use("online")
    assert desk.describe(petersilie, image, 0, {"alt": "", "decorative": True}).is_publishable


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": "  "}, "title", "Bitte einen Titel angeben, damit sich das Bild wiederfinden lässt."),
        ({"credit": "x" * 201}, "credit", "Höchstens 200 Zeichen; es sind 201."),
        ({"licence": "gestohlen"}, "licence", "Diese Lizenz gibt es nicht."),
        ({"source_type": "traum"}, "source_type", "Diese Entstehung gibt es nicht."),
        ({"focal_x": 101}, "focal_x", "Bitte eine Zahl von 0 bis 100 angeben."),
        ({"focal_y": -1}, "focal_y", "Bitte eine Zahl von 0 bis 100 angeben."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(petersilie, changes, field, words):
    image = stories.image()
    with pytest.raises(desk.BadInput) as refusal:
        desk.describe(petersilie, image, 0, changes)
    assert refusal.value.faults == {field: words}
    assert fresh(image).version == 0


# --- The end of a licence ----------------------------------------------------------------------


def test_an_end_and_what_comes_after_it_stand_in_the_log(petersilie):
    image, other = stories.image(), stories.image(title="Ersatz")
    desk.describe(petersilie, image, 0, {"licensed_until": NOON + DAY, "replacement": other}, at=NOON)
    assert fresh(image).shown(NOON + DAY).image == other
    assert log(image) == [
        ("described", "Lizenz bis, Ersatzbild"),
        ("ended", "bis 5.\u00a0Mai\u00a02026, 12:00\u00a0Uhr, danach „Ersatz“"),
    ]


def test_authors_do_not_decide_when_a_picture_in_use_vanishes():
    image = stories.image(uploaded_by=stories.writer())
    stories.published(lead_image=image)
    with pytest.raises(desk.BadInput) as refusal:
        desk.describe(stories.writer(), image, 0, {"licensed_until": NOON})
    assert set(refusal.value.faults) == {"licensed_until"}
    assert fresh(image).is_open_ended


UNFIT = {
    "itself": (lambda image: image, "Ein Bild kann nicht sein eigener Ersatz sein."),
    "no credit": (
        lambda image: stories.image(credit=""),
        "Dem Ersatzbild fehlen Bildnachweis, Lizenz oder Alternativtext.",
    ),
    "over": (
        lambda image: stories.image(licensed_until=NOON),
        "Das Ersatzbild darf selbst nicht mehr gezeigt werden.",
    ),
    "too short": (
        lambda image: stories.image(licensed_until=NOON + DAY),
        "Das Ersatzbild muss länger gezeigt werden dürfen als dieses Bild.",
    ),
    "circle": (
        lambda image: stories.image(replacement=image),
        "Das Ersatzbild verweist seinerseits auf dieses Bild.",
    ),
    "circle of three": (
        lambda image: stories.image(replacement=stories.image(replacement=image)),
        "Das Ersatzbild verweist seinerseits auf dieses Bild.",
    ),
}


@pytest.mark.parametrize("case", UNFIT)
@pytest.mark.parametrize("way", ["end", "swap"])
def test_a_replacement_must_be_able_to_stand_in(petersilie, case, way):
    make, words = UNFIT[case]
    image = stories.image()
    other = make(image)
    with pytest.raises(desk.BadInput) as refusal:
        if way == "swap":
            desk.swap(petersilie, image, 0, other, at=NOON)
        else:
            desk.describe(petersilie, image, 0, {"licensed_until": NOON + DAY, "replacement": other}, at=NOON)
    assert refusal.value.faults == {"replacement": words}
    assert fresh(image).replacement is None


def test_a_stand_in_cannot_end_before_that_for_which_it_stands(petersilie):
    other = stories.image()
    stories.image(licensed_until=NOON + 2 * DAY, replacement=other)
    with pytest.raises(desk.BadInput) as refusal:
        desk.describe(petersilie, other, 0, {"licensed_until": NOON + DAY}, at=NOON)
    assert refusal.value.faults == {
        "licensed_until": "Dieses Bild ist das Ersatzbild eines anderen, das bis dahin gezeigt wird."
    }


# --- Everywhere at once ------------------------------------------------------------------------


def test_a_swap_counts_from_its_second_and_can_be_taken_back(petersilie):
    image, other = stories.image(), stories.image(title="Anderes")
    after = desk.swap(petersilie, image, 0, other, at=NOON)
    assert fresh(image).shown(NOON - stories.SECOND).image == image
    assert fresh(image).shown(NOON).image == other
    assert log(image) == [("swapped", f"gegen „Anderes“ (Nr. {other.pk})")]

    desk.swap_back(petersilie, image, after.version)
    assert fresh(image).shown(NOON).image == image
    assert (fresh(image).swapped_at, fresh(image).replacement) == (FOREVER, None)


def test_a_swapped_picture_keeps_a_replacement(petersilie):
    image = stories.image()
    desk.swap(petersilie, image, 0, stories.image(), at=NOON)
    with pytest.raises(desk.BadInput, match="ein Ersatzbild muss es geben"):
        desk.describe(petersilie, image, 1, {"replacement": None}, at=NOON)


def test_what_is_not_swapped_cannot_be_swapped_back(petersilie):
    with pytest.raises(desk.BadInput, match="nicht ausgetauscht"):
        desk.swap_back(petersilie, stories.image(), 0)


# --- Gone --------------------------------------------------------------------------------------


def files_of(image: Image) -> list[str]:
    names = {name for size in renditions.all_rendered(image) for _, _, name in size.names()}
    found = [name for name in names if default_storage.exists(name)]
    return found + ([image.original.name] if image.original.storage.exists(image.original.name) else [])


def test_a_deleted_picture_is_gone_with_all_its_files_and_stays_in_the_log(
    petersilie, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        image, _ = desk.add(petersilie, file(), "saal.jpg")
    image = fresh(image)
    assert len(files_of(image)) > 5

    with django_capture_on_commit_callbacks(execute=True):
        desk.delete(petersilie, image, image.version)

    assert not Image.objects.exists()
    assert files_of(image) == []
    row = ImageEvent.objects.get(action="deleted")
    assert (row.image, row.title, row.actor) == (None, "saal", petersilie)


def test_files_stay_where_the_deletion_is_rolled_back(petersilie, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image, _ = desk.add(petersilie, file())
    before = sorted(files_of(fresh(image)))
    with contextlib.suppress(RuntimeError), transaction.atomic():
        desk.delete(petersilie, fresh(image), image.version)
        raise RuntimeError
    assert sorted(files_of(fresh(image))) == before


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("online", "es steht in einer Fassung, auch frühere bleiben erhalten"),
        ("portrait", "es ist ein Porträt"),
        ("stand-in", "es ist das Ersatzbild eines anderen"),
    ],
)
def test_what_is_used_cannot_be_deleted(petersilie, how, words):
    image = _in_use(how)
    with pytest.raises(desk.BadInput) as refusal:
        desk.delete(petersilie, image, 0)
    assert str(refusal.value) == f"Dieses Bild bleibt: {words}."
    assert fresh(image)


def test_a_draft_keeps_its_picture_too(petersilie):
    image = stories.image()
    stories.article(lead_image=image)
    with pytest.raises(desk.BadInput, match="ein Manuskript verwendet es"):
        desk.delete(petersilie, image, 0)


# --- What the rest of the house hears ----------------------------------------------------------


def test_the_site_hears_of_every_change_when_it_has_happened(petersilie, django_capture_on_commit_callbacks):
    heard: list[list[int]] = []
    image, gone = stories.image(), stories.image()

    def listen(images: list[int], **_: object) -> None:
        heard.append(images)

    desk.changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            desk.describe(petersilie, image, 0, {"caption": "Neu"})
            desk.describe(petersilie, image, 1, {"caption": "Neu"})
            desk.swap(petersilie, image, 1, stories.image())
            desk.swap_back(petersilie, image, 2)
            desk.delete(petersilie, gone, 0)
            assert heard == []
    finally:
        desk.changed.disconnect(listen)
    assert heard == [[image.pk], [image.pk], [image.pk], [gone.pk]]


def test_a_moved_focal_point_gets_new_sizes(petersilie, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image, _ = desk.add(petersilie, file())
    assert fresh(image).rendered == "1 50 50"

    with django_capture_on_commit_callbacks(execute=True):
        desk.move_focus(petersilie, fresh(image), image.version, 10, 20)

    assert fresh(image).rendered == "1 10 20"
    assert default_storage.exists(renditions.rendered(fresh(image), "square").name(240, "webp"))


# --- What a file says of itself ----------------------------------------------------------------


def with_iptc(**fields: bytes) -> io.BytesIO:
    """Return a JPEG with an IPTC block; names are record 2's dataset numbers."""
    numbers = {"headline": 105, "credit": 110, "caption": 120, "byline": 80}
    block = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for name, text in fields.items():
        block += bytes([0x1C, 2, numbers[name]]) + len(text).to_bytes(2, "big") + text
    resource = b"8BIM\x04\x04\x00\x00" + len(block).to_bytes(4, "big") + block + b"\0" * (len(block) % 2)
    content = b"Photoshop 3.0\0" + resource
    data = file("#1f4b43").getvalue()
    return io.BytesIO(data[:2] + b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content + data[2:])


def test_a_file_fills_the_form_but_never_answers_for_the_licence(petersilie):
    image, _ = desk.add(
        petersilie,
        with_iptc(headline=b"Hafen", credit=b"Ida/RENEWZ", caption="Kräne".encode()),
    )
    assert (image.title, image.credit, image.caption, image.licence) == ("Hafen", "Ida/RENEWZ", "Kräne", "")
    assert not image.is_publishable


def test_the_same_file_again_is_the_same_picture(petersilie):
    first, _ = desk.add(petersilie, file(), "eins.jpg")
    desk.describe(petersilie, first, 0, {"credit": "Ida", "licence": Licence.OWN})
    again, is_new = desk.add(stories.editor(), file(), "zwei.jpg")
    assert (again, is_new, again.credit, again.uploaded_by) == (first, False, "Ida", petersilie)
