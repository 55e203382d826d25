"""The style page in a real browser: nothing on it is out of reach, at any width, in both schemes."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.seen import faults

pytestmark = [pytest.mark.e2e, pytest.mark.once]

# A page of specimens has the same landmark often, with the name that it has on pages of readers.
RULES = {"landmark-unique": {"enabled": False}}


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
)
def test_it_has_no_fault_that_axe_can_see(
    transactional_db: None, browser: Browser, live_server: Any, width: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.route("**/media/**", lambda route: route.abort())  # no need to draw: places have their size
    page.goto(f"{live_server.url}/stil/")
    assert faults(page, colours_only=scheme == "dark", rules=RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    context.close()
