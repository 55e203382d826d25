"""What holds for every action: compare-and-set, one transaction, one log row, one signal on commit."""

import pytest
from django.db import transaction

from articles import editions, publishing
from articles.choices import State
from articles.models import Edition, Transition
from articles.publishing import Conflict, Request
from articles.workflow import ACTIONS
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


# --- Compare and set ---------------------------------------------------------------------------


def perform_with(token, article, name, by, **request):
    return publishing.perform(name, stories.fresh(article), by, token, Request(**request), at=NOON + HOUR)


def test_an_action_on_a_text_that_was_saved_since_is_refused(editor):
    article = stories.submitted()
    token = article.token
    stories.saved(article, headline="Im letzten Augenblick geändert")

    with pytest.raises(Conflict, match="inzwischen geändert"):
        perform_with(token, article, "approve", editor)

    assert stories.fresh(article).state == State.IN_REVIEW


def test_of_two_people_who_act_on_the_same_view_one_is_refused(editor, chief):
    article = stories.submitted()
    token = article.token
    perform_with(token, article, "send_back", chief, note="Bitte kürzen.")
    stories.act(article, "submit")

    with pytest.raises(Conflict):
        perform_with(token, article, "approve", editor)


def test_a_form_that_is_sent_twice_acts_once(editor):
    article = stories.approved(at=NOON)
    token = article.token
    perform_with(token, article, "publish", editor)

    with pytest.raises(publishing.Refusal):
        perform_with(token, article, "publish", editor)

    assert len(stories.editions_of(article)) == 1


@pytest.mark.parametrize("token", ["", "1", "1.0.0", "nonsense", "1.99", "99.0"])
def test_a_token_of_nobody_is_refused(writer, token):
    with pytest.raises(Conflict):
        perform_with(token, stories.article(), "submit", writer)


def test_every_save_and_every_action_gives_a_new_token(writer, editor):
    article = stories.article()
    tokens = [article.token]
    for step in (
        lambda: stories.saved(article, kicker="Neu"),
        lambda: stories.act(article, "submit"),
        lambda: stories.act(article, "send_back", editor, note="Bitte kürzen."),
        lambda: stories.act(article, "trash"),
        lambda: stories.act(article, "restore"),
    ):
        tokens.append(step().token)

    assert len(set(tokens)) == len(tokens)


# --- All or nothing ----------------------------------------------------------------------------


def test_when_writing_the_edition_fails_nothing_has_happened(editor, monkeypatch):
    article = stories.approved(stories.saved(stories.published(at=NOON), headline="Die zweite Fassung"))
    before = (stories.editions_of(article), stories.fresh(article).token, Transition.objects.count())

    def broken(*args, **kwargs):
        raise RuntimeError("Platte voll")

    monkeypatch.setattr(editions, "_add_rows", broken)
    with pytest.raises(RuntimeError):
        stories.act(article, "publish", at=NOON + DAY)

    assert (stories.editions_of(article), stories.fresh(article).token, Transition.objects.count()) == before
    assert stories.live_edition(article, NOON + DAY).number == 1


# --- The log -----------------------------------------------------------------------------------


def test_every_action_leaves_one_row_in_the_log():
    article = stories.published(at=NOON)
    article = stories.saved(article, stories.editor(), at=NOON + HOUR, headline="Neue Überschrift hier")
    stories.withdrawn(article, at=NOON + DAY)

    log = [(row.action, row.source, row.target, row.version) for row in article.transitions.order_by("pk")]

    assert log == [
        ("submit", State.DRAFT, State.IN_REVIEW, 1),
        ("approve", State.IN_REVIEW, State.APPROVED, 1),
        ("publish", State.APPROVED, State.APPROVED, 1),
        ("void", State.APPROVED, State.DRAFT, 2),
        ("withdraw", State.DRAFT, State.DRAFT, 2),
    ]


def test_a_note_is_kept_cleaned(editor):
    article = stories.act(stories.submitted(), "send_back", editor, note="  Bitte\r\n\u202ekürzen. ")

    assert article.transitions.first().note == "Bitte\nkürzen."


# --- The signal --------------------------------------------------------------------------------


@pytest.fixture
def heard():
    """What listeners of ``released`` were told."""
    told = []

    def listen(sender, editions, **kwargs):
        told.extend((sender, edition.article_id, edition.number) for edition in editions)

    publishing.released.connect(listen)
    yield told
    publishing.released.disconnect(listen)


def test_who_listens_hears_of_a_release_after_the_commit(editor, heard, django_capture_on_commit_callbacks):
    article = stories.approved(at=NOON)

    with django_capture_on_commit_callbacks(execute=True):
        stories.act(article, "publish", at=NOON)
        assert heard == []

    assert heard == [(Edition, article.pk, 1)]


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("schedule", {"live_from": NOON + DAY}),
        ("reschedule", {"live_from": NOON + DAY}),
        ("cancel", {}),
        ("withdraw", {"note": "Grund"}),
    ],
)
def test_who_listens_hears_of_everything_that_readers_will_notice(
    chief, heard, django_capture_on_commit_callbacks, name, request_
):
    if name == "withdraw":
        article = stories.published(at=NOON)
    elif name == "schedule":
        article = stories.approved(at=NOON)
    else:
        article = stories.scheduled(at=NOON, live_from=NOON + 2 * DAY)

    with django_capture_on_commit_callbacks(execute=True):
        stories.act(article, name, chief, at=NOON + HOUR, **request_)

    assert [pk for _, pk, _ in heard] == [article.pk]


@pytest.mark.parametrize("name", ["submit", "trash"])
def test_what_readers_do_not_notice_is_not_announced(heard, django_capture_on_commit_callbacks, name):
    with django_capture_on_commit_callbacks(execute=True):
        stories.act(stories.article(), name)

    assert heard == []


def test_a_refused_release_is_not_announced(editor, heard, django_capture_on_commit_callbacks):
    article = stories.submitted()

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(publishing.WrongState):
        stories.act(article, "publish", editor)

    assert heard == []


def test_a_release_that_is_rolled_back_is_not_announced(editor, heard, django_capture_on_commit_callbacks):
    article = stories.approved(at=NOON)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        stories.act(article, "publish", at=NOON)
        raise RuntimeError

    assert heard == []
    assert not Edition.objects.exists()


# --- The table ---------------------------------------------------------------------------------


def test_the_table_holds_these_actions_and_no_others():
    assert list(ACTIONS) == [
        "submit", "take_back", "send_back", "approve", "publish", "schedule", "reschedule", "cancel",
        "withdraw", "release_alone", "trash", "restore",
    ]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_every_action_says_in_german_what_it_is_and_what_it_will_do(action):
    assert action.label
    assert action.explanation.endswith(".")
    assert {action.note_label, action.label} & {""} == set()
