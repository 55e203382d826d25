"""Breaking news above every page: accessible and inside the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Article
from tests import stories
from tests.e2e.paper import LONG

pytestmark = [pytest.mark.e2e, pytest.mark.once]


@pytest.fixture(scope="module")
def announced(paper: dict[str, str]) -> dict[str, str]:
    stories.breaking(LONG, article=Article.objects.get(headline=LONG))
    return paper


def test_breaking_news_have_no_fault_that_axe_can_see(announced: dict[str, str], reader: Page) -> None:
    faults = {}
    for kind in ("front", "section", "article", "imprint", "404"):
        reader.goto(announced[kind])
        expect(reader.get_by_role("region", name="Eilmeldung").get_by_role("button")).to_be_visible()
        if found := Axe().run(reader).response["violations"]:
            faults[kind] = [(f["id"], [node["html"][:120] for node in f["nodes"]][:3]) for f in found]
        sideways = reader.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, (kind, sideways)
    assert faults == {}
