"""The newsroom's own rooms in a real browser: accessible, by keyboard, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from authors.models import Author
from images.models import Image
from tests import stories
from tests.e2e.rooms import prose
from tests.e2e.seen import faults

pytestmark = pytest.mark.e2e

# Wider than a telephone: headlines like this are written, and no room may grow with them.
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenverordnung"


@pytest.mark.once
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light"), (1280, "dark")])
def test_no_room_has_a_fault_that_axe_can_see(
    newsroom: dict[str, User], picture: Image, sign_in: Callable[[str], Page], width: int, scheme: str
) -> None:
    article = stories.submitted(
        stories.article(
            headline=f"{LONG_WORD} gilt nicht mehr",
            lead_image=picture,
            body="<p>Text</p><h2>Mehr</h2><p>Text</p>",
        )
    )
    page = sign_in("kaiser")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    rooms = [
        "/admin/",
        "/admin/articles/article/",
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/article/{article.pk}/verlauf/",
        f"/admin/articles/article/{article.pk}/aktion/approve/",
        f"/admin/articles/article/{article.pk}/aktion/send_back/",
        "/admin/authors/author/",
        f"/admin/authors/author/{Author.objects.get().pk}/change/",
        "/admin/images/image/",
    ]
    found = {}
    for room in rooms:
        page.goto(room)
        page.wait_for_load_state("networkidle")
        found[room] = faults(page, colours_only=(width, scheme) == (1280, "dark"))
        sideways = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, (room, sideways)
    assert found == {room: [] for room in rooms}


def test_the_byline_is_sorted_with_the_keyboard_and_saved_in_its_order(
    newsroom: dict[str, User], sign_in: Callable[[str], Page]
) -> None:
    second = Author.objects.create(name="Ömer Şahin")
    article = stories.article(bylines=[(stories.author(), "text"), (second, "photo")])
    page = sign_in("kaiser")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    rows = page.locator("[data-bylines] [data-rows] > [data-row]")
    rows.nth(1).get_by_label("Name").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-announcer]")).to_have_text("Ömer Şahin: Platz 1 von 3")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Gespeichert als Version 2.")).to_be_visible()
    assert [(row.author.name, row.role) for row in article.bylines.all()] == [
        ("Ömer Şahin", "photo"),
        ("Anna Weber", "text"),
    ]


def test_topics_are_suggested_and_taken_with_the_keyboard(
    newsroom: dict[str, User], sign_in: Callable[[str], Page]
) -> None:
    stories.article(tags=["Wärmewende", "Wärmepumpen"])
    page = sign_in("weber")
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Themen").press_sequentially("waerme")
    expect(page.locator("#topic-suggestions [role=option]")).to_have_text(["Wärmepumpen", "Wärmewende"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".chips li")).to_have_text(["Wärmewende×"])


@pytest.mark.once
def test_whoever_opens_a_new_sheet_writes_at_once_and_sees_it_counted(
    newsroom: dict[str, User], sign_in: Callable[[str], Page]
) -> None:
    page = sign_in("weber")
    page.goto("/admin/articles/article/add/")
    counted = page.locator('[data-count="body"]')
    expect(counted).to_have_text("0 Wörter, 0 Zeichen, etwa 1 Min. Lesezeit")

    page.keyboard.type("Neue Fristen")
    expect(page.get_by_label("Überschrift", exact=True)).to_have_value("Neue Fristen")
    expect(page.locator('[data-count="headline"]')).to_have_text("12 Zeichen")
    prose(page).click()
    page.keyboard.type("Haushalt")
    expect(counted).to_have_text("1 Wort, 8 Zeichen, etwa 1 Min. Lesezeit")
    page.keyboard.type(" und mehr")
    expect(counted).to_have_text("3 Wörter, 17 Zeichen, etwa 1 Min. Lesezeit")


def test_looking_is_not_writing(newsroom: dict[str, User], sign_in: Callable[[str], Page]) -> None:
    """Who opens a text and leads on to an action has no part in it: four eyes stay possible."""
    body = (
        "<p>Text mit <strong>Gewicht</strong>, 5&nbsp;%.</p><ul><li>Eins</li></ul>"
        "<table><thead><tr><th>Jahr</th></tr></thead><tbody><tr><td>2025</td></tr></tbody></table>"
        "<blockquote><p>„Zitat“</p><footer>Quelle</footer></blockquote>"
        '<aside data-facts=""><h3>Kasten</h3><p>Text</p></aside>'
    )
    article = stories.submitted(stories.article(body=body))
    page = sign_in("kaiser")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Es gab nichts zu speichern.")).to_be_visible()
    assert stories.fresh(article).version == article.version


def test_spaces_and_blocks_survive_a_round_through_the_editor(
    newsroom: dict[str, User], sign_in: Callable[[str], Page]
) -> None:
    """A policy that refuses the editor's own white-space rule once stored every space as &nbsp;."""
    body = (
        "<p>Ein Text mit vielen Wörtern.</p>"
        "<table><thead><tr><th>Jahr</th><th>Anteil</th></tr></thead><tbody><tr><td>2025</td><td>18&nbsp;%</td></tr></tbody></table>"
        '<p>Belegt<sup data-source="Amt: „Bericht“, 2025" data-address="https://amt.example/?a&amp;b"></sup>.</p>'
        "<blockquote><p>„Zitat“</p>"
        '<footer>Ilse Kranich<sup data-source="Rede, 4. Mai"></sup></footer></blockquote>'
        '<aside data-facts=""><h3>Kasten</h3><p>Text</p></aside>'
        "<ol><li>Eins</li><li>Zwei</li></ol><p>Ende.</p>"
    )
    article = stories.article(body=body)
    page = sign_in("weber")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    prose(page).get_by_text("Ende.").click()
    page.keyboard.press("End")
    page.keyboard.type(" Und noch ein Satz.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert als Version 2.")).to_be_visible()
    assert stories.fresh(article).body == body.replace("Ende.", "Ende. Und noch ein Satz.")


def test_an_address_as_people_write_it_becomes_a_link_that_stays(
    newsroom: dict[str, User], sign_in: Callable[[str], Page]
) -> None:
    article = stories.article(body="<p>Bundestag</p>")
    page = sign_in("weber")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    for typed, meant in (
        ("www.bundestag.de/heute?a=1", "https://www.bundestag.de/heute?a=1"),
        ("müller.example:8080", "https://müller.example:8080"),
        ("http://renewz.example/", "http://renewz.example/"),
        ("mailto:post@renewz.example", "mailto:post@renewz.example"),
        ("/artikel/7/", "/artikel/7/"),
    ):
        # Without a click: the editor hears of its caret a moment later than of the keys after it.
        prose(page).press("Control+a")
        page.wait_for_function("getSelection().toString() === 'Bundestag'")
        page.keyboard.press("Control+k")
        dialog = page.get_by_role("dialog", name="Link setzen")
        dialog.get_by_role("textbox").fill(typed)
        page.keyboard.press("Enter")
        expect(prose(page).locator("a")).to_have_attribute("href", meant)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Gespeichert als Version 2.")).to_be_visible()
    assert stories.fresh(article).body == '<p><a href="/artikel/7/">Bundestag</a></p>'


def test_sources_are_given_changed_and_removed_with_the_keyboard(
    newsroom: dict[str, User], sign_in: Callable[[str], Page]
) -> None:
    article = stories.article(body="<p>Die Zahl stimmt.</p><p>Die zweite auch.</p>")
    page = sign_in("weber")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    text, dialog = prose(page), page.get_by_role("dialog")
    words, address = dialog.get_by_label("Was ist die Quelle?"), dialog.get_by_label("Adresse")
    numbers = text.locator(".source-reference")

    # Refused at the field; nothing typed is lost.
    text.get_by_text("Die Zahl stimmt.").click()
    page.keyboard.press("End")
    page.keyboard.press("Control+Alt+f")
    expect(words).to_be_focused()
    address.fill("amt.example/bericht")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Bitte sagen, was die Quelle ist")).to_be_visible()
    expect(dialog.get_by_text("Bitte die ganze Adresse angeben")).to_be_visible()
    expect(words).to_be_focused()
    assert faults(page) == []
    expect(address).to_have_value("amt.example/bericht")
    words.fill("Amt: Bericht, 2025")
    address.fill("https://amt.example/bericht")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(numbers).to_have_attribute("data-number", "1")

    # Another before it becomes number 1; the first, named once more, keeps one number.
    text.get_by_text("Die Zahl").click()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Quelle", exact=True).click()
    words.fill("Gespräch am 4. Mai")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    text.get_by_text("Die zweite auch.").click()
    page.keyboard.press("End")
    page.keyboard.press("Control+Alt+f")
    dialog.get_by_label("Schon genannt").select_option(label="2  Amt: Bericht, 2025")
    expect(address).to_have_value("https://amt.example/bericht")
    dialog.get_by_role("button", name="Übernehmen").press("Enter")
    expect(numbers).to_have_count(3)
    assert [mark.get_attribute("data-number") for mark in numbers.all()] == ["1", "2", "2"]

    # With the arrow on the number, Enter opens it; what is changed is changed in both places.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    words.fill("Amt: Bericht, 2026")
    dialog.get_by_role("button", name="Übernehmen").press("Enter")
    numbers.first.dblclick()
    dialog.get_by_role("button", name="Quelle entfernen").press("Enter")
    expect(numbers).to_have_count(2)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert als Version 2.")).to_be_visible()
    source = '<sup data-source="Amt: Bericht, 2026" data-address="https://amt.example/bericht"></sup>'
    assert stories.fresh(article).body == f"<p>Die Zahl stimmt.{source}</p><p>Die zweite auch.{source}</p>"
