"""What a page costs the database: a fixed number of queries, for one article and for thirty."""

import pytest
from django.utils import timezone

from articles.models import EditionByline, TaggedEdition
from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

QUERIES = {
    "/": 6,  # state, sections, candidates, rows, rates, breaking news
    "/wirtschaft/": 6,  # state, section, rows, menu, rates, breaking news
    "/thema/banken/": 6,
    "/autoren/anna-weber/": 7,  # state, author, links, rows, menu, rates, breaking news
    "/korrekturen/": 5,
    "/impressum/": 4,
    "/feed.xml": 4,  # state, rows, bylines, authors
    "/sitemap.xml": 2,
    "/artikel/{pk}/": 2,
    "{address}": 9,  # state, edition, topics, shared topics, teasers, byline, menu, rates, breaking news
}


def thirty_more() -> None:
    """Thirty articles with bylines, topics and pictures."""
    anna, tag = stories.author(), stories.article().tags.get()
    rows = stories.bulk(
        30, newest=timezone.now() - 2 * HOUR, lead_image=stories.image(), kind="correction", note="x"
    )
    EditionByline.objects.bulk_create(
        EditionByline(edition=row, author=anna, role="text", position=0, first_live_from=row.first_live_from)
        for row in rows
    )
    TaggedEdition.objects.bulk_create(
        TaggedEdition(content_object=row, tag=tag, first_live_from=row.first_live_from) for row in rows
    )


def address_of(article) -> str:
    return stories.live_edition(article, timezone.now()).get_absolute_url()


@pytest.mark.parametrize(("address", "number"), QUERIES.items())
def test_a_page_costs_the_same_for_one_and_for_thirty(client, page_costs, address, number):
    article = stories.published(at=timezone.now() - HOUR, lead_image=stories.image())
    address = address.format(pk=article.pk, address=address_of(article))

    with page_costs(number):
        assert client.get(address).status_code in {200, 301}
    thirty_more()
    with page_costs(number):
        assert client.get(address).status_code in {200, 301}


def test_an_article_with_all_that_there_is_costs_three_more(client, page_costs):
    other = stories.published(at=timezone.now() - 2 * DAY)
    picture = stories.image()
    article = stories.published(
        at=timezone.now() - DAY,
        related=[other.pk],
        body=f'<p>Text</p><aside data-related="{other.pk}"></aside>'
        f'<figure data-image="{picture.pk}"></figure>',
    )
    article = stories.revised(
        article, at=timezone.now() - HOUR, kind="correction", reader_note="Es waren drei."
    )
    address = address_of(article)

    with page_costs(12):  # + pictures, corrections, and the section where topics are few
        assert client.get(address).status_code == 200
    thirty_more()
    with page_costs(11):
        assert client.get(address).status_code == 200


def test_what_is_not_there_costs_little(client, page_costs):
    with page_costs(5):  # state, live, withdrawn, the newest five, the menu (empty: no rates)
        assert client.get("/wirtschaft/x-987654/").status_code == 404
