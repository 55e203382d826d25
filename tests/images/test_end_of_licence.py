"""From the second in which its licence ends a picture is on no page, without anything having run."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from images import renditions
from images.models import Image
from search import index
from tests import stories
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db

END = NOON + DAY


def paper(image: Image, portrait: Image) -> dict[str, str]:
    """Print a paper in which the picture stands wherever a picture can; return its addresses."""
    ida = stories.author("Ida Moor", portrait=portrait)
    about = {"bylines": [(ida, "text")], "tags": ["Banken"]}
    at = NOON - HOUR
    body = f'<p>Vor dem Bild.</p><figure data-image="{image.pk}"></figure><p>Danach.</p>'
    inside = stories.published(at=at - HOUR, headline="Mit einem Bild mitten im Text", body=body, **about)
    lead = stories.published(at=at, headline="Mit Aufmacherbild vor der Börse", lead_image=image, **about)
    list(index.add_missing())
    live = {one: stories.live_edition(one, NOON).get_absolute_url() for one in (lead, inside)}
    return {
        "front": "/",
        "section": "/wirtschaft/",
        "topic": "/thema/banken/",
        "author": "/autoren/ida-moor/",
        "search": "/suche/?q=Aufmacherbild",
        "article with a lead image": live[lead],
        "article with it in the text": live[inside],
        "feed": "/feed.xml",
    }


def shows(page: str, image: Image) -> bool:
    """Say whether a page names any file of a picture: in markup, share image or structured data."""
    return any(size.stem in page for size in renditions.all_rendered(image))


def page_at(address: str, moment: dt.datetime) -> str:
    with time_machine.travel(moment, tick=False):
        answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# Where the picture stands, and where only the portrait does.
OUTLETS = {
    "front": "picture",
    "section": "picture",
    "topic": "picture",
    "author": "portrait",
    "search": "picture",
    "article with a lead image": "picture",
    "article with it in the text": "picture",
}


@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize("way", ["licence", "swap"])
@pytest.mark.parametrize("stand_in", [False, True], ids=["nothing after it", "a stand-in"])
def test_a_picture_leaves_every_outlet_in_its_second(outlet, way, stand_in):
    other = stories.image(title="Ersatz", credit="Ersatzfrau/RENEWZ", alt="Ein Ersatz") if stand_in else None
    ending = {"licensed_until": END} if way == "licence" else {"swapped_at": END}
    image = stories.image(title="Endet", credit="Endlich/RENEWZ", replacement=other, **ending)
    portrait = stories.image(title="Kopf", credit="Kopf/RENEWZ", replacement=other, **ending)
    address = paper(image, portrait)[outlet]
    gone = image if OUTLETS[outlet] == "picture" else portrait

    before, after = page_at(address, END - SECOND), page_at(address, END)

    assert shows(before, gone)
    assert not shows(after, image)
    assert not shows(after, portrait)
    assert "Endlich/RENEWZ" not in after
    if other:
        assert not shows(before, other)
        assert shows(after, other)


@pytest.mark.parametrize("part", ['property="og:image"', "application/ld+json"])
def test_share_image_and_structured_data_let_go_of_it_too(part):
    image = stories.image(licensed_until=END)
    address = paper(image, stories.image())["article with a lead image"]

    def lines(moment: dt.datetime) -> str:
        page = page_at(address, moment)
        start = page.index(part)
        return page[start : page.index("</script>" if "json" in part else ">", start)]

    assert shows(lines(END - SECOND), image)
    assert not shows(page_at(address, END), image)


def test_a_feed_never_names_a_picture_that_is_over():
    image = stories.image(licensed_until=END)
    address = paper(image, stories.image())["feed"]
    assert not shows(page_at(address, END), image)
