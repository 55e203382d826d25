"""A page that is fetched ahead: shown only after a question, and as it is by then."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests import stories
from tests.e2e.conftest import Open

pytestmark = [pytest.mark.e2e, pytest.mark.once]

AHEAD = "link[rel=prefetch]"
# Longer than anything that is done after a while.
A_MOMENT = "new Promise((after) => setTimeout(after, 300))"


def test_a_page_is_fetched_ahead_and_shown_only_after_a_question(
    paper: dict[str, str], open_with: Open
) -> None:
    """The click asks whether the page still holds, and only the answer travels (decision 0014)."""
    page = open_with()
    page.goto(paper["front"])
    link = page.locator(".front-lead a").first
    address = link.get_attribute("href")
    with page.expect_response(f"**{address}") as ahead:
        link.hover()
    assert ahead.value.request.headers["sec-purpose"] == "prefetch"
    ahead.value.finished()
    expect(page.locator(AHEAD)).to_have_count(1)
    link.hover()
    link.click()
    page.wait_for_url(f"**{address}")

    sent, size = page.evaluate(
        """performance.getEntriesByType("navigation")
        .flatMap(({ transferSize, encodedBodySize }) => [transferSize, encodedBodySize])"""
    )
    assert 0 < sent < 1000 < size


def test_what_has_changed_meanwhile_is_shown_as_it_is_now(paper: dict[str, str], open_with: Open) -> None:
    page = open_with()
    page.goto(paper["front"])
    link = page.locator(".front-lead a").first
    article = Article.objects.get(pk=str(link.get_attribute("href")).rstrip("/").rpartition("-")[2])
    with page.expect_response(f"**{link.get_attribute('href')}") as ahead:
        link.hover()
    ahead.value.finished()
    stories.withdrawn(article)
    # The generation is read once in a tenth of a second.
    page.evaluate(A_MOMENT)
    link.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Dieser Artikel wurde zurückgezogen")


def test_nothing_is_fetched_ahead_for_whoever_saves_and_for_what_is_no_page(
    paper: dict[str, str], open_with: Open
) -> None:
    page = open_with()
    page.goto(paper["front"])
    for words in ("a[href='/suche/']", "a[href$='.xml']", "a[href='/impressum/']", "a[href='/impressum/']"):
        page.locator(words).first.dispatch_event("pointerdown")
        page.evaluate(A_MOMENT)
    expect(page.locator(AHEAD)).to_have_count(1)
    assert page.locator(AHEAD).get_attribute("href") == "/impressum/"

    frugal = open_with()
    frugal.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g' } })"
    )
    frugal.goto(paper["front"])
    frugal.locator("a[href='/impressum/']").first.dispatch_event("pointerdown")
    frugal.evaluate(A_MOMENT)
    assert frugal.locator(AHEAD).count() == 0
