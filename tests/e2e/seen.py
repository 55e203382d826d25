"""What axe sees on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# The dark page is the light one in other colours: there only these rules can find anything more.
_OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def faults(page: Page, *, colours_only: bool = False, **options: Any) -> list[tuple[str, list[str]]]:
    """Return each broken rule with the places that break it.

    ``colours_only`` is for the second of two colour schemes at one width.
    """
    found = Axe().run(page, options=options | (_OF_COLOURS if colours_only else {})).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"]][:3]) for fault in found]


def is_dark(page: Page) -> bool:
    return page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
