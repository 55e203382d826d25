"""Reading in comfort: the keyboard, large type, narrow screens, and a browser that keeps nothing unasked."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.seen import faults
from tests.e2e.test_layout_shift import WATCH

pytestmark = [pytest.mark.e2e, pytest.mark.once]

KINDS = ["front", "section", "article", "search", "hits", "author", "privacy", "404"]


@pytest.fixture(scope="module")
def pages(paper: dict[str, str]) -> dict[str, str]:
    return paper | {"search": "/suche/", "hits": "/suche/?q=Wirtschaftsteil"}


def choice(page: Page) -> Any:
    return page.locator(".story-meta").get_by_role("group", name="Schriftgröße")


def kept(page: Page) -> Any:
    return page.evaluate("({ ...localStorage })")


# --- The keyboard ------------------------------------------------------------------------------

# What is wrong with the stop that has the focus; null at the end of the round.
STOP = """
() => {
  window.passed ??= new Set();
  const stop = document.activeElement;
  if (stop === document.body || window.passed.has(stop)) return null;
  window.passed.add(stop);
  const faults = [];
  // The headline is a teaser's link, the line a search field's: the whole shows the focus.
  const whole = [stop, stop.closest(".teaser"), stop.closest(".search-field")].filter(Boolean);
  const isMarked = ({ outlineStyle, boxShadow }) => outlineStyle !== "none" || boxShadow !== "none";
  if (!whole.map((e) => getComputedStyle(e)).some(isMarked)) faults.push("no sign of focus");
  const boxes = [stop, ...stop.querySelectorAll("*")].flatMap((e) => [...e.getClientRects()]);
  const box = boxes.find(({ width, height }) => width > 1 && height > 1);
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) faults.push(`out of sight at ${x} ${y}`);
  else if (!stop.contains(document.elementFromPoint(x, y))) {
    faults.push(`covered by ${document.elementFromPoint(x, y).outerHTML.slice(0, 80)}`);
  }
  return faults.map((fault) => `${fault}: ${stop.outerHTML.slice(0, 120)}`);
}
"""
NEVER_REACHED = """
[...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.type !== "hidden")
  .filter((e) => !window.passed.has(e))
  .map((e) => e.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["front", "section", "article", "search", "hits"])
def test_every_stop_of_the_keyboard_is_in_sight(
    pages: dict[str, str], open_with: Open, kind: str, width: int
) -> None:
    page = open_with(width)
    page.goto(pages[kind])
    faults: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        found = page.evaluate(STOP)
        if found is None:
            break
        faults += found
    assert faults == []
    assert page.evaluate(NEVER_REACHED) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_target_is_large_enough(pages: dict[str, str], open_with: Open, kind: str) -> None:
    page = open_with(390)
    page.goto(pages[kind])
    assert faults(page, runOnly={"type": "rule", "values": ["target-size"]}) == []


# --- Large type and narrow screens -------------------------------------------------------------

# Words that run out of the screen, boxes that cut theirs, and lines that lie upon each other.
BROKEN = """
() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) faults.push(`the page is ${wide} px too wide`);
  const isClipped = (e) => getComputedStyle(e).clipPath === "inset(50%)";
  const isUnseen = (e) => e.closest(".hidden, .skip") || isClipped(e) || isClipped(e.parentElement);
  const lines = [];
  // The open menu lies upon the page, as it should.
  const top = document.querySelector("dialog[open]") ?? document.body;
  const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || !e.checkVisibility() || isUnseen(e)) continue;
    const words = node.data.trim().slice(0, 40);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom, width, height } of range.getClientRects()) {
      if (width < 2) continue;
      const isOff = !e.closest(".table") && (left < -1 || right > innerWidth + 1);
      if (isOff) faults.push(`off the screen: ${words}`);
      // The middle of a line, where its letters stand: ascenders and descenders may reach into the next.
      const [upper, lower] = [top + 0.3 * height, bottom - 0.3 * height];
      lines.push({ node, words, left: left + 1, right: right - 1, top: upper, bottom: lower });
    }
    for (let box = e; box; box = box.parentElement) {
      if (!/hidden|clip/.test(getComputedStyle(box).overflow)) continue;
      if (box.scrollWidth > box.clientWidth + 1) faults.push(`cut in width: ${words}`);
      if (box.scrollHeight > box.clientHeight + 1) faults.push(`cut in height: ${words}`);
    }
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((a, place) => {
    for (let next = place + 1; next < lines.length && lines[next].top < a.bottom; next += 1) {
      const b = lines[next];
      if (a.node === b.node || a.left >= b.right || b.left >= a.right) continue;
      faults.push(`one upon the other: ${a.words} / ${b.words}`);
    }
  });
  return [...new Set(faults)];
}
"""
# What WCAG 2.2, 1.4.12 lets readers set.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""
WAYS = {
    "phone": (390, "", ""),
    "narrow": (320, "", ""),
    "zoom of 200 %": (640, "", ""),
    "zoom of 400 %": (320, "", ""),
    "browser's type of 200 %": (1280, "html { font-size: 200% !important; }", ""),
    "largest type": (1280, "", "largest"),
    "largest type on a phone": (390, "", "largest"),
    "largest type, narrow": (320, "", "largest"),
    "spacing": (1280, SPACING, ""),
    "spacing, narrow": (320, SPACING, ""),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_cut_and_nothing_lies_upon_another(
    pages: dict[str, str], open_with: Open, way: str
) -> None:
    width, style, size = WAYS[way]
    # The reader's own style is hers: the page's policy has no say in it.
    page = open_with(width, bypass_csp=bool(style), reduced_motion="reduce")
    if size:
        page.add_init_script(f"localStorage.setItem('renewz:schrift', '{size}')")
    broken = {}
    for kind in KINDS:
        page.goto(pages[kind])
        if style:
            page.add_style_tag(content=style)
        found = page.evaluate(BROKEN)
        if kind == "front":
            page.get_by_role("button", name="Menü").click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found += page.evaluate(BROKEN)
        if found:
            broken[kind] = found
    assert broken == {}


COVERED = """
[...document.querySelectorAll("body *")]
  .filter((e) => /fixed|sticky/.test(getComputedStyle(e).position) && e.checkVisibility())
  .map((e) => e.getBoundingClientRect())
  .map(({ left, right, top, bottom }) =>
    Math.max(0, Math.min(right, innerWidth) - Math.max(left, 0)) *
    Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)))
  .reduce((sum, part) => sum + part, 0) / (innerWidth * innerHeight)
"""


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_fixed_covers_more_than_a_quarter(pages: dict[str, str], open_with: Open, width: int) -> None:
    page = open_with(width, 600)
    for kind in KINDS:
        page.goto(pages[kind])
        for _ in range(3):
            assert page.evaluate(COVERED) <= 0.25, kind
            page.evaluate("scrollBy(0, 500)")


# --- The size of the type ----------------------------------------------------------------------


def test_the_chosen_size_holds_from_page_to_page_and_nothing_jumps(
    pages: dict[str, str], open_with: Open
) -> None:
    page = open_with()
    page.add_init_script(WATCH)
    page.goto(pages["article"])
    expect(choice(page).get_by_role("button", name="Normal")).to_have_attribute("aria-pressed", "true")
    choice(page).get_by_role("button", name="Sehr groß").click()

    expect(choice(page).get_by_role("button", pressed=True)).to_have_accessible_name("Sehr groß")
    expect(choice(page).get_by_role("status")).to_have_text("Schriftgröße: Sehr groß")
    expect(page.locator("html")).to_have_css("font-size", "22px")
    assert kept(page) == {"renewz:schrift": "largest"}
    for kind in ["front", "article"]:
        page.goto(pages[kind], wait_until="load")
        page.evaluate("document.fonts.ready")
        expect(page.locator("html")).to_have_css("font-size", "22px")
        assert page.evaluate("[window.shifts, window.total ?? 0]") == [[], 0]

    choice(page).get_by_role("button", name="Normal").click()
    expect(page.locator("html")).to_have_css("font-size", "16px")
    assert kept(page) == {}


def test_the_menu_offers_the_size_and_the_button_stays_under_the_finger(
    pages: dict[str, str], open_with: Open
) -> None:
    page = open_with(390, 500)
    page.goto(pages["section"])
    page.get_by_role("button", name="Menü").click()
    button = page.get_by_role("dialog").get_by_role("button", name="Sehr groß")
    button.scroll_into_view_if_needed()
    before = button.bounding_box()
    button.click()

    expect(page.locator("html")).to_have_css("font-size", "22px")
    after = button.bounding_box()
    assert before is not None and after is not None
    assert abs(after["y"] - before["y"]) < before["height"]
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []


def test_the_size_counts_in_percent_of_the_browsers_own(pages: dict[str, str], open_with: Open) -> None:
    page = open_with(bypass_csp=True)
    page.goto(pages["article"])
    choice(page).get_by_role("button", name="Klein").click()
    expect(page.locator("html")).to_have_css("font-size", "14.4px")
    client = page.context.new_cdp_session(page)
    client.send("Page.setFontSizes", {"fontSizes": {"standard": 20}})
    expect(page.locator("html")).to_have_css("font-size", "18px")


def test_where_nothing_may_be_kept_the_choice_holds_for_the_page(
    pages: dict[str, str], open_with: Open
) -> None:
    page = open_with()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    page.goto(pages["article"])
    choice(page).get_by_role("button", name="Groß", exact=True).click()
    expect(page.locator("html")).to_have_css("font-size", "19px")
    expect(choice(page).get_by_role("button", pressed=True)).to_have_accessible_name("Groß")
    page.goto(pages["front"])
    expect(page.locator("html")).to_have_css("font-size", "16px")


def test_what_somebody_else_left_there_does_no_harm(pages: dict[str, str], open_with: Open) -> None:
    page = open_with()
    page.add_init_script("localStorage.setItem('renewz:schrift', '\"><b>gross')")
    page.goto(pages["article"])
    expect(page.locator("html")).to_have_css("font-size", "16px")
    choice(page).get_by_role("button", name="Sehr groß").click()
    expect(page.locator("html")).to_have_css("font-size", "22px")


def test_without_script_no_size_is_offered(pages: dict[str, str], open_with: Open) -> None:
    page = open_with(java_script_enabled=False)
    page.goto(pages["article"])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(choice(page)).to_be_hidden()


# --- What the browser keeps, and how pages follow each other -------------------------------------


def test_a_first_visit_leaves_nothing_behind(pages: dict[str, str], open_with: Open) -> None:
    page = open_with()
    for kind in KINDS:
        page.goto(pages[kind], wait_until="load")
    page.get_by_role("button", name="Menü").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(
        """async () => [
          { ...localStorage }, { ...sessionStorage }, document.cookie,
          (await indexedDB.databases()).length, (await caches.keys()).length,
          (await navigator.serviceWorker.getRegistrations()).length,
        ]"""
    ) == [{}, {}, "", 0, 0, 0]
    assert page.context.cookies() == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_pages_fade_into_each_other_without_their_menu(
    pages: dict[str, str], open_with: Open, motion: str
) -> None:
    page = open_with(reduced_motion=motion)
    page.goto(pages["front"])
    page.get_by_role("button", name="Menü").click()
    # Asked last of all listeners, just before the browser takes its picture of the page.
    page.evaluate(
        """addEventListener("pageswap", (event) => {
          const found = [event.viewTransition !== null, document.getElementById("menu").open];
          sessionStorage.setItem("found", JSON.stringify(found));
        })"""
    )
    page.get_by_role("dialog").get_by_role("link", name="Wissen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wissen")
    assert page.evaluate("JSON.parse(sessionStorage.getItem('found'))") == [motion == "no-preference", False]
