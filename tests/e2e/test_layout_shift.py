"""Nothing on a page moves when fonts and pictures come late."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from articles.models import Edition
from tests import stories
from tests.e2e.paper import BODY, LONG

pytestmark = [pytest.mark.e2e, pytest.mark.once]

SLOW = 0.25  # seconds for each file, one after the other: long after the first paint

WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    for (const { node, previousRect, currentRect } of entry.sources) {
      const what = (node?.className || node?.textContent || "").trim().slice(0, 40);
      const down = currentRect.top - previousRect.top;
      window.shifts.push({ what, down, across: currentRect.left - previousRect.left });
    }
    window.total = (window.total ?? 0) + entry.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def addresses(newsroom: dict[str, Any], picture: Any) -> dict[str, str]:
    for number in range(6):
        stories.published(
            headline=f"Meldung {number}: Öffentlicher Dienst, Größe und Gewicht der Überschrift",
            lead_image=picture if number % 2 else None,
        )
    article = stories.published(
        headline=LONG, body=BODY, lead_image=picture, lead_caption="Ein Feld im Herbst."
    )
    edition = Edition.objects.get(article=article)
    return {"front": "/", "section": "/wirtschaft/", "article": edition.get_absolute_url()}


def _read(browser: Browser, url: str, width: int) -> tuple[list[str], list[dict[str, Any]], float]:
    """Open a page and scroll down as somebody reads; return what came late, what moved, and how far.

    The browser has seen nothing yet: what it keeps would come at once.
    """
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="de-DE")
    page = context.new_page()
    late: list[str] = []

    def hold_back(route: Route) -> None:
        late.append(route.request.url)
        time.sleep(SLOW)
        route.continue_()

    page.route(re.compile(r"\.(woff2|avif)$"), hold_back)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="load")
    page.evaluate("document.fonts.ready")
    for _ in range(12):
        page.mouse.wheel(0, 800)
        page.wait_for_timeout(50)
    page.wait_for_timeout(1000 * SLOW + 300)
    shifts, total = page.evaluate("[window.shifts, window.total ?? 0]")
    context.close()
    return late, shifts, total


@pytest.mark.parametrize("width", [390, 1280])
def test_late_fonts_and_pictures_move_nothing(
    addresses: dict[str, str], browser: Browser, live_server: Any, width: int
) -> None:
    for kind, address in addresses.items():
        late, shifts, total = _read(browser, live_server.url + address, width)

        assert any(url.endswith(".woff2") for url in late)
        assert any(url.endswith(".avif") for url in late)
        # Words in one line may give way sideways by a pixel or two; no line, picture or box moves down.
        assert [shift for shift in shifts if abs(shift["down"]) >= 1] == [], kind
        assert round(total, 3) == 0, (kind, shifts)
