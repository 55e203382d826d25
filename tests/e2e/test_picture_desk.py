"""Pictures in a real browser: three photographs into an article; the library; no faults for axe."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from accounts import roles
from accounts.models import User
from articles.models import Article
from images import uploads
from images.models import Image
from tests import stories
from tests.e2e.conftest import PASSWORD
from tests.e2e.rooms import prose
from tests.e2e.seen import faults
from tests.images.test_desk import with_iptc

pytestmark = pytest.mark.e2e


def photograph(colour: str) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (1300, 900), colour).save(out, "JPEG")
    return out.getvalue()


def three() -> list[dict[str, Any]]:
    """Return three files, one of which says what it is."""
    speaking = with_iptc(headline="Kräne im Hafen".encode(), credit=b"Ida Moor/RENEWZ").getvalue()
    files = {"hafen.jpg": speaking, "rot.jpg": photograph("#bb2233"), "blau.jpg": photograph("#223366")}
    return [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files.items()]


@pytest.fixture
def desk(newsroom: dict[str, User]) -> User:
    user = stories.user(
        roles.PICTURE_DESK, username="petersilie", first_name="Johann", last_name="Petersilie"
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def sideways(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def drop(page: Page, target: str, files: list[dict[str, Any]]) -> None:
    """Drop files on an element, as somebody who drags them out of a folder."""
    transfer = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const { name, bytes } of files)
                transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
            return transfer;
        }""",
        [{"name": file["name"], "bytes": list(file["buffer"])} for file in files],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(target, event, {"dataTransfer": transfer})


def test_an_editor_drops_three_photographs_into_an_article_and_readers_see_them(
    newsroom: dict[str, User], sign_in: Callable[[str], Page], live_server: Any, browser: Any
) -> None:
    article = stories.article(headline="Drei Fotografien aus dem Hafen von Emden", body="<p>Text.</p>")
    page = sign_in("weber")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    prose(page).get_by_text("Text.").click()
    page.keyboard.press("End")
    page.get_by_role("button", name="Bild", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Bilder hochladen")).to_be_visible()

    # Every answer of the server waits until the progress was seen.
    held: list[Any] = []
    open_now: list[bool] = []
    page.route("**/hochladen/", lambda route: route.continue_() if open_now else held.append(route))
    drop(page, "dialog [data-drop]", three())
    expect(dialog.get_by_role("progressbar")).to_have_count(3)
    expect(dialog.get_by_role("status").filter(has_text="3 Dateien werden hochgeladen.")).to_be_visible()
    # Two at a time: the third waits for one of them.
    expect(dialog.get_by_text("wartet …")).not_to_have_count(0)
    open_now.append(True)
    for route in held:
        route.continue_()
    forms = dialog.locator("form.confirm")
    expect(forms).to_have_count(3, timeout=20_000)  # all their sizes are made meanwhile
    expect(dialog.get_by_role("progressbar")).to_have_count(0)

    # What the file says of itself stands there; what it cannot say is asked for at its field.
    speaking = dialog.get_by_role("form", name="Angaben zu Kräne im Hafen")
    expect(speaking.get_by_label("Bildnachweis")).to_have_value("Ida Moor/RENEWZ")
    speaking.get_by_role("button", name="Angaben bestätigen").click()
    expect(speaking.get_by_text("Bitte sagen, was zu sehen ist")).to_be_visible()
    expect(speaking.get_by_label("Bildnachweis")).to_have_value("Ida Moor/RENEWZ")

    # The focal point by keyboard alone.
    handle = speaking.get_by_role("button", name="Bildmitte")
    handle.focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(speaking.get_by_label("Bildmitte, % von links")).to_have_value("40")
    expect(speaking.get_by_label("% von oben")).to_have_value("49")
    expect(speaking.get_by_role("status")).to_have_text("Bildmitte: 40 % von links, 49 % von oben")

    for name in ("Kräne im Hafen", "rot", "blau"):
        form = dialog.get_by_role("form", name=f"Angaben zu {name}")
        form.get_by_label("Alternativtext", exact=True).fill(f"Zu sehen: {name}")
        form.get_by_label("Bildnachweis").fill("Ida Moor/RENEWZ")
        form.get_by_label("Lizenz", exact=True).select_option("own")
        form.get_by_label("Entstehung").select_option("photo")
        form.get_by_role("button", name="Angaben bestätigen").click()
        expect(dialog.get_by_text(f"„{name}“ ist bestätigt.").first).to_be_visible()
        expect(form).to_have_count(0)
    dialog.get_by_role("button", name="3 Bilder einfügen").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert als Version 2.")).to_be_visible()

    assert Image.objects.get(title="Kräne im Hafen").rendered == "1 40 49"
    stories.published(Article.objects.get())
    reader = browser.new_page(base_url=live_server.url)
    reader.goto(stories.live_edition(article, stories.timezone.now()).get_absolute_url())
    pictures = reader.locator("main figure img")
    expect(pictures).to_have_count(3)
    for place, name in enumerate(("Kräne im Hafen", "rot", "blau")):
        seen = reader.get_by_role("img", name=f"Zu sehen: {name}")
        seen.scroll_into_view_if_needed()
        expect(seen).to_have_js_property("complete", True)
        assert seen.evaluate("image => image.naturalWidth") > 0, place
    reader.close()


def test_a_bad_file_is_said_to_be_bad_and_the_others_go_on(
    desk: User, sign_in: Callable[[str], Page]
) -> None:
    page = sign_in("petersilie")
    page.goto("/admin/images/image/")
    page.wait_for_load_state("networkidle")
    bad = {
        "name": "zeichnung.svg",
        "mimeType": "image/svg+xml",
        "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    page.get_by_label("Bilder hochladen").set_input_files([bad, three()[1]])
    row = page.locator(".upload-row").filter(has_text="zeichnung.svg")
    expect(row).to_contain_text("SVG kann Programme enthalten")
    expect(row.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("form", name="Angaben zu rot")).to_be_visible()
    # The same again is the same.
    page.get_by_label("Bilder hochladen").set_input_files(three()[1:2])
    expect(page.get_by_text("Dieses Bild gibt es schon; ihm fehlen noch Angaben.")).to_be_visible()
    assert Image.objects.count() == 1


def test_an_upload_can_be_stopped_and_one_that_fails_can_be_tried_again(
    desk: User, sign_in: Callable[[str], Page]
) -> None:
    page = sign_in("petersilie")
    page.goto("/admin/images/image/")
    page.wait_for_load_state("networkidle")
    page.route("**/hochladen/", lambda route: None)
    page.get_by_label("Bilder hochladen").set_input_files(three()[1:2])
    page.get_by_role("button", name="Abbrechen: rot.jpg").click()
    expect(page.locator(".upload-row")).to_have_count(0)
    page.unroute("**/hochladen/")
    # Signed out in the meantime: the sign-in page comes instead of an answer.
    sign_in_page = {"status": 200, "content_type": "text/html", "body": "<title>Anmelden</title>"}
    page.route("**/hochladen/", lambda route: route.fulfill(**sign_in_page), times=1)
    page.get_by_label("Bilder hochladen").set_input_files(three()[2:])
    expect(page.locator(".upload-row").get_by_text("Ihre Anmeldung gilt nicht mehr.")).to_be_visible()
    page.get_by_role("button", name="Noch einmal").click()
    expect(page.get_by_role("form", name="Angaben zu blau")).to_be_visible()


def test_the_quick_view_opens_moves_and_closes_with_keys(
    desk: User, picture: Image, sign_in: Callable[[str], Page]
) -> None:
    Image.objects.filter(pk=picture.pk).update(title="Das ältere")
    page = sign_in("petersilie")
    page.goto("/admin/images/image/")
    page.wait_for_load_state("networkidle")
    link = page.get_by_role("link", name="Schnellansicht: Das ältere")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Das ältere")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Nächstes")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    assert page.url.endswith("/admin/images/image/")


@pytest.mark.once
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_room_of_the_picture_desk_has_a_fault_that_axe_can_see(
    desk: User, picture: Image, sign_in: Callable[[str], Page], width: int, scheme: str
) -> None:
    stories.published(lead_image=picture)
    upright, out = Pillow.new("RGB", (900, 1600), "#335566"), io.BytesIO()
    upright.save(out, "PNG")
    out.seek(0)
    uploads.store(out, title="Hochkant und mit einem sehr langen Titel, der umbrechen muss")
    Image.objects.filter(pk=picture.pk).update(
        conflicts=[{"field": "caption", "iim": "Alt", "xmp": "Neu"}],
        licensed_until=stories.timezone.now() + stories.DAY,
    )
    page = sign_in("petersilie")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found, in_colours = {}, scheme == "dark"
    one = f"/admin/images/image/{picture.pk}"
    rooms = ["/admin/images/image/", f"{one}/change/", f"{one}/kurz/", f"{one}/tauschen/", f"{one}/loeschen/",
             "/admin/images/image/add/", "/admin/images/image/verlauf/", "/admin/"]  # fmt: skip
    for room in rooms:
        page.goto(room)
        page.wait_for_load_state("networkidle")
        assert sideways(page) <= 0, room
        found[room] = faults(page, colours_only=in_colours)
    page.goto("/admin/images/image/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name=f"Schnellansicht: {picture.title}").click()
    expect(page.get_by_role("dialog", name=picture.title)).to_be_visible()
    found["quick view"] = faults(page, colours_only=in_colours)
    page.keyboard.press("Escape")
    page.get_by_label("Bilder hochladen").set_input_files(three()[1:2])
    expect(page.get_by_role("form", name="Angaben zu rot")).to_be_visible()
    assert sideways(page) <= 0
    found["upload"] = faults(page, colours_only=in_colours)
    page.goto(f"{one}/tauschen/")
    page.get_by_role("button", name="Bild wählen").click()
    expect(page.get_by_role("dialog").get_by_label("Bilder hochladen")).to_be_visible()
    found["chooser"] = faults(page, colours_only=in_colours)
    assert found == {place: [] for place in found}
