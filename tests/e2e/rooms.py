"""What several journeys do in the newsroom's rooms."""

from playwright.sync_api import Locator, Page


def prose(page: Page) -> Locator:
    """Return the editor for the text, once it is there.

    Not by its label alone: until the editor has loaded, that names the field which it replaces.
    """
    return page.locator("[role=textbox][contenteditable=true]").and_(
        page.get_by_role("textbox", name="Text", exact=True)
    )
