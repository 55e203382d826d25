"""The demo's paper, once for all tests of this folder: its pages as readers get them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles.models import Edition
from importers.demo import load
from markets.models import Quote
from tests import stories


@dataclass(frozen=True)
class Rendered:
    """What a reader gets at an address."""

    status: int
    markup: str


def _pictures_without_files(newsroom: Any, rows: dict[str, Any], missing: dict[str, Any]) -> None:
    """Stand in for the drawing of two hundred files: no page here reads one."""
    for job in [*load._illustrations(rows), *load._portraits(newsroom)]:
        newsroom.pictures[job.key] = stories.image(caption="", alt="Flächen in zwei Farben")
    for key, author in newsroom.authors.items():
        author.portrait = newsroom.pictures.get(f"portrait/{key}")
        author.save()


def _addresses() -> dict[str, str]:
    live = list(Edition.objects.live(timezone.now()).newest_first().select_related("section", "lead_image"))
    front = live[0]
    gone = (
        Edition.objects.begun(timezone.now())
        .exclude(article__in=[edition.article_id for edition in live])
        .first()
    )
    same = [edition for edition in live if edition.section == front.section]
    author, tag = front.bylines.first(), front.tags.first()
    assert gone and author and tag
    return {
        "front": "/",
        "section": front.section.get_absolute_url(),
        "section, page 2": f"{front.section.get_absolute_url()}?vor={same[0].article_id}",
        "tag": tag.get_absolute_url(),
        "author": author.author.get_absolute_url(),
        "article": front.get_absolute_url(),
        "longest article": max(live, key=lambda edition: len(edition.body)).get_absolute_url(),
        "longest headline": max(live, key=lambda edition: len(edition.headline)).get_absolute_url(),
        "opinion": next(e for e in live if e.genre == "opinion").get_absolute_url(),
        "correction": next(e for e in live if e.kind == "correction").get_absolute_url(),
        "with AI": next(e for e in live if e.ai_use == "assisted").get_absolute_url(),
        "without picture": next(e for e in live if not e.lead_image).get_absolute_url(),
        "corrections": "/korrekturen/",
        "imprint": "/impressum/",
        "privacy": "/datenschutz/",
        "accessibility": "/barrierefreiheit/",
        "404": "/gibt-es-nicht/",
        "410": f"/artikel/{gone.article_id}/",
    }


@pytest.fixture(scope="session")
def paper(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Rendered]]:
    """Load the demo, read a page of every kind, and leave the database as it was."""
    pages = {}
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(load, "_draw_pictures", _pictures_without_files)
        load.load(lambda words: None)
        for symbol in ("BTC", "ETH", "LTC"):
            values = {"rate": 81234, "change": 1, "as_of": timezone.now(), "source": "Beispielkurse"}
            Quote.objects.create(symbol=symbol, **values)
        for kind, address in _addresses().items():
            answer = Client(raise_request_exception=True).get(address)
            pages[kind] = Rendered(answer.status_code, answer.content.decode())
        transaction.set_rollback(True)
    yield pages
