"""The breaking news in a real browser: read it, close it, and it stays closed without a jump."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from frontpage.models import BreakingNews
from tests import stories
from tests.e2e.seen import faults
from tests.e2e.test_layout_shift import WATCH

pytestmark = pytest.mark.e2e

TEXT = (
    "Wärmeplanungsbeschleunigungsgesetz: Bundesverfassungsgericht stoppt Donaudampfschifffahrtsgesellschaft"
)
STORED = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"


@pytest.fixture
def banner(newsroom: dict[str, Any]) -> BreakingNews:
    article = stories.published(headline="Gericht stoppt das Gesetz")
    return stories.breaking(TEXT, article=article)


@pytest.fixture
def reader(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    assert context.cookies() == []
    context.close()


def test_closed_it_stays_closed_without_a_jump_and_another_one_is_shown(
    banner: BreakingNews, reader: Page
) -> None:
    line = reader.get_by_role("region", name="Eilmeldung")
    reader.goto("/")
    expect(line).to_contain_text(TEXT)
    expect(line.get_by_role("button")).to_be_visible()
    assert reader.evaluate(STORED) == "[[],[]]"

    line.get_by_role("button", name="Eilmeldung schließen").click()
    expect(line).to_be_hidden()
    expect(reader.locator("main")).to_be_focused()
    assert reader.evaluate(STORED) == f'[[["renewz:eilmeldung","{banner.pk}"]],[]]'

    reader.goto("/wirtschaft/")
    expect(reader.locator("html[data-breaking-closed]")).to_be_attached()
    reader.wait_for_load_state("networkidle")
    expect(line).to_be_hidden()
    assert reader.evaluate("window.shifts.filter(({ down }) => Math.abs(down) >= 1)") == []

    stories.breaking("Etwas ganz anderes")
    reader.goto("/")
    expect(line).to_contain_text("Etwas ganz anderes")
    assert reader.evaluate(STORED) == "[[],[]]"


def test_without_storage_it_closes_for_this_page(banner: BreakingNews, reader: Page) -> None:
    reader.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    line = reader.get_by_role("region", name="Eilmeldung")
    reader.goto("/")
    line.get_by_role("button", name="Eilmeldung schließen").click()
    expect(line).to_be_hidden()
    reader.goto("/wirtschaft/")
    expect(line).to_be_visible()


def test_without_script_it_reads_and_has_no_button(
    banner: BreakingNews, browser: Browser, live_server: Any
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    line = page.get_by_role("region", name="Eilmeldung")
    expect(line.get_by_role("link", name=TEXT)).to_be_visible()
    expect(line.get_by_role("button")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_long_words_stay_inside_320_px_and_paper_shows_nothing(
    banner: BreakingNews, browser: Browser, live_server: Any, scheme: Any
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 320, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto("/")
    line = page.get_by_role("region", name="Eilmeldung")
    button = line.get_by_role("button")
    expect(button).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    text, box = line.get_by_role("link").bounding_box(), button.bounding_box()
    assert text and box
    assert text["y"] >= box["y"] + box["height"]
    assert 0 <= text["x"] < text["x"] + text["width"] <= 320
    assert box["x"] + box["width"] <= 320
    assert faults(page) == []
    page.emulate_media(media="print")
    expect(line).to_be_hidden()
    context.close()


def assert_faultless(page: Page) -> None:
    """Ask axe at the width of a desktop and of a phone."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_chief_sets_one_looks_at_it_before_and_ends_it(
    newsroom: dict[str, Any], sign_in: Callable[[str], Page]
) -> None:
    stories.published(headline="Gericht stoppt das Gesetz")
    clara = sign_in("vogt")
    clara.locator(".desk").get_by_role("link", name="Eilmeldung setzen").click()
    clara.get_by_label("Text").fill("Gericht stoppt das Wärmegesetz")
    expect(clara.get_by_text("Noch 90.")).to_be_visible()
    clara.get_by_role("button", name="Artikel auswählen …").click()
    clara.get_by_role("dialog").get_by_role("button", name="Gericht stoppt das Gesetz").click()
    expect(clara.locator("[data-shown]")).to_have_text("Gericht stoppt das Gesetz")
    assert_faultless(clara)

    with clara.expect_popup() as opened:
        clara.get_by_role("button", name="Ansehen").click()
    expect(opened.value.get_by_role("region", name="Eilmeldung")).to_contain_text(
        "Gericht stoppt das Wärmegesetz"
    )
    opened.value.close()
    assert not BreakingNews.objects.exists()

    clara.get_by_role("button", name="Eilmeldung setzen").click()
    expect(clara.get_by_text("Die Eilmeldung läuft bis")).to_be_visible()
    assert_faultless(clara)
    clara.get_by_role("link", name="Gericht stoppt das Wärmegesetz").click()
    assert_faultless(clara)
    clara.get_by_role("button", name="Jetzt beenden").click()
    expect(clara.get_by_text("Die Eilmeldung ist beendet.")).to_be_visible()
    clara.goto("/")
    expect(clara.get_by_role("region", name="Eilmeldung")).to_have_count(0)
