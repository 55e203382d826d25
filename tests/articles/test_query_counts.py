"""What a page costs the database: a fixed number of queries, for one article and for thirty."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from articles.models import EditionByline, TaggedEdition
from articles.sitemaps import week_name
from delivery import state
from tests import stories
from tests.stories import DAY, HOUR

pytestmark = pytest.mark.django_db

# With what the pages of one state share: menu, rates and breaking news.
QUERIES = {
    "/": 3,  # state, candidates, rows
    "/wirtschaft/": 3,  # state, section, rows
    "/thema/banken/": 3,
    "/autoren/anna-weber/": 4,  # state, author, links, rows
    "/korrekturen/": 2,
    "/impressum/": 1,
    "/feed.xml": 3,  # state, rows, names
    "/sitemap.xml": 2,
    "/sitemap-{week}.xml": 2,
    "/artikel/{pk}/": 2,
    "{address}": 6,  # state, edition, topics, shared topics, teasers, byline
}


@pytest.fixture
def page_costs(client, page_costs):
    """Count the queries of a page in a process that has shown another one before."""

    @contextlib.contextmanager
    def counted(number: int) -> Iterator[None]:
        client.get("/impressum/")
        with page_costs(number):
            yield

    return counted


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
    address = address.format(pk=article.pk, address=address_of(article), week=week_name(timezone.localdate()))

    with page_costs(number):
        assert client.get(address).status_code in {200, 301}
    thirty_more()
    with page_costs(number):
        assert client.get(address).status_code in {200, 301}


def test_the_first_page_of_a_state_asks_what_all_of_them_share(client, django_assert_num_queries):
    stories.published(at=timezone.now() - HOUR)
    state.current(timezone.now())

    with django_assert_num_queries(1 + 3):  # state; menu, breaking news, rates
        client.get("/impressum/")
    with django_assert_num_queries(1):
        client.get("/impressum/")


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

    with page_costs(9):  # + pictures, corrections, and the section where topics are few
        assert client.get(address).status_code == 200
    thirty_more()
    with page_costs(8):
        assert client.get(address).status_code == 200


def test_a_later_part_of_a_list_costs_one_more(client, page_costs):
    rows = stories.bulk(30, newest=timezone.now() - HOUR)

    with page_costs(QUERIES["/wirtschaft/"] + 1):  # + the place where it begins
        assert client.get(f"/wirtschaft/?vor={rows[10].article_id}").status_code == 200


def test_what_was_withdrawn_costs_little(client, page_costs):
    article = stories.published(at=timezone.now() - DAY)
    address = address_of(article)
    stories.withdrawn(article, at=timezone.now() - HOUR)

    with page_costs(3):  # state, live, withdrawn
        assert client.get(address).status_code == 410


def test_the_table_in_the_documents_says_the_same():
    """It counts what the pages of one state share, too, where a page has a head."""
    text = (settings.BASE_DIR / "docs/architecture.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"(?m)^\| [^|]+ \| `([^`|]+)`[^|]* \| (\d+)", text))
    shared = 3  # menu, rates, breaking news
    counted = {
        "/": QUERIES["/"] + shared,
        "/<ressort>/": QUERIES["/wirtschaft/"] + shared,
        "/<ressort>/?vor=<pk>": QUERIES["/wirtschaft/"] + 1 + shared,
        "/<ressort>/<slug>-<pk>/": QUERIES["{address}"] + shared,
        "/thema/<slug>/": QUERIES["/thema/banken/"] + shared,
        "/autoren/<slug>/": QUERIES["/autoren/anna-weber/"] + shared,
        "/korrekturen/": QUERIES["/korrekturen/"] + shared,
        "/impressum/": QUERIES["/impressum/"] + shared,
        "/feed.xml": QUERIES["/feed.xml"],
        "/sitemap.xml": QUERIES["/sitemap.xml"],
        "/artikel/<pk>/": QUERIES["/artikel/{pk}/"],
    }

    assert QUERIES["/sitemap.xml"] == QUERIES["/sitemap-{week}.xml"]  # one row for both
    assert {name: int(table[name]) for name in counted} == counted
    assert table.keys() - counted.keys() == {"/suche/?q=…"}


def test_what_is_not_there_costs_little(client, page_costs):
    with page_costs(4):  # state, live, withdrawn, the newest five
        assert client.get("/wirtschaft/x-987654/").status_code == 404
