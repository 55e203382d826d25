"""What a page costs the database: a fixed number of queries, for one article and for thirty."""

import pytest
from django.utils import timezone

from articles.models import EditionByline, TaggedEdition
from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

QUERIES = {
    "/": 5,  # sections, candidates, rows, rates, breaking news
    "/wirtschaft/": 5,  # section, rows, menu, rates, breaking news
    "/thema/banken/": 5,
    "/autoren/anna-weber/": 6,  # author, links, rows, menu, rates, breaking news
    "/korrekturen/": 4,
    "/impressum/": 3,
    "/feed.xml": 3,  # rows, bylines, authors
    "/sitemap.xml": 1,
    "/artikel/{pk}/": 1,
    "{address}": 8,  # edition, topics, shared topics, teasers, byline, menu, rates, breaking news
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
def test_a_page_costs_the_same_for_one_and_for_thirty(client, django_assert_num_queries, address, number):
    article = stories.published(at=timezone.now() - HOUR, lead_image=stories.image())
    address = address.format(pk=article.pk, address=address_of(article))

    with django_assert_num_queries(number):
        assert client.get(address).status_code in {200, 301}
    thirty_more()
    with django_assert_num_queries(number):
        assert client.get(address).status_code in {200, 301}


def test_an_article_with_all_that_there_is_costs_three_more(client, django_assert_num_queries):
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

    with django_assert_num_queries(11):  # + pictures, corrections, and the section where topics are few
        assert client.get(address).status_code == 200
    thirty_more()
    with django_assert_num_queries(10):
        assert client.get(address).status_code == 200


def test_what_is_not_there_costs_little(client, django_assert_num_queries):
    with django_assert_num_queries(4):  # live, withdrawn, the newest five, the menu (empty: no rates)
        assert client.get("/wirtschaft/x-987654/").status_code == 404
