"""Reading, in a real browser: accessible, without third parties, with and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.paper import LONG
from tests.e2e.seen import faults, is_dark

pytestmark = [pytest.mark.e2e, pytest.mark.once]


def test_no_page_has_a_fault_that_axe_can_see(paper: dict[str, str], reader: Page) -> None:
    found = {}
    for kind, address in paper.items():
        reader.goto(address)
        found[kind] = faults(reader, colours_only=is_dark(reader))
        sideways = reader.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, (kind, sideways)
    assert found == {kind: [] for kind in paper}


def test_the_menu_is_a_dialog_that_keeps_and_returns_the_focus(
    paper: dict[str, str], page: Page, paper_server: str
) -> None:
    page.goto(paper_server)
    opener = page.get_by_role("button", name="Menü")
    opener.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog")
    expect(menu).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    assert faults(page) == []
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.mouse.click(5, 400)
    expect(menu).to_be_hidden()


def test_without_script_everything_reads_and_the_menu_opens(
    paper: dict[str, str], browser: Browser, paper_server: str
) -> None:
    context = browser.new_context(base_url=paper_server, java_script_enabled=False)
    page = context.new_page()
    page.goto(paper["article"])
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    expect(page.get_by_text("Der Satz, mit dem es anfängt")).to_be_visible()
    page.get_by_role("button", name="Menü").click()
    link = page.locator("#menu").get_by_role("link", name="Wissen")
    expect(link).to_be_visible()
    page.locator("#menu").get_by_role("button", name="Schließen").click()
    expect(link).to_be_hidden()
    context.close()


def test_the_first_tab_leads_past_the_head(paper: dict[str, str], page: Page, paper_server: str) -> None:
    page.goto(paper_server + paper["article"])
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("kind", ["front", "section", "article", "author"])
def test_nothing_is_wider_than_a_screen_of_320_px(
    paper: dict[str, str], browser: Browser, paper_server: str, kind: str
) -> None:
    context = browser.new_context(base_url=paper_server, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(paper[kind])
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
