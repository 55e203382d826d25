"""Sources of an article in a real browser: there and back, and large enough for a finger."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import stories
from tests.e2e.seen import faults

pytestmark = [pytest.mark.e2e, pytest.mark.once]

REPORT = '<sup data-source="Amt: Bericht, 2025" data-address="https://example.org/b"></sup>'
WORDS = "Mehr als die Hälfte sagt das, und das Amt sagt es noch einmal. " * 4
BODY = f"<p>{WORDS}{REPORT} {WORDS}</p>" + f"<p>{WORDS}</p>" * 12 + f"<p>Am Ende.{REPORT} {WORDS}</p>"


@pytest.fixture
def article(transactional_db: None, page: Page, live_server: Any) -> Page:
    """The page of an article with one source, named twice."""
    stories.roles.sync()
    published = stories.published(at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1), body=BODY)
    page.goto(f"{live_server.url}/artikel/{published.pk}/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_number_leads_to_its_source_and_back(article: Page, scheme: Any) -> None:
    article.emulate_media(color_scheme=scheme)
    first, second = article.locator("[role=doc-noteref]").all()
    source = article.locator("#quelle_1")
    first.focus()
    article.keyboard.press("Enter")
    expect(source).to_be_in_viewport()
    expect(article.locator(":target")).to_have_id("quelle_1")
    assert faults(article, colours_only=scheme == "dark") == []
    source.get_by_label("Zurück zur 2. Textstelle mit Quelle 1").click()
    expect(article.locator(":target")).to_have_id("stelle_2")
    expect(second).to_be_in_viewport()
    assert faults(article, colours_only=scheme == "dark") == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_number_takes_no_room_in_its_line_and_is_large_enough_for_a_finger(
    article: Page, width: int
) -> None:
    article.set_viewport_size({"width": width, "height": 900})
    number = article.locator("[role=doc-noteref]").first
    number.scroll_into_view_if_needed()
    reach = """(link) => {
      const { x, y, width, height } = link.getBoundingClientRect();
      return [[-11, 0], [11, 0], [0, -11], [0, 11]].map(([dx, dy]) =>
        document.elementFromPoint(x + width / 2 + dx, y + height / 2 + dy)?.closest("a") === link);
    }"""
    assert number.evaluate(reach) == [True] * 4
    backs = article.locator("[role=doc-backlink]").all()
    sizes = [back.bounding_box() or {"width": 0, "height": 0} for back in backs]
    assert [min(size["width"], size["height"]) >= 24 for size in sizes] == [True, True]
    heights = """(paragraph) => {
      const full = paragraph.offsetHeight;
      for (const raised of paragraph.querySelectorAll("sup")) raised.hidden = true;
      return [full, paragraph.offsetHeight];
    }"""
    with_number, without = article.locator("p:has(> sup)").first.evaluate(heights)
    assert with_number == without


def test_who_prints_gets_the_address(article: Page) -> None:
    article.emulate_media(media="print")
    printed = "link => getComputedStyle(link, '::after').content"
    assert "https://example.org/b" in article.locator(".sources a[rel]").evaluate(printed)
    expect(article.locator("[role=doc-backlink]").first).to_be_hidden()
