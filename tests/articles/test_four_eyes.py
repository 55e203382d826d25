"""Four eyes, by person and by text: nobody who changed the text since its release approves it."""

import pytest

from accounts import roles
from articles import permissions
from articles.choices import State
from articles.publishing import NotAllowed
from tests import stories
from tests.articles.test_review import refused
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db

SENTENCE = "Sie haben an diesem Text mitgeschrieben. Freigeben muss ihn jemand anderes (Vier-Augen-Prinzip)."


@pytest.fixture
def second_editor(db):
    return stories.user(roles.EDITOR, username="zweite")


def test_who_wrote_a_text_does_not_approve_it(editor):
    article = stories.act(stories.article(editor), "submit", editor)

    assert refused(NotAllowed, article, "approve", editor) == SENTENCE


def test_who_changed_one_word_does_not_approve_it(editor, second_editor):
    article = stories.saved(stories.submitted(), editor, kicker="Geldpolitik")

    refused(NotAllowed, article, "approve", editor)
    assert stories.act(article, "approve", second_editor).state == State.APPROVED


def test_another_change_by_somebody_else_does_not_wash_it_off(editor, writer):
    article = stories.saved(stories.submitted(), editor, kicker="Geldpolitik")
    article = stories.saved(article, writer, kicker="Notenbank")

    refused(NotAllowed, article, "approve", editor)


def test_taking_ones_own_change_back_does_not_wash_it_off(editor):
    article = stories.saved(stories.submitted(), editor, kicker="Geldpolitik")
    article = stories.saved(article, editor, kicker="Börse")

    refused(NotAllowed, article, "approve", editor)


def test_the_chief_is_no_exception(chief):
    article = stories.saved(stories.submitted(), chief, kicker="Geldpolitik")

    assert refused(NotAllowed, article, "approve", chief) == SENTENCE


def test_who_only_looked_saved_nothing_or_handed_in_may_approve(editor):
    article = stories.act(stories.saved(stories.article(), editor), "submit", editor)

    assert stories.act(article, "approve", editor).state == State.APPROVED


def test_who_approved_may_also_publish(editor):
    article = stories.act(
        stories.act(stories.submitted(at=NOON), "approve", editor), "publish", editor, at=NOON
    )

    assert stories.live_edition(article, NOON).released_by == editor


def test_a_release_closes_the_account(editor, second_editor):
    article = stories.saved(stories.article(at=NOON), editor, at=NOON, kicker="Geldpolitik")
    article = stories.act(stories.submitted(article), "approve", second_editor, at=NOON)
    article = stories.act(article, "publish", editor, at=NOON)
    assert permissions.contributors(article) == set()

    article = stories.saved(article, second_editor, at=NOON + HOUR, kicker="Notenbank")
    article = stories.act(article, "submit", second_editor, at=NOON + HOUR)

    assert permissions.contributors(article) == {second_editor.pk}
    refused(NotAllowed, article, "approve", second_editor, at=NOON + HOUR)
    assert stories.act(article, "approve", editor, at=NOON + HOUR).state == State.APPROVED


def test_an_approval_that_was_never_released_closes_nothing(editor, second_editor):
    article = stories.saved(stories.article(), editor, kicker="Geldpolitik")
    article = stories.act(stories.submitted(article), "approve", second_editor)
    article = stories.saved(article, second_editor, kicker="Notenbank")
    article = stories.act(article, "submit", second_editor)

    assert permissions.contributors(article) == {stories.writer().pk, editor.pk, second_editor.pk}
    refused(NotAllowed, article, "approve", editor)


def test_a_withdrawal_is_no_release_of_a_text(editor, second_editor):
    article = stories.saved(stories.published(at=NOON), second_editor, at=NOON + HOUR, kicker="Notenbank")
    article = stories.withdrawn(article, at=NOON + DAY)
    article = stories.act(article, "submit", second_editor, at=NOON + DAY)

    refused(NotAllowed, article, "approve", second_editor, at=NOON + DAY)


def test_with_the_rule_off_one_person_runs_the_paper(settings, chief):
    settings.FOUR_EYES = False

    article = stories.act(stories.act(stories.article(chief), "submit", chief), "approve", chief)

    assert article.state == State.APPROVED


def test_with_the_rule_off_the_right_to_review_is_still_needed(settings, writer):
    settings.FOUR_EYES = False

    refused(NotAllowed, stories.submitted(), "approve", writer)
