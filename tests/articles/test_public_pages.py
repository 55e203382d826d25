"""What every public page promises to readers, to caches and to browsers."""

import errno
import re

import pytest
import time_machine
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


KEPT = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400"


@pytest.fixture
def noon():
    """Not the last second of a day, in which nobody may keep a page for a second."""
    with time_machine.travel(stories.NOON, tick=False):
        yield


@pytest.fixture
def addresses(db) -> dict[str, str]:
    """One address of each kind of page, with something to see on it."""
    article = stories.published(
        at=timezone.now() - DAY,
        lead_image=stories.image(),
        body="<p>Text.</p><h2>Mehr</h2><blockquote><p>Nein.</p><footer>Wer</footer></blockquote>",
    )
    other = stories.published()
    article = stories.revised(
        article, at=timezone.now() - HOUR, kind="correction", reader_note="Es waren drei Prozent.",
        body=f'<p>Text.</p><aside data-related="{other.pk}"></aside>',
    )  # fmt: skip
    return {
        "front": "/",
        "section": "/wirtschaft/",
        "tag": "/thema/banken/",
        "author": "/autoren/anna-weber/",
        "article": address_of(article),
        "corrections": "/korrekturen/",
        "search": "/suche/?q=Kursziel",
        "imprint": "/impressum/",
        "privacy": "/datenschutz/",
        "accessibility": "/barrierefreiheit/",
    }


def address_of(article) -> str:
    return stories.live_edition(article, timezone.now()).get_absolute_url()


MACHINES = ["/feed.xml", "/sitemap.xml", "/robots.txt"]


# --- Every page --------------------------------------------------------------------------------


def test_a_page_is_there_in_german_with_one_main_heading(client, addresses, subtests):
    for kind, address in addresses.items():
        with subtests.test(kind):
            response = client.get(address)
            markup = response.content.decode()

            assert response.status_code == 200
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            assert markup.startswith('<!doctype html>\n<html lang="de">')
            assert len(re.findall(r"<h1[ >]", markup)) == 1
            assert re.search(r"<title>[^<]+</title>", markup)


def test_a_page_is_for_everybody_and_asked_for_anew(noon, addresses, subtests):
    """Even for somebody who is signed in; but what she gets is for no cache."""
    for kind, address in addresses.items():
        with subtests.test(kind):
            signed_in = Client()
            signed_in.force_login(stories.chief())

            kept = "public, max-age=0, must-revalidate" if kind == "search" else KEPT

            for client, keeping in ((Client(), kept), (signed_in, "private, no-cache")):
                response = client.get(address)
                assert "Set-Cookie" not in response.headers
                assert not response.cookies
                assert response.headers["Vary"] == "Accept-Encoding"
                assert response.headers["Cache-Control"] == keeping
            assert Client().get(address).content == signed_in.get(address).content


def test_a_page_carries_the_strict_policy_and_no_token(client, addresses, subtests):
    for kind, address in addresses.items():
        with subtests.test(kind):
            response = client.get(address)

            assert response.headers["Content-Security-Policy"] == POLICY
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Frame-Options"] == "DENY"
            assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
            assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert "camera=()" in response.headers["Permissions-Policy"]
            assert "csrf" not in response.content.decode()


def test_a_page_holds_nothing_that_the_policy_would_block(client, addresses, subtests):
    for kind, address in addresses.items():
        with subtests.test(kind):
            markup = client.get(address).content.decode()

            scripts = re.findall(
                r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/ld\+json\")[^>]*>", markup
            )
            assert scripts == []
            assert re.findall(r"<style|\sstyle=|\son[a-z]+=", markup) == []
            own = re.findall(r"<(?:script|link|img|source)[^>]+(?:src|href)=\"(https?:)?//", markup)
            canonical = re.findall(r"<link[^>]+rel=\"canonical\"", markup)
            assert len(own) <= len(canonical)


def test_the_head_of_a_page_is_that_of_the_page(client, addresses, subtests):
    for kind, address in addresses.items():
        with subtests.test(kind):
            got, head = client.get(address), client.head(address)

            assert head.status_code == 200
            assert head.content == b""
            assert {name: value for name, value in head.headers.items() if name != "Content-Length"} == {
                name: value for name, value in got.headers.items() if name != "Content-Length"
            }


def test_a_page_is_only_read(client, addresses, subtests):
    for kind, address in addresses.items():
        for method in ("post", "put", "patch", "delete"):
            with subtests.test(kind, method=method):
                assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-2026-w19.xml", "/robots.txt", "/artikel/1/"])
def test_what_machines_read_is_only_read(client, db, address, method):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/feed.xml", "/healthz"])
def test_feed_and_health_are_only_read(client, db, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", MACHINES)
def test_what_machines_read_sets_no_cookie(client, addresses, address):
    response = client.get(address)

    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "cookie" not in response.headers.get("Vary", "").lower()


def test_robots_are_shown_the_sitemap_and_kept_out_of_the_newsroom(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines == ["User-agent: *", "Disallow: /admin/", "", "Sitemap: http://127.0.0.1:8000/sitemap.xml"]


# --- Addresses of articles ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    ["/politik/{slug}-{pk}/", "/wirtschaft/alter-titel-{pk}/", "/gibt-es-nicht/x-{pk}/", "/artikel/{pk}/"],
)
def test_every_address_that_names_an_article_leads_to_its_own_in_one_step(client, wrong):
    article = stories.published()
    stories.section("Politik")
    right = address_of(article)

    response = client.get(wrong.format(slug="deutsche-bank-bleibt-bei-hohem-kursziel", pk=article.pk))

    assert (response.status_code, response.headers["Location"]) == (301, right)
    assert client.get(right).status_code == 200


def test_a_new_headline_brings_a_new_address_and_the_old_one_leads_there(client):
    article = stories.published(at=timezone.now() - DAY)
    old = address_of(article)
    stories.revised(article, at=timezone.now() - HOUR, headline="Wie es jetzt heißt")

    response = client.get(old)

    assert (response.status_code, response.headers["Location"]) == (
        301,
        f"/wirtschaft/wie-es-jetzt-heisst-{article.pk}/",
    )


@pytest.mark.parametrize("zeros", ["0", "00", "0" * 60])
def test_a_number_has_one_spelling(client, zeros):
    """Else each page would have addresses without end, and each would be kept."""
    right = address_of(stories.published())
    number = right.rstrip("/").rpartition("-")[2]

    assert client.get(right.replace(f"-{number}/", f"-{zeros}{number}/")).status_code == 404
    assert client.get(f"/artikel/{zeros}{number}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "987654", str(2**62), str(2**63), "9" * 60])
def test_a_number_that_is_nobodys_is_not_found(client, db, number):
    assert client.get(f"/artikel/{number}/").status_code == 404
    assert client.get(f"/wirtschaft/x-{number}/").status_code == 404


def test_a_withdrawn_article_says_why_and_nothing_else(noon, client):
    article = stories.published(
        at=timezone.now() - DAY, headline="Unhaltbare Behauptung über alle", tags=["Skandal"]
    )
    address = address_of(article)
    stories.withdrawn(article, reason="Die Quelle hielt der Prüfung nicht stand.")

    for wanted in (address, f"/artikel/{article.pk}/", f"/wirtschaft/x-{article.pk}/"):
        response = client.get(wanted)
        markup = response.content.decode()
        assert response.status_code == 410
        assert "Die Quelle hielt der Prüfung nicht stand." in markup
        assert "Unhaltbare" not in markup
        assert stories.LEAD not in markup
        assert 'content="noindex"' in markup
        assert response.headers["Cache-Control"] == KEPT
        assert "ETag" not in response.headers  # 410 is the answer, whatever the reader has


# --- The article page --------------------------------------------------------------------------


def test_an_article_shows_headline_lead_byline_dates_and_text(client):
    article = stories.published(at=timezone.now() - DAY, kicker="Geldpolitik", tags=["Banken", "Öl"])
    markup = client.get(address_of(article)).content.decode()

    for words in (
        "Geldpolitik",
        stories.HEADLINE,
        stories.LEAD,
        "Anna Weber",
        "um drei Prozent zu",
        "Banken",
        "Öl",
    ):
        assert words in markup
    assert '<a href="/autoren/anna-weber/"' in markup
    assert "Aktualisiert" not in markup


def test_an_update_is_told_and_a_typing_error_is_not(client):
    article = stories.revised(
        stories.published(at=timezone.now() - DAY), at=timezone.now() - HOUR, kind="typo"
    )
    assert "Aktualisiert" not in client.get(address_of(article)).content.decode()

    article = stories.revised(
        article, at=timezone.now() - HOUR / 2, kind="update", reader_note="Mit neuen Zahlen."
    )
    markup = client.get(address_of(article)).content.decode()
    assert "Aktualisiert" in markup
    assert "Mit neuen Zahlen." in markup


def test_a_correction_stands_with_the_article_and_in_the_list_of_corrections(client, addresses):
    assert "Es waren drei Prozent." in client.get(addresses["article"]).content.decode()
    assert "Es waren drei Prozent." in client.get("/korrekturen/").content.decode()


HOSTILE = '<script>alert(1)</script>"onmouseover=alert(2) x="'


def test_markup_in_any_field_is_shown_as_text(client):
    picture = stories.image(alt=HOSTILE, credit=HOSTILE, caption=HOSTILE)
    article = stories.published(
        at=timezone.now() - DAY,
        kicker=HOSTILE[:60],
        headline=HOSTILE,
        lead=HOSTILE,
        lead_caption=HOSTILE,
        seo_title=HOSTILE,
        seo_description=HOSTILE,
        tags=[HOSTILE],
        lead_image=picture,
        bylines=[(stories.author(HOSTILE, role_title=HOSTILE, biography=HOSTILE), "text")],
        body=f'<p>{HOSTILE}</p><aside data-embed="https://x.example/&quot;onmouseover=alert(2)"></aside>'
        f'<figure data-image="{picture.pk}" data-caption="&lt;script&gt;alert(1)&lt;/script&gt;"></figure>',
    )
    article = stories.revised(article, at=timezone.now() - HOUR, kind="correction", reader_note=HOSTILE)
    tag, author = article.tags.get(), article.bylines.get().author

    for address in (
        "/",
        "/wirtschaft/",
        tag.get_absolute_url(),
        author.get_absolute_url(),
        "/korrekturen/",
        address_of(article),
    ):
        markup = client.get(address).content.decode()
        assert "<script>alert" not in markup, address
        assert re.findall(r"<[^>]*\sonmouseover=", re.sub(r'"[^"]*"', '""', markup)) == [], address


# --- Lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["section", "tag", "author"])
def test_a_list_shows_an_article_once(client, kind):
    article = stories.published(tags=["Banken", "Zinsen", "Öl"], bylines=[
        (stories.author(), "text"), (stories.author("Max Moll"), "photo"),
    ])  # fmt: skip
    address = {"section": "/wirtschaft/", "tag": "/thema/banken/", "author": "/autoren/anna-weber/"}[kind]

    markup = client.get(address).content.decode()

    assert len(re.findall(rf'<h[23][^>]*>\s*<a[^>]+href="{re.escape(address_of(article))}"', markup)) == 1


def test_the_pages_of_a_section_follow_each_other(client):
    rows = stories.bulk(45, newest=timezone.now() - HOUR)

    seen, address = [], "/wirtschaft/"
    for _ in range(3):
        markup = client.get(address).content.decode()
        found = re.findall(r'href="/wirtschaft/meldung-\d+-(\d+)/"', markup)
        seen.append(list(dict.fromkeys(int(pk) for pk in found)))
        following = re.search(r'href="(?:/wirtschaft/)?(\?vor=\d+)"', markup)
        address = f"/wirtschaft/{following[1]}" if following else ""
    assert [len(pks) for pks in seen] == [20, 20, 5]
    assert [pk for pks in seen for pk in pks] == [row.article_id for row in rows]
    assert address == ""


def test_a_section_without_articles_is_a_page_and_an_unknown_one_is_none(client):
    stories.section("Kultur")

    assert client.get("/kultur/").status_code == 200
    assert client.get("/unbekannt/").status_code == 404


def test_the_host_is_checked(client, db):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (OperationalError("weg"), 503),
        (InterfaceError("weg"), 503),
        (OSError(errno.ENOSPC, "voll"), 503),
        (OSError(errno.EROFS, "nur lesbar"), 503),
        (OSError(errno.ENOENT, "keine Datei"), 500),
        (ProgrammingError("unser Fehler"), 500),
    ],
)
def test_what_will_pass_says_when_to_come_back(client, monkeypatch, fault, status):
    def fail(*args, **kwargs):
        raise fault

    client.raise_request_exception = False
    monkeypatch.setattr("search.views.find", fail)
    answer = client.get("/suche/?q=x")

    assert (answer.status_code, answer.headers.get("Retry-After")) == (
        status,
        "10" if status == 503 else None,
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_has_an_address_has_the_one_that_the_map_of_the_site_gives_it():
    edition = stories.live_edition(stories.published(at=timezone.now() - HOUR), timezone.now())
    tag, section, author = edition.tags.first(), edition.section, edition.bylines.first().author

    article = reverse("article", args=[section.slug, edition.slug, edition.article_id])
    assert edition.get_absolute_url() == article
    assert tag.get_absolute_url() == reverse("tag", args=[tag.slug])
    assert section.get_absolute_url() == reverse("section", args=[section.slug])
    assert author.get_absolute_url() == reverse("author", args=[author.slug])
