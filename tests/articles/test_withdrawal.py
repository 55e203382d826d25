"""Withdrawing: gone from every list at once; the address keeps the reason and nothing else."""

import pytest

from articles.choices import EditionKind
from articles.models import Edition
from articles.publishing import NotAllowed, NoteMissing, WrongState
from renewz.lib.dates import FOREVER
from tests import stories
from tests.articles.test_review import refused
from tests.articles.test_scheduling import periods, shown
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db

REASON = "Die Quelle hielt der Prüfung nicht stand."


def test_a_withdrawn_article_is_not_live_from_that_moment_on(chief):
    article = stories.withdrawn(stories.published(at=NOON), at=NOON + DAY, reason=REASON)

    assert periods(article) == [(NOON, NOON + DAY), (NOON + DAY, FOREVER)]
    assert shown(article, NOON + DAY) is None
    assert set(Edition.objects.withdrawn(NOON + DAY)) == {stories.editions_of(article)[1]}


def test_a_withdrawal_holds_the_reason_and_nothing_of_the_text(chief):
    article = stories.withdrawn(
        stories.published(at=NOON, lead_image=stories.image(), seo_title="Kursziel der Bank"),
        at=NOON + DAY, reason=' Es hieß "nein"... ',
    )  # fmt: skip

    withdrawal = stories.editions_of(article)[1]
    assert (withdrawal.kind, withdrawal.note) == (EditionKind.WITHDRAWAL, "Es hieß „nein“…")
    kept = [withdrawal.headline, withdrawal.kicker, withdrawal.lead, withdrawal.body, withdrawal.plain_text]
    assert kept == ["Zurückgezogen", "", "", "", ""]
    assert (withdrawal.lead_image, withdrawal.seo_title, withdrawal.seo_description) == (None, "", "")
    assert withdrawal.byline_rows() == []
    assert not withdrawal.tag_rows.exists()
    assert (withdrawal.revision, withdrawal.teased_ids, withdrawal.related_ids) == (None, [], [])
    row = article.transitions.first()
    assert (row.action, row.actor, row.edition) == ("withdraw", chief, withdrawal)


@pytest.mark.parametrize("reason", ["", " ", "…"])
def test_nobody_withdraws_without_a_reason(chief, reason):
    article = stories.published(at=NOON)

    assert refused(NoteMissing, article, "withdraw", chief, at=NOON + DAY, note=reason) == (
        "Bitte ausfüllen: Begründung, wie Leserinnen und Leser sie sehen."
    )


def test_an_editor_withdraws_nothing(editor):
    refused(NotAllowed, stories.published(at=NOON), "withdraw", editor, at=NOON + DAY, note=REASON)


def test_only_what_is_live_is_withdrawn(chief):
    planned = stories.scheduled(at=NOON, live_from=NOON + DAY)
    gone = stories.withdrawn(stories.published(at=NOON), at=NOON + HOUR)

    refused(WrongState, stories.article(), "withdraw", chief, at=NOON, note=REASON)
    refused(WrongState, planned, "withdraw", chief, at=NOON + HOUR, note=REASON)
    refused(WrongState, gone, "withdraw", chief, at=NOON + DAY, note=REASON)


def test_work_on_a_new_version_does_not_keep_an_article_from_being_withdrawn(chief):
    article = stories.saved(stories.published(at=NOON), stories.editor(), headline="Noch in Arbeit")

    stories.withdrawn(article, at=NOON + DAY)

    assert shown(article, NOON + DAY) is None
    assert stories.fresh(article).headline == "Noch in Arbeit"


def test_withdrawing_cancels_what_was_planned():
    article = stories.approved(stories.saved(stories.published(at=NOON), headline="Die zweite Fassung"))
    article = stories.act(article, "schedule", at=NOON + HOUR, live_from=NOON + 2 * DAY)

    stories.withdrawn(article, at=NOON + DAY)

    assert periods(article) == [(NOON, NOON + DAY), (NOON + 2 * DAY, NOON + 2 * DAY), (NOON + DAY, FOREVER)]
    assert shown(article, NOON + 3 * DAY) is None


def test_a_withdrawn_article_returns_with_the_date_of_its_first_publication():
    article = stories.withdrawn(stories.published(at=NOON), at=NOON + HOUR)

    article = stories.act(article, "publish", at=NOON + DAY, kind="typo")

    edition = stories.live_edition(article, NOON + DAY)
    assert (edition.number, edition.first_live_from, edition.updated_at) == (3, NOON, None)
    assert periods(article) == [(NOON, NOON + HOUR), (NOON + HOUR, NOON + DAY), (NOON + DAY, FOREVER)]


def test_a_planned_return_that_is_cancelled_leaves_the_article_withdrawn():
    article = stories.withdrawn(stories.published(at=NOON), at=NOON + HOUR)
    article = stories.act(article, "schedule", at=NOON + HOUR, live_from=NOON + DAY)
    assert shown(article, NOON + DAY) == stories.HEADLINE

    stories.act(article, "cancel", at=NOON + 2 * HOUR)

    assert shown(article, NOON + DAY) is None
    assert Edition.objects.withdrawn(NOON + DAY).filter(article=article).exists()
