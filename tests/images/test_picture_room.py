"""The pages of the picture desk: who comes in, what they show, keep and refuse; uploads; originals."""

import io
import json
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import roles
from images import desk, uploads
from images.models import Image, ImageEvent
from tests import stories
from tests.images.test_desk import file, fresh, log, with_iptc
from tests.stories import DAY

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/images/image/"
PEOPLE = {role.name: role for role in roles.ROLES}


def entered(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bild(db):
    return entered(stories.user(roles.PICTURE_DESK, first_name="Johann", last_name="Petersilie"))


def typed(image: Image, **changes: object) -> dict[str, object]:
    """Return the page's form as it is filled for this picture."""
    return {
        "version": image.version, "title": image.title, "alt": image.alt, "credit": image.credit,
        "licence": image.licence, "source_type": image.source_type, "caption": image.caption,
        "creator": "", "copyright_notice": "", "usage_terms": "", "place": "", "replacement": "",
        "focal_x": image.focal_x, "focal_y": image.focal_y,
    } | changes  # fmt: skip


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


# --- Who comes in: role, address, own or foreign -------------------------------------------------

ALL = set(PEOPLE) - {"Technik"}
CARE = ALL - {"Autor/in"}
DECIDE = {"Chef/in vom Dienst", "Bildredaktion"}
GET, POST = "get", "post"
ADDRESSES = {
    "library": (GET, "", ALL, ALL),
    "chooser": (GET, "finden/", ALL, ALL),
    "log": (GET, "verlauf/", CARE, CARE),
    "upload page": (GET, "add/", ALL, ALL),
    "upload plainly": (POST, "add/", ALL, ALL),
    "upload with script": (POST, "hochladen/", ALL, ALL),
    "page": (GET, "{pk}/change/", ALL, ALL),
    "quick view": (GET, "{pk}/kurz/", ALL, ALL),
    "describe": (POST, "{pk}/change/", ALL, CARE),
    "confirm": (POST, "{pk}/bestaetigen/", ALL, CARE),
    "swap page": (GET, "{pk}/tauschen/", DECIDE, DECIDE),
    "swap": (POST, "{pk}/tauschen/", DECIDE, DECIDE),
    "swap back": (POST, "{pk}/zuruecktauschen/", DECIDE, DECIDE),
    "delete page": (GET, "{pk}/loeschen/", DECIDE, DECIDE),
    "delete": (POST, "{pk}/loeschen/", DECIDE, DECIDE),
    "original": (POST, "{pk}/original/", ALL, CARE),
}


def test_the_matrix_knows_every_address_of_the_room():
    from django.contrib import admin  # noqa: PLC0415

    known = {
        str(entry.pattern).replace("<int:pk>", "{pk}") for entry in admin.site._registry[Image].get_urls()
    }
    assert known == {path for _, path, _, _ in ADDRESSES.values()}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("whose", ["own", "foreign"])
def test_every_address_lets_in_exactly_whom_the_table_names(name, whose):
    method, path, own, foreign = ADDRESSES[name]
    allowed = own if whose == "own" else foreign
    came_in = set()
    for role, group in PEOPLE.items():
        user = stories.user(group)
        image, _ = desk.add(stories.editor(), file())
        Image.objects.filter(pk=image.pk).update(uploaded_by=user if whose == "own" else stories.editor())
        answer = getattr(entered(user), method)(LIBRARY + path.format(pk=image.pk))
        assert answer.status_code in {200, 302, 400, 403}, (role, answer.status_code)
        if answer.status_code != 403:
            came_in.add(role)
    assert came_in == allowed


@pytest.mark.parametrize("name", ADDRESSES)
def test_nobody_comes_in_without_an_account(name):
    method, path, _, _ = ADDRESSES[name]
    image = stories.image()
    answer = getattr(Client(), method)(LIBRARY + path.format(pk=image.pk))
    assert (answer.status_code, answer.url.startswith("/admin/login/")) == (302, True)


@pytest.mark.parametrize(
    "path", ["{pk}/zuruecktauschen/", "{pk}/original/", "{pk}/bestaetigen/", "hochladen/"]
)
def test_looking_changes_nothing(bild, path):
    assert bild.get(LIBRARY + path.format(pk=stories.image().pk)).status_code == 405


# --- The page ------------------------------------------------------------------------------------


def test_what_is_typed_is_kept(bild):
    image = stories.image()
    answer = bild.post(
        f"{LIBRARY}{image.pk}/change/",
        typed(
            image, caption="Neu", focal_x=30, licensed_until_date="2030-01-02", licensed_until_time="03:04"
        ),
    )
    assert (answer.status_code, answer.url) == (302, f"{LIBRARY}{image.pk}/change/")
    after = fresh(image)
    assert (after.caption, after.focal_x, after.focal_y, after.version) == ("Neu", 30, 50, 1)
    assert after.licensed_until.isoformat() == "2030-01-02T02:04:00+00:00"


def test_seconds_that_the_form_does_not_show_are_not_lost(bild):
    moment = timezone.now().replace(second=31, microsecond=5) + DAY
    image = stories.image(licensed_until=moment, taken_at=moment)
    from renewz.lib.dates import BERLIN  # noqa: PLC0415

    local = moment.astimezone(BERLIN)
    times = {
        f"{name}_{part}": f"{local:{form}}"
        for name in ("licensed_until", "taken_at")
        for part, form in (("date", "%Y-%m-%d"), ("time", "%H:%M"))
    }
    bild.post(f"{LIBRARY}{image.pk}/change/", typed(image, **times))
    assert (fresh(image).licensed_until, fresh(image).version) == (moment, 0)


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(bild):
    image = stories.image()
    stories.published(lead_image=image)
    answer = bild.post(f"{LIBRARY}{image.pk}/change/", typed(image, credit="", caption="Das Getippte"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "credit": ["Das Bild ist in Gebrauch: Der Bildnachweis darf nicht fehlen."]
    }
    assert "Das Getippte" in page
    assert fresh(image).credit == image.credit


def test_of_two_who_save_the_second_sees_both_and_may_then_mean_it(bild):
    image = stories.image()
    desk.describe(stories.editor(), image, 0, {"credit": "Die erste"})

    answer = bild.post(f"{LIBRARY}{image.pk}/change/", typed(image, credit="Der zweite"))

    assert answer.status_code == 409
    assert answer.context["theirs"] == [("Bildnachweis", "Die erste")]
    assert 'value="Der zweite"' in answer.content.decode()
    assert fresh(image).credit == "Die erste"

    answer = bild.post(f"{LIBRARY}{image.pk}/change/", typed(fresh(image), credit="Der zweite"))
    assert (answer.status_code, fresh(image).credit) == (302, "Der zweite")
    assert answer.wsgi_request.POST["version"] == "1"


def test_conflicts_in_the_file_are_shown(bild):
    image = stories.image(conflicts=[{"field": "credit_line", "iim": "Alt/<b>", "xmp": "Neu"}])
    page = bild.get(f"{LIBRARY}{image.pk}/change/").content.decode()
    assert "Die Datei widerspricht sich (1)" in page
    assert "<dt>Bildnachweis</dt><dd><b>XMP</b> Neu</dd><dd><b>IPTC</b> Alt/&lt;b&gt;</dd>" in page


def test_where_it_is_used_is_listed_with_its_standing(bild):
    image = stories.image()
    live = stories.published(headline="Online ist dieser Artikel hier", lead_image=image)
    stories.scheduled(headline="Geplant ist dieser Artikel hier", lead_image=image,
                      live_from=timezone.now() + DAY)  # fmt: skip
    stories.withdrawn(stories.published(headline="Früher war dieser Artikel da", lead_image=image))
    stories.author("Ida Moor", portrait=image)
    rows = bild.get(f"{LIBRARY}{image.pk}/kurz/").context["uses"].rows
    assert [(use.kind, use.title, use.standing) for use in rows if use.kind != "Manuskript"] == [
        ("Fassung 1", "Online ist dieser Artikel hier", "online"),
        ("Fassung 1", "Geplant ist dieser Artikel hier", "geplant"),
        ("Fassung 1", "Früher war dieser Artikel da", "früher"),
        ("Porträt", "Ida Moor", "auf den Seiten der Autorin oder des Autors"),
    ]
    assert rows[0].for_readers == stories.live_edition(live, timezone.now()).get_absolute_url()
    assert rows[0].in_newsroom == ""


def test_headlines_of_others_that_are_not_online_are_not_told_to_authors():
    image = stories.image()
    stories.article(stories.editor(), headline="Streng geheim bis Montag", lead_image=image)
    stories.scheduled(headline="Auch geheim bis Dienstag", lead_image=image, live_from=timezone.now() + DAY)
    author = stories.user(roles.AUTHOR)
    for path in ("change", "kurz"):
        answer = entered(author).get(f"{LIBRARY}{image.pk}/{path}/")
        assert "geheim" not in answer.content.decode()
        assert (answer.context["uses"].rows, answer.context["uses"].hidden) == ([], 3)


def test_who_stands_in_the_byline_knows_the_text_and_may_open_it():
    image, ida = stories.image(), stories.user(roles.AUTHOR)
    article = stories.article(
        stories.editor(), headline="Ida hat das geschrieben", lead_image=image,
        bylines=[(stories.author("Ida Moor", user=ida), "text")],
    )  # fmt: skip
    rows = entered(ida).get(f"{LIBRARY}{image.pk}/kurz/").context["uses"].rows
    assert [(use.title, use.in_newsroom) for use in rows] == [
        ("Ida hat das geschrieben", f"/admin/articles/article/{article.pk}/change/")
    ]


def test_a_swap_is_one_press(bild):
    image, other = stories.image(), stories.image(title="Das andere")
    answer = bild.post(f"{LIBRARY}{image.pk}/tauschen/", {"version": 0, "replacement": other.pk})
    assert answer.status_code == 302
    assert fresh(image).shown(timezone.now()).image == other
    answer = bild.post(f"{LIBRARY}{image.pk}/zuruecktauschen/", {"version": 1})
    assert fresh(image).shown(timezone.now()).image == image


@pytest.mark.parametrize(
    ("replacement", "words"),
    [
        ("", "Bitte das andere Bild wählen."),
        ("x", "Dieses Bild gibt es nicht."),
        ("self", "Ein Bild kann nicht sein eigener Ersatz sein."),
    ],
)
def test_a_swap_with_nothing_is_refused_at_its_field(bild, replacement, words):
    image = stories.image()
    value = image.pk if replacement == "self" else replacement
    answer = bild.post(f"{LIBRARY}{image.pk}/tauschen/", {"version": 0, "replacement": value})
    assert (answer.status_code, answer.context["form"].errors) == (400, {"replacement": [words]})


def test_deleting_asks_once_and_a_used_picture_stays(bild):
    image, used = stories.image(title="Überzählig"), stories.image()
    stories.article(lead_image=used)
    assert "lässt sich nicht rückgängig machen" in bild.get(f"{LIBRARY}{image.pk}/loeschen/").content.decode()
    assert bild.post(f"{LIBRARY}{image.pk}/loeschen/", {"version": 0}).url == LIBRARY
    answer = bild.post(f"{LIBRARY}{used.pk}/loeschen/", {"version": 0}, follow=True)
    assert "Dieses Bild bleibt: ein Manuskript verwendet es." in answer.content.decode()
    assert list(Image.objects.all()) == [used]
    assert "Überzählig" in bild.get(f"{LIBRARY}verlauf/").content.decode()


# --- Originals -----------------------------------------------------------------------------------


def test_an_original_comes_as_a_download_that_no_browser_opens(bild):
    data = file().getvalue()
    image, _ = desk.add(stories.editor(), io.BytesIO(data), "saal.jpg")
    answer = bild.post(f"{LIBRARY}{image.pk}/original/")
    assert b"".join(answer.streaming_content) == data
    assert answer.headers["Content-Disposition"] == f'attachment; filename="renewz-{image.pk}.jpg"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert log(image)[-1] == ("downloaded", "")


def test_without_rights_an_original_is_out_of_reach(caplog):
    image, _ = desk.add(stories.editor(), file(), "saal.jpg")
    with caplog.at_level(logging.WARNING):
        assert entered(stories.user(roles.AUTHOR)).post(f"{LIBRARY}{image.pk}/original/").status_code == 403
    assert [row.message for row in caplog.records if row.name == "images.desk"] == ["picture desk refused"]
    for address in (f"/media/{image.original.name}", f"/originals/{image.original.name}"):
        assert Client().get(address).status_code == 404
    assert not ImageEvent.objects.filter(action="downloaded").exists()


def test_an_original_that_was_lost_is_said_to_be_lost(bild):
    answer = bild.post(f"{LIBRARY}{stories.image().pk}/original/", follow=True)
    assert "Das Original ist nicht mehr im Speicher." in answer.content.decode()


# --- Uploads -------------------------------------------------------------------------------------


def test_without_script_one_file_leads_to_its_page(bild):
    answer = bild.post(f"{LIBRARY}add/", {"file": sent("saal.jpg", file().getvalue())})
    image = Image.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{LIBRARY}{image.pk}/change/")
    assert (image.title, image.is_publishable) == ("saal", False)


@pytest.mark.parametrize("path", ["add/", "hochladen/"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "Bitte eine Datei wählen."),
        (b"", "Die Datei ist leer. Bitte wählen Sie sie noch einmal aus."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", uploads._SENTENCES["SVG"]),
    ],
)
def test_what_is_refused_is_said_at_the_file(bild, path, data, words):
    answer = bild.post(LIBRARY + path, {"file": sent("x.jpg", data)} if data is not None else {})
    assert answer.status_code == 400
    errors = answer.context["upload_form"].errors if path == "add/" else json.loads(answer.content)["errors"]
    assert errors == {"file": [words]}
    assert not Image.objects.exists()


def test_with_script_the_answer_asks_for_what_the_file_did_not_say(bild):
    data = with_iptc(headline=b"Hafen", credit=b"Ida/RENEWZ").getvalue()
    answer = json.loads(bild.post(f"{LIBRARY}hochladen/", {"file": sent("x.jpg", data)}).content)
    image = Image.objects.get()
    assert (answer["known"], answer["picture"]["id"], answer["picture"]["publishable"]) == (
        False,
        image.pk,
        False,
    )
    assert answer["address"] == f"{LIBRARY}{image.pk}/change/"
    assert 'value="Ida/RENEWZ"' in answer["form"]
    assert f'action="{LIBRARY}{image.pk}/bestaetigen/"' in answer["form"]


def confirmed(client: Client, image: Image, **changes: object):
    data = {"version": image.version, "title": "Hafen", "alt": "Kräne", "credit": "Ida", "licence": "own",
            "source_type": "photo", "caption": "", "focal_x": 40, "focal_y": 50} | changes  # fmt: skip
    return client.post(f"{LIBRARY}{image.pk}/bestaetigen/", data)


def test_confirming_makes_it_publishable(bild):
    image, _ = desk.add(stories.editor(), file())
    answer = confirmed(bild, image)
    assert json.loads(answer.content)["picture"]["publishable"]
    assert (fresh(image).credit, fresh(image).focal_x) == ("Ida", 40)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"credit": " "}, {"credit": ["Bitte den Bildnachweis angeben."]}),
        ({"licence": ""}, {"licence": ["Bitte wählen, mit welchem Recht wir das Bild zeigen."]}),
        ({"source_type": ""}, {"source_type": ["Bitte wählen, wie das Bild entstanden ist."]}),
        ({"alt": ""}, {"alt": ["Bitte sagen, was zu sehen ist, oder „rein dekorativ“ ankreuzen."]}),
        ({"focal_x": "x"}, {"focal_x": ["Bitte eine Zahl von 0 bis 100 angeben."]}),
        ({"title": ""}, {"title": ["Bitte einen Titel angeben, damit sich das Bild wiederfinden lässt."]}),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(bild, changes, errors):
    image, _ = desk.add(stories.editor(), file())
    answer = confirmed(bild, image, **({"caption": "Das Getippte"} | changes))
    said = json.loads(answer.content)
    assert (answer.status_code, said["errors"]) == (400, errors)
    assert "Das Getippte" in said["form"]
    assert not fresh(image).is_publishable


def test_confirming_what_somebody_else_has_described_overwrites_nothing(bild):
    image, _ = desk.add(stories.editor(), file())
    desk.describe(stories.editor(), image, 0, {"credit": "Die erste"})
    answer = confirmed(bild, image)
    assert answer.status_code == 409
    assert "Nichts wurde überschrieben" in json.loads(answer.content)["form"]
    assert fresh(image).credit == "Die erste"


def test_a_file_that_is_known_is_given_back_as_it_is(bild):
    image, _ = desk.add(stories.editor(), file())
    confirmed(bild, image)
    answer = json.loads(bild.post(f"{LIBRARY}hochladen/", {"file": sent("x.jpg", file().getvalue())}).content)
    assert (answer["known"], answer["picture"]["id"], "form" in answer) == (True, image.pk, False)
    assert Image.objects.count() == 1


# --- Portraits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"credit": ""}, "Diesem Bild fehlen Bildnachweis, Lizenz oder Alternativtext."),
        ({"licensed_until": stories.NOON}, "Dieses Bild darf nicht mehr gezeigt werden."),
    ],
)
def test_a_portrait_must_be_one_that_may_be_shown(about, words):
    author = stories.author("Ida Moor")
    answer = entered(stories.editor()).post(
        f"/admin/authors/author/{author.pk}/change/",
        {"name": "Ida Moor", "slug": author.slug, "portrait": stories.image(**about).pk,
         "links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0},
    )  # fmt: skip
    assert answer.context["adminform"].form.errors == {"portrait": [words]}
    author.refresh_from_db()
    assert author.portrait is None
