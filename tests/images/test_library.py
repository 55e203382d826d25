"""The library: found by parts of words, narrowed by filters, walked page by page, fast."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import roles
from images.admin.library import PAGE_SIZE
from images.models import Image, SourceType
from tests import stories
from tests.stories import DAY

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/images/image/"


@pytest.fixture
def bild(db):
    return entered(stories.user(roles.PICTURE_DESK))


def entered(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(LIBRARY + query)
    assert answer.status_code == 200
    return [card["image"].title for card in answer.context["cards"]]


@pytest.mark.parametrize(
    "words",
    ["kräne", "KRAENE", "Hafenkrän", "kräne emden", "thannh", "vogt", "emden"],
)
def test_a_picture_is_found_by_every_word_about_it(bild, words):
    stories.image(title="Hafenkräne", place="Emden", creator="Clara Vogt", credit="Emil Thannhäuser")
    stories.image(title="Börse", credit="Ida Moor")
    assert titles(bild, f"?q={words}") == ["Hafenkräne"]


@pytest.mark.parametrize("words", ["krane münchen", '" OR 1=1 --', "%", "_", "*", "xyz"])
def test_words_that_fit_nothing_find_nothing(bild, words):
    stories.image(title="Hafenkräne")
    assert titles(bild, f"?q={words}") == []


FILTERS = {
    "rechte=vollstaendig": ["gut", "KI", "bald", "verwendet"],
    "rechte=unvollstaendig": ["ohne Nachweis", "ohne Lizenz", "ohne Text"],
    "rechte=ohne-nachweis": ["ohne Nachweis"],
    "rechte=ohne-lizenz": ["ohne Lizenz"],
    "rechte=ohne-text": ["ohne Text"],
    "rechte=endet": ["bald"],
    "rechte=vorbei": ["vorbei"],
    "rechte=getauscht": ["getauscht"],
    "herkunft=ki": ["KI"],
    "nutzung=keine": ["ohne Nachweis", "ohne Lizenz", "ohne Text", "bald", "vorbei", "getauscht", "KI"],
    "von={writer}": ["KI"],
}


@pytest.mark.parametrize("query", FILTERS)
def test_every_filter_shows_what_it_says(bild, query):
    now = timezone.now()
    good = stories.image(title="gut")
    stories.image(title="ohne Nachweis", credit="")
    stories.image(title="ohne Lizenz", licence="")
    stories.image(title="ohne Text", alt="")
    stories.image(title="bald", licensed_until=now + 29 * DAY)
    stories.image(title="vorbei", licensed_until=now - DAY)
    stories.image(title="getauscht", swapped_at=now - DAY, replacement=good)
    stories.image(title="KI", source_type=SourceType.AI, uploaded_by=stories.writer())
    stories.article(lead_image=stories.image(title="verwendet"))
    found = titles(bild, "?" + query.format(writer=stories.writer().pk))
    assert sorted(found) == sorted(FILTERS[query])


@pytest.mark.parametrize(
    "query", ["?rechte=quatsch", "?von=x", "?vor=x", "?vor=" + "9" * 30, "?q=" + "x" * 300]
)
def test_a_question_that_makes_no_sense_shows_pictures(bild, query):
    stories.image(title="da")
    assert titles(bild, query) == ["da"]


def test_every_picture_is_on_exactly_one_page(bild):
    for number in range(2 * PAGE_SIZE + 3):
        stories.image(title=f"Nr. {number}")
    seen, query = [], ""
    while True:
        answer = bild.get(f"{LIBRARY}?{query}")
        seen += [card["image"].title for card in answer.context["cards"]]
        if not answer.context["older"]:
            break
        query = f"vor={answer.context['older']}"
    assert seen == [f"Nr. {number}" for number in reversed(range(2 * PAGE_SIZE + 3))]


@pytest.mark.parametrize(
    "query", ["", "?q=bild", "?rechte=unvollstaendig", "?nutzung=keine", "?rechte=endet"]
)
def test_the_grid_asks_as_often_for_thirty_as_for_one(bild, query):
    asked = []
    for number in (1, 30):
        for _ in range(number):
            stories.image(credit="", licensed_until=timezone.now() + DAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            titles(bild, query)
        asked.append(len(queries))
    assert asked == [7, 7]


def test_the_chooser_asks_once_for_pictures(bild):
    for _ in range(30):
        stories.image()
    with CaptureQueriesContext(connection) as queries:
        rows = json.loads(bild.get(f"{LIBRARY}finden/?q=bild").content)["results"]
    assert (len(rows), len(queries)) == (24, 4)


def test_the_chooser_may_be_asked_for_what_may_be_shown_only(bild):
    good = stories.image(title="gut")
    stories.image(credit="")
    stories.image(licensed_until=timezone.now() - DAY)
    rows = json.loads(bild.get(f"{LIBRARY}finden/?nur=publishable").content)["results"]
    assert [row["id"] for row in rows] == [good.pk]
    rows = json.loads(bild.get(f"{LIBRARY}finden/?ids={good.pk},x,{10**30}").content)["results"]
    assert [row["id"] for row in rows] == [good.pk]


def test_the_search_walks_an_index(bild):
    stories.image(title="Hafenkräne")
    with CaptureQueriesContext(connection) as queries:
        titles(bild, "?q=hafenkr%C3%A4ne")
    asked = [row["sql"] for row in queries if "images_image" in row["sql"]]
    assert len(asked) == 1
    assert asked[0].count("images_lookup MATCH") == (connection.vendor == "sqlite")
    assert "COUNT(" not in asked[0]


# --- What waits on the start page --------------------------------------------------------------


def test_who_cares_for_pictures_is_warned_of_ends_that_somebody_would_notice(bild):
    soon = timezone.now() + 20 * DAY
    image = stories.image(title="Endet", licensed_until=soon)
    stories.image(title="Endet, braucht niemand", licensed_until=soon)
    stories.published(
        stories.article(lead_image=stories.image(title="Endet später", licensed_until=soon + 20 * DAY))
    )
    article = stories.published(headline="Kräne von Emden stehen wieder", lead_image=image)

    page = bild.get("/admin/").content.decode()

    section = page[page.index("Bildrechte enden bald") :]
    assert f"/admin/images/image/{image.pk}/change/" in section
    assert "Kräne von Emden stehen wieder" in section
    assert stories.live_edition(article, timezone.now()).get_absolute_url() in section
    assert "braucht niemand" not in section
    assert "Endet später" not in section


def test_authors_are_told_only_of_gaps_in_their_own_pictures():
    stories.image(title="Fremdes", credit="")
    stories.image(title="Eigenes", credit="", uploaded_by=stories.writer())
    page = entered(stories.writer()).get("/admin/").content.decode()
    assert "Es fehlt: Bildnachweis" in page
    assert "Eigenes" in page
    assert "Fremdes" not in page


def test_the_warnings_cost_as_much_for_eight_as_for_one(bild):
    asked = []
    for number in (1, 7):
        for _ in range(number):
            image = stories.image(licensed_until=timezone.now() + dt.timedelta(days=5))
            stories.published(lead_image=image)
        with CaptureQueriesContext(connection) as queries:
            bild.get("/admin/")
        asked.append(len(queries))
    assert asked == [11, 11]


def test_the_folded_words_follow_every_save():
    image = stories.image(title="Öl")
    image.title = "Straße"
    image.save()
    assert Image.objects.get().lookup.startswith("strasse ")
