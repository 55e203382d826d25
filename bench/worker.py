"""Calls the pages of one database; ``bench/scale.py`` asks, a line of JSON each way."""

import datetime as dt
import itertools
import json
import os
import re
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renewz.settings")

import django
from django.conf import settings

# The bytes of the pages are measured, not whether somebody has run collectstatic before.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()

from django.db import close_old_connections, connection, connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from articles.editing import content_of  # noqa: E402
from articles.forms import initial_of  # noqa: E402
from articles.models import Article, Edition, Section, Tag, TaggedEdition, Transition  # noqa: E402
from articles.paging import PAGE_SIZE  # noqa: E402
from articles.sitemaps import week_name  # noqa: E402
from authors.models import Author  # noqa: E402
from delivery import state  # noqa: E402
from importers import actor  # noqa: E402
from renewz.database import limit_web_process  # noqa: E402

for alias in connections:  # as a process that answers readers, see renewz/wsgi.py
    limit_web_process(connections.settings[alias])

DEEP_PAGE = 50
WEEK = dt.date(2026, 9, 21)  # a whole one, and near the newest article
# Of the corpus: an article, a section, and a word that one headline in fifteen has. The small
# database holds its first lines, so that pages show as much in both.
ARTICLE, SECTION, OFTEN = 7, "politik", "prüft"
FIRST_LINES = [f"corpus:{line}" for line in range(1, 1_001)]

_CHANGE = " Neu."

# Seconds of calls before the one that counts: a processor that was idle, or busy with another process,
# takes twice as long at first. A server that has readers is not at that point with each of them.
_WARMING = 0.1

Page = Callable[[], None]


class Pages:
    """All pages by name; a call returns when the answer is complete."""

    def __init__(self) -> None:
        host = settings.ALLOWED_HOSTS[0]
        self.reader, self.staff = Client(SERVER_NAME=host), Client(SERVER_NAME=host)
        self.actor: User = actor.named("")
        self.staff.force_login(self.actor)
        self.pages: dict[str, Page] = {}
        self.addresses: dict[str, str] = {}  # of what readers see
        self.deepest = ""
        self.articles = Article.objects.count()
        self._add_public()
        self._add_newsroom()

    def _add_public(self) -> None:
        now = timezone.now()
        loaded = Transition.objects.get(action="import", note=f"corpus:{ARTICLE}")
        shown = Edition.objects.live(now).select_related("section").get(article=loaded.article_id)
        newest = Edition.objects.live(now).newest_first()[0]
        author = Author.objects.filter(edition_bylines__edition=shown)[0]
        section = Section.objects.get(slug=SECTION)
        addresses = {
            "Startseite": "/",
            "Ressort": section.get_absolute_url(),
            "Thema": self._busiest_topic().get_absolute_url(),
            "Autorenseite": author.get_absolute_url(),
            "Artikel": shown.get_absolute_url(),
            "Neuester Artikel": newest.get_absolute_url(),
            "Korrekturen": reverse("corrections"),
            "Feed": reverse("feed"),
            "Verzeichnis der Sitemaps": reverse("sitemap-index"),
            "Sitemap einer Woche": reverse("sitemap-week", args=[week_name(WEEK)]),
            "Suche, häufiges Wort": f"{reverse('search')}?q={quote(OFTEN)}",
            "Suche, mehrere Wörter": f"{reverse('search')}?q={quote(shown.headline)}",
            "Nicht gefunden": "/politik/gibt-es-nicht-999999999/",
        }
        for name, address in addresses.items():
            self._add(name, self.reader, address)
        self._add_deep_pages(section.get_absolute_url())

    def _add_deep_pages(self, address: str) -> None:
        """Walk as readers do, from page to page: to the last of a small corpus and to page 50."""
        of_section = Transition.objects.filter(note__in=FIRST_LINES, edition__section__slug=SECTION)
        last_of_small = -(-of_section.count() // PAGE_SIZE)
        page, number = address, 1
        while number < DEEP_PAGE:
            html = self.reader.get(page).content.decode()
            older = re.search(r"\?vor=[0-9]+", html)
            if older is None:
                break
            page, number = address + older[0], number + 1
            if number == last_of_small:
                self.deepest = f"Ressort, Seite {number}"
                self._add(self.deepest, self.reader, page)
        if number == DEEP_PAGE:
            self._add(f"Ressort, Seite {DEEP_PAGE}", self.reader, page)

    @staticmethod
    def _busiest_topic() -> Tag:
        """Return the topic of most of the first articles: a full page in both databases."""
        first = Transition.objects.filter(note__in=FIRST_LINES).values("edition")
        rows = TaggedEdition.objects.filter(content_object__in=first).values("tag")
        return Tag.objects.get(pk=rows.annotate(n=Count("pk")).order_by("-n", "tag__slug")[0]["tag"])

    def _add_newsroom(self) -> None:
        base = reverse("admin:articles_article_changelist")
        section = Section.objects.get(slug=SECTION).pk
        loaded = Transition.objects.get(action="import", note=f"corpus:{ARTICLE}").article
        addresses = {
            "Übersicht der Redaktion": reverse("admin:index"),
            "Artikelliste": base,
            "Artikelliste, nur freigegebene": f"{base}?stand=approved",
            "Artikelliste, nur geplante": f"{base}?stand=waiting",
            "Artikelliste, nur online": f"{base}?stand=live",
            "Artikelliste, ein Ressort": f"{base}?section__id__exact={section}",
            "Suche der Redaktion, häufiges Wort": f"{base}?q={quote(OFTEN)}",
            "Suche der Redaktion, ein bestimmter Artikel": f"{base}?q={quote(loaded.headline)}",
            "Schreibseite": reverse("admin:articles_article_change", args=[loaded.pk]),
        }
        for name, address in addresses.items():
            self._add(name, self.staff, address)
        self.pages["Speichern"] = self._saver(loaded)

    def _saver(self, article: Article) -> Page:
        """Return a call that saves as a person does: the form of the writing page, sent and committed.

        Two texts take turns, so that there is something to save each time.
        """
        address = reverse("admin:articles_article_change", args=[article.pk])
        form, lead = typed(article), article.lead.removesuffix(_CHANGE)
        leads = itertools.cycle([lead, lead + _CHANGE] if article.lead != lead else [lead + _CHANGE, lead])
        versions = itertools.count(article.version)

        def save() -> None:
            sent = form | {"lead": next(leads), "version": next(versions)}
            response = self.staff.post(address, sent)
            if response.status_code != HTTPStatus.FOUND:
                raise RuntimeError(f"Speichern: {address} antwortet mit {response.status_code}.")

        return save

    def _add(self, name: str, client: Client, address: str) -> None:
        expected = 404 if name == "Nicht gefunden" else 200

        def call() -> None:
            response = client.get(address)
            if response.status_code != expected:
                raise RuntimeError(f"{name}: {address} antwortet mit {response.status_code}.")

        self.pages[name] = call
        if client is self.reader:
            self.addresses[name] = address


def typed(article: Article) -> dict[str, Any]:
    """Return what a browser sends of a manuscript that nobody has changed."""
    content = content_of(article)
    shown = initial_of(article, content)
    del shown["bylines"]
    return {name: "" if value is None else value for name, value in shown.items()} | {
        "section": content.section.pk if content.section else "",
        "bylines_author": [author.pk for author, _ in content.bylines],
        "bylines_role": [role for _, role in content.bylines],
    }


def answer(pages: Pages, question: dict[str, Any]) -> dict[str, Any]:
    """Call a page for a while; return the time of the last call, or with ``count`` its number of queries."""
    if question["page"] is None:
        return {
            "articles": pages.articles,
            "pages": list(pages.pages),
            "addresses": pages.addresses,
            "deepest": pages.deepest,
        }
    call = pages.pages[question["page"]]
    if question.get("count"):
        # Else it depends on the tenth of the second whether the question for the state is among them.
        state._asked = None
        with CaptureQueriesContext(connection) as captured:
            call()
        return {"queries": len(captured)}
    end = time.perf_counter() + _WARMING
    is_warm = False
    while not is_warm:
        begin, cpu = time.perf_counter(), time.process_time()
        is_warm = begin >= end
        call()
        close_old_connections()  # as at the end of every request
    return {"ms": (time.perf_counter() - begin) * 1000, "cpu": (time.process_time() - cpu) * 1000}


def main() -> None:
    """Answer until there are no more questions."""
    pages = Pages()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(pages, json.loads(line))) + "\n")
        sys.stdout.flush()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
