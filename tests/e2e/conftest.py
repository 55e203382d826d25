"""A real Chromium against the live server; people who sign in with a password."""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from PIL import Image as Pillow
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts import roles
from accounts.models import User
from articles.models import Section
from authors.models import Author
from images import uploads
from images.models import Image, Licence
from tests import stories
from tests.browser import ARGUMENTS
from tests.e2e.paper import printed

# The server answers in threads of its own: SQLite in memory would be shared by all of them.
if connections["default"].vendor == "sqlite":
    _values = connections["default"].settings_dict
    _values["TEST"]["NAME"] = str(Path(tempfile.mkdtemp(prefix="renewz-e2e-")) / "e2e.sqlite3")
    # After a power cut nobody asks for it.
    _values["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

PASSWORD = "Montagmorgen-im-Newsroom"
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": os.environ["RENEWZ_CHROMIUM"], "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "de-DE", "timezone_id": "Europe/Berlin"}


def _staffed() -> dict[str, User]:
    roles.sync()
    for place, name in enumerate(["Politik", "Wirtschaft", "Wissen"]):
        Section.objects.create(name=name, slug=name.lower(), position=place)
    people = {"weber": stories.writer(), "kaiser": stories.editor(), "vogt": stories.chief()}
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    Author.objects.create(name="Anna Weber", user=people["weber"], role_title="Redakteurin")
    return people


def _uploaded() -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (1700, 956), "#1f4b43").save(out, "PNG")
    out.seek(0)
    about = {"alt": "Ein grünes Feld", "credit": "Emil Thannhäuser/RENEWZ", "licence": Licence.OWN}
    return uploads.store(out, title="Grünes Feld", **about)


@pytest.fixture
def newsroom(transactional_db: None) -> dict[str, User]:
    """Sections, a writer with a byline, an editor and a chief, all with a password."""
    return _staffed()


@pytest.fixture
def picture(newsroom: dict[str, User]) -> Image:
    """A picture with renditions, credit and alternative text."""
    return _uploaded()


@pytest.fixture(scope="module")
def paper(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """A small paper with one of everything; the addresses of its kinds of pages.

    The tests of a file share it and ask ``paper_server`` for it: who changes it does so in a file
    of her own, and in none of these does a test ask for a database too, which would be emptied.
    """
    with django_db_blocker.unblock():
        try:
            _staffed()
            yield printed(_uploaded())
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def paper_server(paper: dict[str, str]) -> Iterator[str]:
    """The address at which the paper is read: ``live_server`` empties the database after each test."""
    server = LiveServer("localhost")
    with server._live_server_modified_settings:
        yield server.url
    server.stop()


@pytest.fixture
def open_with(browser: Browser, paper_server: str) -> Iterator[Open]:
    """Return a function that gives a reader's page: width, height, and what else a context knows."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def start(width: int = 1280, height: int = 900, **settings: Any) -> Page:
        context = browser.new_context(
            base_url=paper_server,
            viewport={"width": width, "height": height},
            locale="de-DE",
            **settings,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield start
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(
    params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=lambda p: f"{p[0]}-{p[1]}"
)
def reader(request: Any, browser: Browser, paper_server: str) -> Iterator[Page]:
    """A reader's browser that fails the test when it asks anybody but us for anything."""
    width, scheme = request.param
    context = browser.new_context(
        base_url=paper_server,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="de-DE",
    )
    page = context.new_page()
    strangers: list[str] = []
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(paper_server) else strangers.append(asked.url),
    )
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    assert context.cookies() == []
    context.close()
    assert strangers == []
    assert complaints == []


@pytest.fixture
def sign_in(
    browser: Any, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens the newsroom as somebody, in a browser of her own.

    Whatever the console of one of these browsers complains about fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(username: str) -> Page:
        context = browser.new_context(**browser_context_args, base_url=live_server.url)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{message.text} {message.location}") if message.type == "error" else None
            ),
        )
        page.goto("/admin/")
        page.get_by_label("Benutzername").fill(username)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        # Not a pattern of the address: that of the sign-in ends in /admin/ too.
        page.locator(".desk").wait_for()
        return page

    yield enter
    for context in contexts:
        context.close()
    # A refusal is expected in some journeys; the browser reports its status as an error.
    refused = tuple(f"status of {status}" for status in (400, 403, 409))
    assert [text for text in complaints if not any(words in text for words in refused)] == []
