"""What is not live answers like what never was, and leaves no trace anywhere; from its second it does."""

import re

import pytest
import time_machine
from django.test import Client

from articles import publishing
from articles.models import Edition
from tests import stories
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = pytest.mark.django_db

MARK = "Xyzzy"
BEGIN, END = NOON + DAY, NOON + 2 * DAY
TEXT = {
    "kicker": f"{MARK} Dachzeile",
    "headline": f"{MARK} ist die Überschrift dieses Textes",
    "lead": f"Im Vorspann steht {MARK}, damit wir es wiederfinden.",
    "body": f"<p>Im Text steht {MARK}.</p>",
    "lead_caption": f"{MARK} im Bild",
    "seo_title": f"{MARK} für Suchmaschinen",
    "seo_description": f"{MARK} in der Beschreibung",
    "tags": [f"{MARK} Thema"],
}


def hidden(standing: str):
    """Make an article with the mark in every field that is not live at NOON."""
    bylines = [(stories.author("Anna Weber"), "text"), (stories.author(f"{MARK} Mustermann"), "photo")]
    text = TEXT | {"bylines": bylines, "lead_image": stories.image(alt=MARK, credit=MARK, caption=MARK)}
    begun = NOON - DAY
    ways = {
        "draft": lambda: stories.article(at=begun, **text),
        "in review": lambda: stories.submitted(at=begun, **text),
        "approved": lambda: stories.approved(at=begun, **text),
        "planned": lambda: stories.scheduled(at=begun, live_from=BEGIN, live_until=END, **text),
        "plan cancelled": lambda: stories.act(
            stories.scheduled(at=begun, live_from=BEGIN, **text), "cancel", at=begun
        ),
        "run out": lambda: stories.scheduled(
            at=begun, live_from=begun + MINUTE, live_until=begun + HOUR, **text
        ),
        "in the trash": lambda: stories.act(stories.article(at=begun, **text), "trash", at=begun),
    }
    return ways[standing]()


NEVER_SEEN = ["draft", "in review", "approved", "planned", "plan cancelled", "in the trash"]
LISTS = [
    "/", "/wirtschaft/", "/autoren/anna-weber/", "/feed.xml", "/sitemap.xml", "/sitemap-2026-w19.xml",
    "/korrekturen/", "/thema/banken/",
]  # fmt: skip


def visible(article) -> str:
    """Write another article that would love to point at this one."""
    other = stories.published(
        at=NOON - HOUR, related=[article.pk], tags=["Banken"],
        body=f'<p>Lesen Sie <a href="/artikel/{article.pk}/">hier</a> mehr.</p>'
             f'<aside data-related="{article.pk}"></aside>',
    )  # fmt: skip
    return stories.live_edition(other, NOON).get_absolute_url()


def bodies(addresses, moment) -> dict[str, str]:
    """Return what readers get at a moment, without the number of the other article."""
    with time_machine.travel(moment, tick=False):
        answers = {address: Client().get(address) for address in addresses}
    return {address: f"{answer.status_code} {answer.content.decode()}" for address, answer in answers.items()}


@pytest.mark.parametrize("standing", [*NEVER_SEEN, "run out"])
def test_no_page_and_no_file_shows_a_trace(standing):
    article = hidden(standing)
    page = visible(article)

    for address, answer in bodies([*LISTS, page], NOON).items():
        assert answer.startswith("200 "), address
        assert MARK not in answer, address
        assert f"/artikel/{article.pk}/" not in answer, address
        assert not re.search(rf'/[a-z]+/[a-z0-9-]+-{article.pk}/[<"]', answer), address


@pytest.mark.parametrize("standing", [*NEVER_SEEN, "run out"])
def test_its_addresses_answer_like_those_of_an_article_that_never_was(standing):
    article = hidden(standing)
    never = article.pk + 4_321
    slug = "xyzzy-ist-die-ueberschrift-dieses-textes"
    addresses = ("/artikel/{}/", f"/wirtschaft/{slug}-{{}}/", "/politik/x-{}/")

    with time_machine.travel(NOON, tick=False):
        for address in addresses:
            there, nobodys = address.format(article.pk), address.format(never)
            here, nowhere = Client().get(there), Client().get(nobodys)
            assert here.status_code == nowhere.status_code == 404
            assert here.headers.items() - {("Content-Length", here.headers.get("Content-Length"))} == (
                nowhere.headers.items() - {("Content-Length", nowhere.headers.get("Content-Length"))}
            )
            assert here.content.decode().replace(there, "") == nowhere.content.decode().replace(nobodys, "")


@pytest.mark.parametrize("standing", NEVER_SEEN)
def test_its_topic_is_no_page_and_no_place_in_a_list(standing):
    article = hidden(standing)
    stories.published(at=NOON - HOUR)

    with time_machine.travel(NOON, tick=False):
        assert Client().get("/thema/xyzzy-thema/").status_code == 404
        assert Client().get(f"/wirtschaft/?vor={article.pk}").status_code == 404


def test_a_page_is_the_same_to_the_last_sign_before_the_plan_and_without_it():
    stories.published(at=NOON - HOUR)
    before = bodies(LISTS, BEGIN - SECOND)

    hidden("planned")

    assert bodies(LISTS, BEGIN - SECOND) == before


WHERE = [
    "/",
    "/wirtschaft/",
    "/autoren/anna-weber/",
    "/autoren/xyzzy-mustermann/",
    "/thema/xyzzy-thema/",
    "/feed.xml",
]


def test_from_its_second_on_it_is_everywhere_and_nothing_ran_in_between(monkeypatch):
    article = hidden("planned")
    page = visible(article)
    address = stories.editions_of(article)[0].get_absolute_url()
    steps, writes = article.steps, Edition.objects.count()
    monkeypatch.setattr(publishing, "perform", None)

    late = bodies([*WHERE, page], BEGIN - SECOND)
    assert [where for where, answer in late.items() if TEXT["headline"] in answer] == []
    assert bodies([address], BEGIN - SECOND)[address].startswith("404 ")

    on_time = bodies([*WHERE, page], BEGIN)
    assert [where for where, answer in on_time.items() if TEXT["headline"] not in answer] == []
    assert bodies([address], BEGIN)[address].startswith("200 ")
    assert address in bodies(["/sitemap-2026-w19.xml"], BEGIN)["/sitemap-2026-w19.xml"]

    over = bodies([*WHERE, page], END)
    assert [where for where, answer in over.items() if TEXT["headline"] in answer] == []
    assert bodies([address], END)[address].startswith("404 ")
    assert (stories.fresh(article).steps, Edition.objects.count()) == (steps, writes)


def test_a_quiet_revision_flips_in_its_second():
    article = stories.published(at=NOON - DAY, headline="Was zuerst zu lesen war")
    article = stories.approved(
        stories.saved(article, at=NOON, headline=f"{MARK} ist jetzt zu lesen"), at=NOON
    )
    stories.act(article, "schedule", stories.chief(), at=NOON, live_from=BEGIN)
    old = stories.live_edition(article, NOON).get_absolute_url()

    assert MARK not in "".join(bodies(["/", "/wirtschaft/", old, "/feed.xml"], BEGIN - SECOND).values())
    for address, answer in bodies(["/", "/wirtschaft/", "/feed.xml"], BEGIN).items():
        assert MARK in answer, address
        assert "Was zuerst zu lesen war" not in answer, address
    assert bodies([old], BEGIN)[old].startswith("301 ")


def test_a_withdrawn_article_leaves_every_list():
    article = stories.published(at=NOON - DAY, **TEXT)
    page = visible(article)
    stories.withdrawn(article, at=NOON)

    for address, answer in bodies([*LISTS, page], NOON).items():
        assert MARK not in answer, address


def test_the_correction_of_a_withdrawn_article_leaves_the_list_of_corrections():
    article = stories.published(at=NOON - DAY)
    article = stories.revised(article, at=NOON - HOUR, kind="correction", reader_note=f"{MARK} war falsch.")
    assert MARK in bodies(["/korrekturen/"], NOON)["/korrekturen/"]

    stories.withdrawn(article, at=NOON)

    assert MARK not in bodies(["/korrekturen/"], NOON)["/korrekturen/"]


def test_a_planned_correction_is_not_announced():
    article = stories.published(at=NOON - DAY)
    article = stories.approved(stories.saved(article, at=NOON - HOUR, kicker="Korrigiert"), at=NOON - HOUR)
    stories.act(
        article,
        "schedule",
        stories.chief(),
        at=NOON - HOUR,
        live_from=BEGIN,
        kind="correction",
        reader_note=MARK,
    )
    pages = ["/korrekturen/", stories.live_edition(article, NOON).get_absolute_url()]

    assert MARK not in "".join(bodies(pages, NOON).values())
    assert all(MARK in answer for answer in bodies(pages, BEGIN).values())
