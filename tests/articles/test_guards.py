"""The database itself refuses what must never be, whoever asks and past both doors."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from articles.choices import BylineRole, EditionKind, State
from articles.models import (
    Article,
    ArticleByline,
    Edition,
    EditionByline,
    RelatedArticle,
    Revision,
    TaggedEdition,
    Transition,
)
from renewz.lib.dates import FOREVER
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db

TICK = dt.timedelta(microseconds=1)


def refused(statement) -> bool:
    """Say whether the database refuses; what was there before stays."""
    try:
        with transaction.atomic():
            statement()
    except IntegrityError:
        return True
    return False


@pytest.fixture
def edition() -> Edition:
    """An edition that is live for a day."""
    article = stories.published(at=NOON)
    Edition.objects.filter(article=article).update(live_until=NOON + DAY)
    return Edition.objects.get(article=article)


def beside(edition: Edition, live_from: dt.datetime, live_until: dt.datetime, **values) -> Edition:
    """Return an unsaved second edition of the same article."""
    other = Edition.objects.get(pk=edition.pk)
    other.pk = other.id = None
    other.number, other.live_from, other.live_until = 2, live_from, live_until
    for name, value in values.items():
        setattr(other, name, value)
    return other


# --- Periods -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (NOON, NOON + DAY),
        (NOON, NOON + TICK),
        (NOON + DAY - TICK, FOREVER),
        (NOON + HOUR, NOON + 2 * HOUR),
        (NOON, FOREVER),
    ],
    ids=["the same", "its first tick", "its last tick", "inside", "around"],
)
@pytest.mark.parametrize("kind", [EditionKind.UPDATE, EditionKind.WITHDRAWAL])
def test_two_editions_of_an_article_are_never_live_at_one_moment(edition, begin, end, kind):
    assert refused(lambda: beside(edition, begin, end, kind=kind).save())
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("begin", "end"),
    [(NOON + DAY, FOREVER), (NOON + 2 * DAY, NOON + 3 * DAY), (NOON + HOUR, NOON + HOUR)],
    ids=["from its end on", "later", "an empty period inside"],
)
def test_editions_that_follow_each_other_may_be(edition, begin, end):
    assert not refused(lambda: beside(edition, begin, end).save())
    assert Edition.objects.count() == 2


def test_moving_an_end_into_the_successor_is_refused(edition):
    beside(edition, NOON + DAY, FOREVER).save()

    move = Edition.objects.filter(pk=edition.pk).update

    assert refused(lambda: move(live_until=NOON + DAY + TICK))
    assert not refused(lambda: move(live_until=NOON + HOUR))


def test_other_articles_may_be_live_at_the_same_moment(edition):
    other = stories.published(at=NOON)

    assert set(Edition.objects.live(NOON)) == {edition, stories.live_edition(other, NOON)}


def test_a_period_never_ends_before_it_starts(edition):
    move = Edition.objects.filter(pk=edition.pk).update

    assert refused(lambda: move(live_until=NOON - TICK))
    assert refused(lambda: beside(edition, NOON + 2 * DAY, NOON + DAY).save())


def test_no_edition_begins_before_the_first_of_its_article(edition):
    assert refused(lambda: beside(edition, NOON + DAY, FOREVER, first_live_from=NOON + DAY + TICK).save())


def test_numbers_of_editions_are_not_used_twice(edition):
    assert refused(lambda: beside(edition, NOON + DAY, FOREVER, number=1).save())


# --- What is frozen ----------------------------------------------------------------------------

FREE = {"Edition": {"live_until", "released_by_id"}, "Transition": {"actor_id"}}
OTHER = {
    "CharField": "anders", "TextField": "anders", "SlugField": "anders", "JSONField": [99],
    "PositiveIntegerField": 77, "PositiveSmallIntegerField": 77, "DateTimeField": NOON + 99 * DAY,
    "ForeignKey": 987_654, "BigAutoField": 987_654,
}  # fmt: skip


def columns():
    for model in (Edition, EditionByline, TaggedEdition, Transition):
        for field in model._meta.concrete_fields:
            if field.column not in FREE.get(model.__name__, set()):
                yield pytest.param(model, field, id=f"{model.__name__}.{field.column}")


def change(model, field, value) -> bool:
    """Write one column past every model; say whether the database refused."""
    row = model.objects.order_by("pk").first()
    statement = f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s'  # noqa: S608
    prepared = field.get_db_prep_save(value, connection)
    with connection.cursor() as cursor:
        return refused(lambda: cursor.execute(statement, [prepared, row.pk]))


@pytest.mark.parametrize(("model", "field"), list(columns()))
def test_what_was_released_or_logged_can_not_be_changed(edition, model, field):
    assert change(model, field, OTHER[field.get_internal_type()])


@pytest.mark.parametrize(("model", "field"), list(columns()))
def test_an_update_that_changes_nothing_is_let_through(edition, model, field):
    row = model.objects.order_by("pk").first()

    assert not change(model, field, getattr(row, field.attname))


def test_the_end_may_move(edition):
    for end in (NOON + HOUR, FOREVER, NOON):
        Edition.objects.filter(pk=edition.pk).update(live_until=end)
        edition.refresh_from_db()
        assert edition.live_until == end


def test_an_account_may_be_deleted_and_leaves_its_rows(edition):
    stories.editor().delete()

    edition.refresh_from_db()
    assert edition.released_by is None
    assert Transition.objects.filter(action="publish").get().actor is None


def test_an_article_that_was_released_can_not_be_deleted(edition):
    with pytest.raises(ProtectedError):
        edition.article.delete()
    assert Edition.objects.filter(pk=edition.pk).exists()


# --- Manuscripts -------------------------------------------------------------------------------


def test_approved_without_naming_a_version_is_refused():
    rows = Article.objects.filter(pk=stories.article().pk)

    assert refused(lambda: rows.update(state=State.APPROVED, approved_version=None))


def test_approved_is_the_version_that_was_approved():
    article = stories.article()
    rows = Article.objects.filter(pk=article.pk)

    assert refused(lambda: rows.update(state=State.APPROVED, approved_version=article.version + 1))
    assert not refused(lambda: rows.update(state=State.APPROVED, approved_version=article.version))
    assert refused(lambda: rows.update(version=article.version + 1))


def test_an_article_names_an_author_once():
    article = stories.article()
    [row] = article.bylines.all()
    again = ArticleByline(article=article, author=row.author, role=BylineRole.PHOTO, position=5)

    assert refused(again.save)


def test_an_article_recommends_another_once_and_never_itself():
    article, other = stories.article(), stories.article()
    RelatedArticle.objects.create(article=article, target=other, position=0)

    assert refused(RelatedArticle(article=article, target=other, position=1).save)
    assert refused(RelatedArticle(article=article, target=article, position=1).save)


def test_a_revision_number_is_not_used_twice():
    article = stories.article()
    again = Revision(article=article, number=1, created_at=NOON, content={})

    assert refused(again.save)
