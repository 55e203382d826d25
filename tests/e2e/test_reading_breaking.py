"""Breaking news above every page: accessible and inside the screen."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from tests import stories
from tests.e2e.paper import LONG
from tests.e2e.seen import faults, is_dark

pytestmark = [pytest.mark.e2e, pytest.mark.once]

KINDS = ("front", "section", "article", "imprint", "404")


@pytest.fixture(scope="module")
def announced(paper: dict[str, str]) -> dict[str, str]:
    stories.breaking(LONG, article=Article.objects.get(headline=LONG))
    return paper


def test_breaking_news_have_no_fault_that_axe_can_see(announced: dict[str, str], reader: Page) -> None:
    found = {}
    for kind in KINDS:
        reader.goto(announced[kind])
        expect(reader.get_by_role("region", name="Eilmeldung").get_by_role("button")).to_be_visible()
        found[kind] = faults(reader, colours_only=is_dark(reader))
        sideways = reader.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, (kind, sideways)
    assert found == {kind: [] for kind in KINDS}
