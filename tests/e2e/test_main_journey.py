"""The main job: an author writes, an editor reviews and schedules, readers read in its second."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from articles.models import Article
from articles.sitemaps import week_name
from images.models import Image
from renewz.lib.dates import BERLIN
from tests import stories
from tests.e2e.rooms import prose

pytestmark = pytest.mark.e2e

MARK = "Quastenflosserkommission"
HEADLINE = f"{MARK} rügt die Wärmeplanung der Länder"


def _write(page: Page) -> None:
    """Type an article as a person would: headline, lead, text with everything in it."""
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Überschrift", exact=True).press_sequentially(HEADLINE)
    page.keyboard.press("Enter")
    page.keyboard.type(
        f"Die {MARK} legt ihren Bericht vor und nennt drei Gründe, warum die Pläne nicht reichen."
    )
    text = prose(page)
    text.click()
    page.keyboard.type('Der Bericht hat 5 Kapitel. "Das ist zu wenig", sagte die Vorsitzende.')
    page.keyboard.press("Enter")
    _tool(page, "Zwischentitel")
    page.keyboard.type("Drei Gründe")
    page.keyboard.press("Enter")
    _tool(page, "1. Liste")
    for item in ("Zu spät begonnen", "Zu wenig Geld", "Zu viele Ämter"):
        page.keyboard.type(item)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    _tool(page, "Lesen Sie auch")
    chooser = page.get_by_role("dialog")
    chooser.get_by_label("Suchen").fill("Kursziel")
    chooser.get_by_role("button", name=stories.HEADLINE).click()
    expect(page.locator(".block-relatedBlock")).to_contain_text(stories.HEADLINE)


def _tool(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def _complete(page: Page) -> None:
    """Fill in what stands beside the sheet."""
    page.get_by_label("Ressort").select_option("Politik")
    page.get_by_label("Was hat KI beigetragen?").select_option("Keine KI")
    page.get_by_label("Themen").fill("Wärmewende")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bild wählen oder hochladen …").click()
    page.get_by_role("dialog").get_by_role("button", name="Grünes Feld").click()


def _act(page: Page, name: str, confirm: str | None = None) -> None:
    page.locator(".write-actions").get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/aktion/**")
    page.locator(f'button:has-text("{confirm or name}")').click()
    page.wait_for_url("**/change/")


def _public(address: str, article: Article) -> dict[str, httpx.Response]:
    paths = {
        "front": "/",
        "section": "/politik/",
        "author": "/autoren/anna-weber/",
        "tag": "/thema/waermewende/",
        "feed": "/feed.xml",
        "sitemap": f"/sitemap-{week_name(timezone.localdate())}.xml",
        "permalink": f"/artikel/{article.pk}/",
    }
    return {name: httpx.get(address + path, follow_redirects=True) for name, path in paths.items()}


def test_from_the_first_word_to_the_second_in_which_readers_see_it(
    newsroom: dict[str, User], picture: Image, live_server: Any, sign_in: Callable[[str], Page]
) -> None:
    stories.published(
        section=stories.section("Wirtschaft"), at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)
    )

    # Anna writes, and sees what is missing before she hands in.
    anna = sign_in("weber")
    _write(anna)
    anna.get_by_role("button", name="Speichern").click()
    expect(anna.get_by_text("Gespeichert als Version 1.")).to_be_visible()
    expect(anna.locator(".hard li")).to_have_text(
        ["Das Ressort fehlt.", "Die Frage nach dem Beitrag von KI ist nicht beantwortet."]
    )
    _complete(anna)
    _act(anna, "Zur Prüfung geben")
    article = Article.objects.get(headline=HEADLINE)
    assert article.body == (
        "<p>Der Bericht hat 5 Kapitel. „Das ist zu wenig“, sagte die Vorsitzende.</p>"
        "<h2>Drei Gründe</h2>"
        "<ol><li>Zu spät begonnen</li><li>Zu wenig Geld</li><li>Zu viele Ämter</li></ol>"
        f'<aside data-related="{article.body.split(chr(34))[1]}"></aside>'
    )

    # She cannot publish: no button, and no address.
    names = anna.locator(".write-actions button").all_inner_texts()
    assert names == ["Speichern", "Zurückholen"]
    assert anna.goto(f"/admin/articles/article/{article.pk}/aktion/publish/").status == 403

    # Bernd sends it back with a note; Anna finds it and mends the text.
    bernd = sign_in("kaiser")
    bernd.goto(f"/admin/articles/article/{article.pk}/change/")
    bernd.locator(".write-actions").get_by_role("button", name="Zurückgeben").click()
    bernd.wait_for_url("**/aktion/send_back/")
    bernd.get_by_label("Was noch fehlt").fill("Bitte die Vorsitzende mit Namen nennen.")
    bernd.locator("button:has-text('Zurückgeben')").click()
    bernd.wait_for_url("**/change/")
    anna.goto("/admin/")
    expect(anna.get_by_text("Bitte die Vorsitzende mit Namen nennen.")).to_be_visible()
    anna.get_by_role("link", name=HEADLINE).first.click()
    prose(anna).get_by_text("Das ist zu wenig").click()
    anna.keyboard.press("End")
    anna.keyboard.type(" Sie heißt Ilse Kranich.")
    _act(anna, "Zur Prüfung geben")

    # Bernd approves and schedules.
    bernd.goto(f"/admin/articles/article/{article.pk}/change/")
    _act(bernd, "Freigeben")
    bernd.locator(".write-actions").get_by_role("button", name="Planen …").click()
    bernd.wait_for_url("**/aktion/schedule/")
    begin = (dt.datetime.now(BERLIN) + dt.timedelta(hours=2)).replace(second=0, microsecond=0)
    bernd.get_by_role("group", name="Online ab").get_by_label("Datum").fill(f"{begin:%Y-%m-%d}")
    bernd.get_by_role("group", name="Online ab").get_by_label("Uhrzeit").fill(f"{begin:%H:%M}")
    button = bernd.locator("[data-confirm]")
    expect(button).to_contain_text(f"{begin.year}, {begin:%H:%M} Uhr")
    button.click()
    bernd.wait_for_url("**/change/")
    expect(bernd.get_by_text("Geplant für")).to_be_visible()

    # Until its second there is no trace; from it on everything shows it. Nothing runs in between.
    with time_machine.travel(begin - dt.timedelta(seconds=1), tick=False):
        answers = _public(live_server.url, article)
        assert {name for name, answer in answers.items() if MARK in answer.text} == set()
        assert answers["permalink"].status_code == answers["tag"].status_code == 404
    with time_machine.travel(begin, tick=False):
        answers = _public(live_server.url, article)
        assert {name for name, answer in answers.items() if MARK.lower() in answer.text.lower()} == set(
            answers
        )
        assert (
            answers["permalink"].url.path
            == f"/politik/quastenflosserkommission-ruegt-die-waermeplanung-der-laender-{article.pk}/"
        )
        page = answers["permalink"].text
        assert "Ilse Kranich" in page
        assert stories.HEADLINE in page
        assert [answer.headers.get("set-cookie") for answer in answers.values()] == [None] * len(answers)


def test_a_live_article_is_revised_quietly_and_flips_in_its_second(
    newsroom: dict[str, User], live_server: Any, sign_in: Callable[[str], Page]
) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)
    article = stories.published(at=past)
    address = f"{live_server.url}/artikel/{article.pk}/"

    bernd = sign_in("kaiser")
    bernd.goto(f"/admin/articles/article/{article.pk}/change/")
    bernd.get_by_label("Überschrift", exact=True).fill("Deutsche Bank senkt das Kursziel deutlich")
    bernd.get_by_role("button", name="Speichern").click()
    expect(bernd.get_by_text("In Überarbeitung")).to_be_visible()
    assert stories.HEADLINE in httpx.get(address, follow_redirects=True).text

    _act(bernd, "Zur Prüfung geben")
    expect(bernd.get_by_text("Freigeben muss ihn jemand anderes")).to_be_visible()
    clara = sign_in("vogt")
    clara.goto(f"/admin/articles/article/{article.pk}/change/")
    _act(clara, "Freigeben")
    clara.locator(".write-actions").get_by_role("button", name="Planen …").click()
    clara.wait_for_url("**/aktion/schedule/")
    begin = (dt.datetime.now(BERLIN) + dt.timedelta(hours=1)).replace(second=0, microsecond=0)
    clara.get_by_role("group", name="Online ab").get_by_label("Datum").fill(f"{begin:%Y-%m-%d}")
    clara.get_by_role("group", name="Online ab").get_by_label("Uhrzeit").fill(f"{begin:%H:%M}")
    clara.locator("[data-confirm]").click()
    clara.wait_for_url("**/change/")

    with time_machine.travel(begin - dt.timedelta(seconds=1), tick=False):
        before = httpx.get(address, follow_redirects=True)
        assert "senkt das Kursziel" not in before.text
        assert stories.HEADLINE in before.text
    with time_machine.travel(begin, tick=False):
        after = httpx.get(address, follow_redirects=True)
        assert "Deutsche Bank senkt das Kursziel deutlich" in after.text
        assert "Aktualisiert" in after.text
        assert after.url.path.startswith("/wirtschaft/deutsche-bank-senkt-das-kursziel-deutlich-")
