"""The front page: one thing leads, nothing stands twice, no section starves, whatever the number."""

import pytest

from articles.choices import Genre
from articles.models import EditionByline, Section
from frontpage.composition import NEWEST_READ, NEWEST_SHOWN, PER_SECTION, SECOND_ROW, Front, compose
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def front(at=NOON) -> Front:
    return compose(at, list(Section.objects.all()))


def shown(page: Front) -> list[int]:
    lead = [page.lead] if page.lead else []
    rest = [*page.second, *page.newest, *(opinion.edition for opinion in page.opinions)]
    rest += [e for block in page.blocks for e in block.editions]
    return [edition.pk for edition in lead + rest]


@pytest.fixture
def sections(db):
    return [stories.section(name) for name in ("Politik", "Wirtschaft", "Kultur", "Sport")]


def test_an_empty_paper_has_an_empty_front_page(sections):
    assert front() == Front()


@pytest.mark.parametrize("number", [1, 2, 5, 12, 20, 300])
def test_nothing_stands_twice_and_what_fits_is_shown(sections, number):
    stories.bulk(number, newest=NOON, sections=sections)

    page = front()

    assert len(shown(page)) == len(set(shown(page)))
    assert len(shown(page)) == min(number, 1 + SECOND_ROW + NEWEST_SHOWN + PER_SECTION * len(sections))
    assert page.lead is not None


def test_the_newest_with_a_picture_leads_else_the_newest(sections):
    rows = stories.bulk(6, newest=NOON)
    assert front().lead == rows[0]

    pictured = stories.bulk(1, newest=NOON - HOUR / 2, lead_image=stories.image())
    assert front().lead == pictured[0]


@pytest.mark.parametrize("genre", [Genre.OPINION, Genre.ADVERTISEMENT, Genre.PRESS_RELEASE])
def test_what_is_no_report_does_not_lead_with_its_picture(sections, genre):
    stories.bulk(1, newest=NOON, lead_image=stories.image(), genre=genre)
    report = stories.bulk(1, newest=NOON - HOUR, lead_image=stories.image())

    assert front().lead == report[0]


def test_a_picture_from_yesterday_does_not_lead_a_day_of_news(sections):
    news = stories.bulk(12, newest=NOON)
    stories.bulk(1, newest=NOON - DAY, lead_image=stories.image())

    assert front().lead == news[0]


def test_opinions_stand_together_and_not_beside_the_lead(sections):
    stories.bulk(8, newest=NOON, sections=sections)
    opinions = stories.bulk(3, newest=NOON - HOUR / 60, genre=Genre.OPINION)

    page = front()

    assert [opinion.edition for opinion in page.opinions] == opinions
    assert {edition.genre for edition in page.second} == {Genre.NEWS}


def test_a_section_that_was_silent_for_long_is_still_there(sections):
    stories.bulk(NEWEST_READ + 20, newest=NOON, sections=sections[:2])
    old = stories.bulk(2, newest=NOON - 90 * DAY, sections=[sections[3]])

    blocks = {block.section.name: block.editions for block in front().blocks}

    assert blocks["Sport"] == old
    assert "Kultur" not in blocks


def test_sections_keep_their_order_and_the_layout_changes_with_each(sections):
    stories.bulk(60, newest=NOON, sections=sections)

    blocks = front().blocks

    assert [block.section.name for block in blocks] == ["Politik", "Wirtschaft", "Kultur", "Sport"]
    assert [block.layout for block in blocks] == [0, 1, 2, 3]


def test_the_page_is_that_of_its_moment(sections):
    article = stories.scheduled(at=NOON - HOUR, live_from=NOON + HOUR, live_until=NOON + 2 * HOUR)

    assert front(NOON) == Front()
    assert front(NOON + HOUR).lead.article_id == article.pk
    assert front(NOON + 2 * HOUR) == Front()


@pytest.mark.parametrize("number", [1, 30, 300])
def test_it_costs_the_same_for_any_number(sections, number, django_assert_num_queries):
    stories.bulk(number, newest=NOON, sections=sections)
    given = list(Section.objects.all())

    with django_assert_num_queries(2):  # candidates, rows; a third where there are opinions
        compose(NOON, given)
    stories.bulk(2, newest=NOON + HOUR, genre=Genre.OPINION)
    with django_assert_num_queries(3):
        compose(NOON + HOUR, given)


def test_an_opinion_names_who_is_named_first(sections):
    stories.bulk(8, newest=NOON, sections=sections)
    two, nobody = stories.bulk(2, newest=NOON - HOUR / 60, genre=Genre.OPINION)
    first, second = stories.author("Erste Stimme"), stories.author("Zweite Stimme")
    for position, author in ((1, second), (0, first)):
        EditionByline.objects.create(
            edition=two, author=author, role="text", position=position, first_live_from=two.first_live_from
        )

    assert front().opinions == [(two, first), (nobody, None)]
