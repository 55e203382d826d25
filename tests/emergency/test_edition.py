"""The emergency edition: all that readers may see, nothing else, and never half of it."""

import datetime as dt
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.models import Edition, Section
from delivery import pages
from emergency import edition, links
from emergency.crawl import Crawl
from images import renditions
from tests import stories
from tests.stories import DAY, HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db

SECRET = "Geheimnis"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Give the site a disk of its own; return where the edition goes."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(NOON, tick=False):
        yield tmp_path / "notausgabe"


@pytest.fixture
def site() -> dict[str, Any]:
    """Fill the site: everything that is public, and everything that must not be."""
    picture = stories.image(alt="Bild im Text")
    for size in renditions.all_rendered(picture):
        for _, _, name in size.names():
            default_storage.save(name, ContentFile(name.encode()))
    default_storage.save("zz/unbenutzt-480.webp", ContentFile(SECRET.encode()))
    first = stories.published(at=NOON - DAY, lead_image=picture, headline="Alter Titel")
    stories.revised(
        first, at=NOON - HOUR, kind="correction", reader_note="Es waren drei.", headline="Neuer Titel"
    )
    stories.saved(first, headline=f"{SECRET} im Manuskript", at=NOON - MINUTE)
    gone = stories.published(at=NOON - DAY, headline=f"{SECRET} zurückgezogen")
    stories.withdrawn(gone, at=NOON - HOUR, reason="Die Quelle hielt nicht.")
    stories.scheduled(live_from=NOON + DAY, at=NOON - HOUR, headline=f"{SECRET} geplant")
    stories.scheduled(
        live_from=NOON - DAY, live_until=NOON - HOUR, at=NOON - 2 * DAY, headline=f"{SECRET} abgelaufen"
    )
    stories.article(at=NOON - HOUR, headline=f"{SECRET} im Entwurf", tags=[f"{SECRET}thema"])
    stories.approved(at=NOON - HOUR, headline=f"{SECRET} freigegeben")
    stories.breaking(f"{SECRET} als Eilmeldung", starts_at=NOON + HOUR, at=NOON - HOUR)
    stories.bulk(45, newest=NOON - 2 * DAY, sections=[stories.section("Kultur")])
    return {"first": first, "gone": gone}


def texts(folder: Path) -> dict[str, str]:
    """Return every text file of the edition, packed ones unpacked."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {".html", ".xml", ".txt", ".map", ".conf", ".json", ".gz"}:
            raw = path.read_bytes()
            name = str(path.relative_to(folder))
            found[name] = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return found


def pages_of(folder: Path) -> dict[str, str]:
    return {name: text for name, text in texts(folder).items() if name.endswith(".html")}


def test_what_is_not_public_is_not_in_it(site, folder):
    edition.make(folder)
    found = texts(folder)
    assert [name for name, text in found.items() if SECRET.lower() in text.lower()] == []
    assert [name for name in found if SECRET.lower() in name.lower()] == []
    assert not list(folder.rglob("*unbenutzt*"))
    assert not list(folder.rglob("*.bin"))
    assert {name for name, text in found.items() if "/admin" in text} == {
        "site/robots.txt",
        "site/robots.txt.gz",
    }
    assert "Neuer Titel" in found["site/index.html"]  # what is public is there


def without_notice(text: str) -> str:
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', "", text)
    return re.sub(r'<section class="emergency".*?</section>\n', "", text, flags=re.DOTALL)


def test_every_page_says_what_the_application_says_and_that_it_is_of_a_moment(site, folder):
    edition.make(folder)
    names = [name for name in pages_of(folder / "site") if "vor/" not in name and name != "suche/index.html"]
    assert len(names) > 50
    for name in names:
        text = (folder / "site" / name).read_text()
        address = f"/{name.removesuffix('index.html')}"
        said = links.with_paths(Client().get(address).content.decode(), address)
        assert without_notice(text) == said, name
        assert (
            re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text)).count("Notausgabe, Stand 4. Mai 2026, 12:00 Uhr")
            == 1
        )
        assert gzip.decompress((folder / "site" / f"{name}.gz").read_bytes()).decode() == text
    for name in ("feed.xml", "robots.txt", "sitemap.xml", "sitemap-2026-w19.xml"):
        assert (folder / "site" / name).read_bytes() == Client().get(f"/{name}").content


def test_every_link_leads_to_a_file(site, folder):
    edition.make(folder)
    written, missing = 0, []
    for name, text in pages_of(folder / "site").items():
        base = f"/{name.removesuffix('index.html')}"
        for address in {*links.pages_in(text, base), *links.files_in(text)}:
            written += 1
            if not (folder / "site" / links.file_for(address)).is_file():
                missing.append((name, address))
    assert (missing, written > 300) == ([], True)


def test_later_pages_of_a_list_have_addresses_without_a_query(site, folder):
    edition.make(folder)
    first = (folder / "site/kultur/index.html").read_text()
    (second,) = re.findall(r'href="(/kultur/vor/\d+/)" rel="next"', first)
    (third,) = re.findall(
        r'href="(/kultur/vor/\d+/)" rel="next"', (folder / f"site{second}index.html").read_text()
    )
    last = (folder / f"site{third}index.html").read_text()
    assert "Meldung 44" in last
    assert 'rel="next"' not in last
    assert not [name for name, text in pages_of(folder / "site").items() if 'href="?vor=' in text]


def test_the_search_says_that_there_is_none(site, folder):
    edition.make(folder)
    text = (folder / "site/suche/index.html").read_text()
    assert "In der Notausgabe lässt sich nicht suchen" in text
    assert text.count('role="search"') == 1  # in the menu


def test_styles_scripts_and_pictures_come_with_it(site, folder):
    edition.make(folder)
    names = {str(path.relative_to(folder / "site")) for path in (folder / "site").rglob("*")}
    assert {"static/css/site.css", "static/js/site.js", "static/fonts/renewz-serif-italic.woff2"} <= names
    assert not [name for name in names if "newsroom" in name or "/admin/" in name]
    assert len([name for name in names if name.startswith("media/") and name.endswith(".avif")]) > 3


def test_old_addresses_and_withdrawn_articles_are_named_for_nginx(site, folder):
    edition.make(folder)
    address = Edition.objects.live(NOON).get(article=site["first"].pk).get_absolute_url()
    assert f"{site['first'].pk} {address};\n" in (folder / "nginx/moved.map").read_text()
    assert (folder / "nginx/gone.map").read_text() == f"{site['gone'].pk} 1;\n"
    assert "Die Quelle hielt nicht." in (folder / f"withdrawn/{site['gone'].pk}.html").read_text()
    headers = (folder / "nginx/headers.conf").read_text()
    assert "add_header Content-Security-Policy \"default-src 'none';" in headers
    assert "frame-ancestors 'none'" in headers


def test_the_policy_stands_in_the_page_too(site, folder, settings):
    edition.make(folder)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"',
                           (folder / "site/index.html").read_text())  # fmt: skip
    assert "script-src &#x27;self&#x27;" in policy
    assert "frame-ancestors" not in policy


# --- Never half of it ----------------------------------------------------------------------------


def test_a_new_one_takes_the_place_of_the_old_one(site, folder):
    edition.make(folder)
    (folder / "site/alt.html").touch()
    made = edition.make(folder)
    assert not (folder / "site/alt.html").exists()
    assert made.at == NOON
    assert [path.name for path in folder.parent.glob("notausgabe*")] == ["notausgabe"]


def test_a_page_that_fails_leaves_the_old_one(site, folder, monkeypatch):
    edition.make(folder)
    before = texts(folder)
    monkeypatch.setattr("emergency.asking.Application.get", lambda self, address: HttpResponse(status=503))
    with pytest.raises(CommandError, match="antwortet mit 503"):
        call_command("emergency_edition", folder)
    assert texts(folder) == before


def test_a_folder_that_is_none_of_ours_is_left_alone(site, folder):
    folder.mkdir()
    (folder / "steuer.pdf").touch()
    with pytest.raises(CommandError, match="ist keine Notausgabe"):
        call_command("emergency_edition", folder)
    assert [path.name for path in folder.iterdir()] == ["steuer.pdf"]


def test_leavings_of_one_that_was_killed_are_cleared_away(site, folder):
    part = folder.with_name("notausgabe.part")
    (part / "site").mkdir(parents=True)
    (part / "site/halb.html").write_text(SECRET)
    edition.make(folder)
    assert not (folder / "site/halb.html").exists()
    assert not part.exists()


def test_what_is_withdrawn_meanwhile_is_not_in_it(site, folder, monkeypatch):
    finish, times = Crawl.finish, []

    def withdraw_first(crawl: Crawl) -> None:
        finish(crawl)
        if not times:
            stories.withdrawn(site["first"], at=timezone.now())
        times.append(1)

    monkeypatch.setattr(Crawl, "finish", withdraw_first)
    with time_machine.travel(NOON, tick=True):
        edition.make(folder)
    assert len(times) == 2
    assert [name for name, text in texts(folder / "site").items() if "Neuer Titel" in text] == []


def test_development_makes_none(site, folder, settings):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="In der Entwicklung"):
        call_command("emergency_edition", folder)
    assert not folder.exists()


@pytest.mark.usefixtures("kept_pages")
def test_readers_of_the_application_see_nothing_of_it(site, folder):
    before = Client().get("/").content
    edition.make(folder)
    assert pages.store.size == 0
    assert Client().get("/").content == before
    assert b"Notausgabe" in (folder / "site/index.html").read_bytes()


def test_an_empty_site_has_one_too(folder, db):
    assert edition.make(folder).pages == 9
    assert Section.objects.count() == 0


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/kultur/", "/kultur/"),
        ("?vor=7", "/wirtschaft/?vor=7"),
        ("/suche/?q=Haushalt&ressort=kultur", "/suche/"),
        ("http://127.0.0.1:8000/feed.xml#x", "/feed.xml"),
        ("#inhalt", "/wirtschaft/"),
        ("https://example.org/", ""),
        ("//example.org/", ""),
        ("mailto:a@example.org", ""),
        ("javascript:alert(1)", ""),
        ("/admin/login/", ""),
        ("/media/a.webp", ""),
    ],
)
def test_links_of_ours_are_told_from_others(link, address):
    assert links.page_address(link, "/wirtschaft/") == address


@pytest.mark.parametrize("address", ["/a/../../b", "/%2e%2e/b/", "//b/", "/a%00b/", "/a\\b/"])
def test_no_address_leads_out_of_the_folder(address):
    assert links.file_for(address) == ""


def test_addresses_become_files():
    assert links.file_for("/") == "index.html"
    assert links.file_for("/kultur/?vor=7") == "kultur/vor/7/index.html"
    assert links.file_for("/feed.xml") == "feed.xml"
    assert NOON.tzinfo == dt.UTC
