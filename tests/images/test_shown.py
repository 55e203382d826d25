"""Until when readers see a picture, and what stands in its place afterwards."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from articles.models import Edition
from images.models import Image, SourceType, next_end, visible
from tests import stories
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db


def _seen(image: Image, at: dt.datetime) -> Image | None:
    picture = image.shown(at)
    return picture.image if picture else None


def test_a_picture_without_an_end_is_shown_for_ever():
    image = stories.image()

    assert _seen(image, NOON) == image
    assert not image.shown(NOON).stands_in
    assert image.is_open_ended


def test_it_goes_with_its_licence_in_that_second():
    image = stories.image(licensed_until=NOON)

    assert _seen(image, NOON - SECOND) == image
    assert _seen(image, NOON) is None
    assert _seen(image, NOON + DAY) is None


def test_from_its_end_on_another_stands_in_its_place():
    other = stories.image()
    image = stories.image(licensed_until=NOON, replacement=other)

    assert _seen(image, NOON - SECOND) == image
    assert _seen(image, NOON) == other
    assert image.shown(NOON).stands_in


def test_a_swap_counts_even_where_the_licence_would_go_on():
    other = stories.image()
    image = stories.image(licensed_until=NOON + DAY, swapped_at=NOON, replacement=other)

    assert _seen(image, NOON - SECOND) == image
    assert _seen(image, NOON) == other


def test_a_stand_in_may_end_and_have_a_stand_in():
    last = stories.image()
    other = stories.image(licensed_until=NOON + DAY, replacement=last)
    image = stories.image(licensed_until=NOON, replacement=other)
    alone = stories.image(licensed_until=NOON, replacement=stories.image(licensed_until=NOON + DAY))

    assert [_seen(image, at) for at in (NOON - SECOND, NOON, NOON + DAY)] == [image, other, last]
    assert _seen(alone, NOON + DAY) is None


def test_a_circle_ends_in_nothing():
    image = stories.image(licensed_until=NOON)
    other = stories.image(licensed_until=NOON, replacement=image)
    Image.objects.filter(pk=image.pk).update(replacement=other)

    assert _seen(Image.objects.get(pk=image.pk), NOON) is None


def test_no_picture_stands_in_for_itself():
    image = stories.image()

    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.filter(pk=image.pk).update(replacement=image)


@pytest.mark.parametrize("value", [101, -1])
def test_the_focal_point_lies_in_the_picture(value):
    with pytest.raises(IntegrityError), transaction.atomic():
        stories.image(focal_x=value)


def test_the_condition_says_the_same_as_the_picture():
    stand_in = stories.image()
    over = stories.image(licensed_until=NOON)
    images = [
        stand_in,
        over,
        stories.image(licensed_until=NOON + SECOND),
        stories.image(swapped_at=NOON),
        stories.image(licensed_until=NOON, replacement=stand_in),
        stories.image(licensed_until=NOON, replacement=over),
    ]
    said = []
    for image in images:
        article = stories.published(lead_image=image, at=NOON - DAY)
        said.append(Edition.objects.filter(visible("lead_image", NOON), article=article).exists())

    assert said == [image.shown(NOON) is not None for image in images]
    assert said == [True, False, True, False, True, False]


def test_the_next_end_is_the_nearest_to_come():
    assert next_end(NOON) is None
    stories.image(licensed_until=NOON)
    stories.image(licensed_until=NOON + DAY)
    stories.image(swapped_at=NOON + HOUR)

    assert [next_end(at) for at in (NOON - SECOND, NOON, NOON + HOUR, NOON + DAY)] == [
        NOON, NOON + HOUR, NOON + DAY, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "mark"),
    [
        (SourceType.UNKNOWN, ""),
        (SourceType.PHOTO, ""),
        (SourceType.DIGITAL_ART, ""),
        (SourceType.COMPOSITE_AI, "Mit KI bearbeitet"),
        (SourceType.AI, "Mit KI erzeugt"),
    ],
)
def test_readers_are_told_of_the_hand_of_a_machine(source, mark):
    assert stories.image(source_type=source).shown(NOON).mark == mark


def test_a_picture_that_is_used_cannot_be_deleted():
    lead, in_text = stories.image(), stories.image()
    article = stories.published(
        lead_image=lead, body=f'<p>Text.</p><figure data-image="{in_text.pk}"></figure>'
    )

    for image in (lead, in_text):
        with pytest.raises(ProtectedError), transaction.atomic():
            image.delete()
        assert [use.article for use in image.article_uses.all()] == [article]
        assert [use.edition.article for use in image.edition_uses.all()] == [article]


def test_a_picture_that_left_the_manuscript_stays_with_the_edition():
    image = stories.image()
    article = stories.published(lead_image=image)
    stories.saved(article, lead_image=None)

    assert [use.article for use in image.article_uses.all()] == []
    assert [use.edition.article for use in image.edition_uses.all()] == [article]
    with pytest.raises(ProtectedError), transaction.atomic():
        image.delete()


def test_a_picture_that_nobody_uses_may_go():
    image = stories.image()
    image.delete()

    assert not Image.objects.exists()
