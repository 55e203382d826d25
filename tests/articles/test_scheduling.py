"""Plans: an edition appears in its second, plans are moved and cancelled, and nothing runs for it."""

import datetime as dt

import pytest

from articles import publishing
from articles.choices import EditionKind
from articles.models import Edition
from articles.publishing import BadTime, NotAllowed, WrongState
from renewz.lib.dates import FOREVER
from tests import stories
from tests.articles.test_review import refused
from tests.stories import DAY, HOUR, MINUTE, NOON, SECOND

pytestmark = pytest.mark.django_db

TICK = dt.timedelta(microseconds=1)


def shown(article, at) -> str | None:
    edition = stories.live_edition(article, at)
    return edition.headline if edition else None


def periods(article) -> list[tuple[dt.datetime, dt.datetime]]:
    return [(edition.live_from, edition.live_until) for edition in stories.editions_of(article)]


@pytest.fixture
def live(db):
    """An article that is live, and of which a new version is approved."""
    article = stories.published(at=NOON, headline="Die erste Fassung")
    return stories.approved(stories.saved(article, at=NOON, headline="Die zweite Fassung"), at=NOON)


# --- Planen ------------------------------------------------------------------------------------


def test_a_planned_text_appears_in_its_moment_and_never_before(editor):
    article = stories.scheduled(at=NOON, live_from=NOON + DAY)

    assert periods(article) == [(NOON + DAY, FOREVER)]
    assert shown(article, NOON + DAY - TICK) is None
    assert shown(article, NOON + DAY) == stories.HEADLINE
    [edition] = stories.editions_of(article)
    assert (edition.kind, edition.first_live_from, edition.released_at) == (
        EditionKind.FIRST,
        NOON + DAY,
        NOON,
    )


def test_a_planned_end_ends_it_in_its_moment():
    article = stories.scheduled(at=NOON, live_from=NOON + DAY, live_until=NOON + 2 * DAY)

    assert shown(article, NOON + 2 * DAY - TICK) == stories.HEADLINE
    assert shown(article, NOON + 2 * DAY) is None


@pytest.mark.parametrize("action", ["schedule", "reschedule"])
@pytest.mark.parametrize(
    ("live_from", "live_until", "field", "sentence"),
    [
        (None, None, "live_from", "Bitte wählen Sie, wann der Text erscheinen soll."),
        (NOON, None, "live_from", "Dieser Zeitpunkt ist schon vorbei."),
        (NOON - DAY, None, "live_from", "Dieser Zeitpunkt ist schon vorbei."),
        (NOON + DAY, NOON + DAY, "live_until", "Das Ende muss nach dem Beginn liegen."),
        (NOON + DAY, NOON + HOUR, "live_until", "Das Ende muss nach dem Beginn liegen."),
    ],
    ids=["no moment", "now", "the past", "empty period", "end before start"],
)
def test_a_moment_that_can_not_be_is_refused(  # noqa: PLR0917  the rows of its table
    editor, action, live_from, live_until, field, sentence
):
    article = stories.approved(at=NOON - HOUR)
    if action == "reschedule":
        article = stories.act(article, "schedule", at=NOON - HOUR, live_from=NOON + HOUR)
    before = periods(article)

    with pytest.raises(BadTime, match=sentence) as refusal:
        stories.act(article, action, editor, at=NOON, live_from=live_from, live_until=live_until)

    assert refusal.value.field == field
    assert periods(article) == before


def test_a_tick_ahead_is_ahead_enough(editor):
    article = stories.approved(at=NOON)

    assert periods(stories.act(article, "schedule", at=NOON, live_from=NOON + TICK)) == [
        (NOON + TICK, FOREVER)
    ]


def test_a_new_edition_is_planned_beside_the_live_one(live):
    stories.act(live, "schedule", at=NOON + HOUR, live_from=NOON + DAY)

    assert periods(live) == [(NOON, NOON + DAY), (NOON + DAY, FOREVER)]
    assert shown(live, NOON + DAY - TICK) == "Die erste Fassung"
    assert shown(live, NOON + DAY) == "Die zweite Fassung"


def test_a_second_plan_takes_the_place_of_the_first(live):
    stories.act(live, "schedule", at=NOON + HOUR, live_from=NOON + DAY)
    stories.act(live, "schedule", at=NOON + HOUR, live_from=NOON + 2 * DAY)

    assert periods(live) == [(NOON, NOON + 2 * DAY), (NOON + DAY, NOON + DAY), (NOON + 2 * DAY, FOREVER)]
    assert Edition.objects.waiting(NOON + HOUR).filter(article=live).count() == 1


def test_publishing_now_takes_the_place_of_a_plan(live):
    stories.act(live, "schedule", at=NOON + HOUR, live_from=NOON + DAY)
    stories.act(live, "publish", at=NOON + 2 * HOUR)

    assert periods(live) == [(NOON, NOON + 2 * HOUR), (NOON + DAY, NOON + DAY), (NOON + 2 * HOUR, FOREVER)]
    assert not Edition.objects.waiting(NOON + 2 * HOUR).exists()


def test_a_plan_after_the_planned_end_of_the_live_edition_leaves_that_end():
    article = stories.scheduled(at=NOON - HOUR, live_from=NOON, live_until=NOON + DAY)
    article = stories.approved(stories.saved(article, at=NOON, headline="Die zweite Fassung"), at=NOON)

    stories.act(article, "schedule", at=NOON + HOUR, live_from=NOON + 3 * DAY)

    assert periods(article) == [(NOON, NOON + DAY), (NOON + 3 * DAY, FOREVER)]
    assert shown(article, NOON + 2 * DAY) is None


def test_an_end_can_be_given_to_what_is_live_already():
    article = stories.published(at=NOON)

    stories.act(article, "schedule", at=NOON + HOUR, live_from=NOON + 2 * HOUR, live_until=NOON + DAY)

    assert periods(article) == [(NOON, NOON + 2 * HOUR), (NOON + 2 * HOUR, NOON + DAY)]


def test_readers_of_a_plan_that_has_begun_see_no_difference(live):
    article = stories.act(live, "schedule", at=NOON + HOUR, live_from=NOON + DAY)

    refused(WrongState, article, "cancel", at=NOON + DAY)
    refused(WrongState, article, "reschedule", at=NOON + DAY, live_from=NOON + 2 * DAY)


# --- Planung ändern ----------------------------------------------------------------------------


@pytest.mark.parametrize("to", [NOON + 2 * HOUR, NOON + 5 * DAY], ids=["earlier", "later"])
def test_a_plan_is_moved_and_says_the_same_as_before(live, to):
    article = stories.act(
        live, "schedule", at=NOON + HOUR, live_from=NOON + DAY, kind="update", reader_note="Neu."
    )
    article = stories.saved(article, stories.editor(), at=NOON + HOUR, headline="Noch nicht freigegeben")

    stories.act(article, "reschedule", at=NOON + HOUR, live_from=to, live_until=to + DAY)

    _, old, new = stories.editions_of(article)
    assert periods(article) == [(NOON, to), (NOON + DAY, NOON + DAY), (to, to + DAY)]
    assert (new.headline, new.kind, new.note, new.updated_at) == ("Die zweite Fassung", "update", "Neu.", to)
    assert (new.revision, new.plain_text, new.word_count) == (old.revision, old.plain_text, old.word_count)
    assert new.byline_rows() == old.byline_rows()
    assert [tag.name for tag in new.tags.all()] == ["Banken"]
    assert new.first_live_from == NOON


def test_a_first_edition_that_is_moved_is_first_published_when_it_appears():
    article = stories.scheduled(at=NOON, live_from=NOON + DAY)

    stories.act(article, "reschedule", at=NOON, live_from=NOON + 2 * DAY)

    moved = stories.live_edition(article, NOON + 2 * DAY)
    assert (moved.kind, moved.first_live_from) == (EditionKind.FIRST, NOON + 2 * DAY)
    assert {row.first_live_from for row in [*moved.bylines.all(), *moved.tag_rows.all()]} == {NOON + 2 * DAY}


def test_nothing_planned_nothing_to_move(live):
    refused(WrongState, live, "reschedule", at=NOON + HOUR, live_from=NOON + DAY)


def test_an_author_moves_no_plan(writer):
    article = stories.scheduled(at=NOON, live_from=NOON + DAY)

    refused(NotAllowed, article, "reschedule", writer, at=NOON, live_from=NOON + 2 * DAY)
    refused(NotAllowed, article, "cancel", writer, at=NOON)


# --- Planung aufheben --------------------------------------------------------------------------


def test_a_cancelled_plan_never_appears_and_the_live_edition_goes_on(live):
    article = stories.act(live, "schedule", at=NOON + HOUR, live_from=NOON + DAY)

    stories.act(article, "cancel", at=NOON + 2 * HOUR, note="Doch nicht.")

    assert periods(article) == [(NOON, FOREVER), (NOON + DAY, NOON + DAY)]
    assert shown(article, NOON + DAY) == "Die erste Fassung"
    row = article.transitions.first()
    assert (row.action, row.note, row.edition.number) == ("cancel", "Doch nicht.", 2)


def test_a_cancelled_plan_gives_the_predecessor_its_own_planned_end_back():
    article = stories.scheduled(at=NOON - HOUR, live_from=NOON, live_until=NOON + 7 * DAY)
    article = stories.approved(stories.saved(article, at=NOON, headline="Die zweite Fassung"), at=NOON)
    article = stories.act(article, "schedule", at=NOON + HOUR, live_from=NOON + DAY)
    assert periods(article)[0] == (NOON, NOON + DAY)

    stories.act(article, "cancel", at=NOON + 2 * HOUR)

    assert periods(article) == [(NOON, NOON + 7 * DAY), (NOON + DAY, NOON + DAY)]


def test_cancelling_the_first_plan_leaves_nothing_to_see():
    article = stories.scheduled(at=NOON, live_from=NOON + DAY)

    stories.act(article, "cancel", at=NOON + HOUR)

    assert shown(article, NOON + DAY) is None
    assert not Edition.objects.current(NOON + HOUR).filter(article=article).exists()


def test_after_a_cancelled_plan_the_next_edition_is_still_the_first():
    article = stories.act(stories.scheduled(at=NOON, live_from=NOON + DAY), "cancel", at=NOON + HOUR)

    article = stories.act(article, "publish", at=NOON + 2 * HOUR)

    edition = stories.live_edition(article, NOON + 2 * HOUR)
    assert (edition.number, edition.kind) == (2, EditionKind.FIRST)
    assert (edition.first_live_from, edition.updated_at) == (NOON + 2 * HOUR, None)


def test_nothing_planned_nothing_to_cancel(live):
    refused(WrongState, live, "cancel", at=NOON + HOUR)


def test_after_a_cancelled_plan_and_after_the_end_the_text_may_be_planned_or_sent_back(editor):
    cancelled = stories.act(stories.scheduled(at=NOON, live_from=NOON + DAY), "cancel", at=NOON)
    run_out = stories.scheduled(at=NOON, live_from=NOON + MINUTE, live_until=NOON + HOUR)

    for article in (cancelled, run_out):
        offered = publishing.available(editor, article, NOON + 2 * HOUR)
        assert {action.name for action in offered} == {"send_back", "publish", "schedule"}


# --- After the end -----------------------------------------------------------------------------


def test_what_has_run_out_may_be_published_again_with_its_first_date():
    article = stories.scheduled(at=NOON, live_from=NOON + MINUTE, live_until=NOON + HOUR)

    article = stories.act(article, "publish", at=NOON + DAY)

    assert periods(article) == [(NOON + MINUTE, NOON + HOUR), (NOON + DAY, FOREVER)]
    assert stories.live_edition(article, NOON + DAY).first_live_from == NOON + MINUTE
    assert shown(article, NOON + DAY - SECOND) is None
