"""From draft to approved: hand in, take back, send back, approve, throw away and fetch back."""

import pytest

from articles import blockers, publishing
from articles.choices import AiUse, State
from articles.models import Edition
from articles.publishing import Blocked, NotAllowed, NoteMissing, Refusal, WrongState
from renewz.lib.dates import german_moment
from tests import stories
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def refused(refusal, article, *args, **kwargs) -> str:
    """Assert that an action is refused in this way and changes nothing; return the sentence."""
    before = stories.fresh(article)
    with pytest.raises(refusal) as caught:
        stories.act(article, *args, **kwargs)
    after = stories.fresh(article)
    assert (after.state, after.token, after.trashed_at) == (before.state, before.token, before.trashed_at)
    assert after.transitions.count() == before.transitions.count()
    assert after.editions.count() == before.editions.count()
    return str(caught.value)


# --- Zur Prüfung geben -------------------------------------------------------------------------


def test_a_draft_is_handed_in(writer):
    article = stories.act(stories.article(at=NOON), "submit", writer, at=NOON + HOUR, note="Bitte bis elf.")

    article = stories.fresh(article)
    assert (article.state, article.approved_version) == (State.IN_REVIEW, None)
    row = article.transitions.get()
    assert (row.action, row.source, row.target, row.version, row.actor, row.at, row.note, row.edition) == (
        "submit", State.DRAFT, State.IN_REVIEW, 1, writer, NOON + HOUR, "Bitte bis elf.", None,
    )  # fmt: skip


BLOCKERS = {
    "headline": ({"headline": " … "}, "Die Überschrift fehlt."),
    "lead": ({"lead": ""}, "Der Vorspann fehlt."),
    "body": ({"body": "<p>…</p>"}, "Der Text ist leer."),
    "section": ({"section": None}, "Das Ressort fehlt."),
    "bylines": ({"bylines": []}, "Die Autorenzeile fehlt."),
    "ai_use": ({"ai_use": AiUse.UNANSWERED}, "Die Frage nach dem Beitrag von KI ist nicht beantwortet."),
}


@pytest.mark.parametrize(("changes", "sentence"), BLOCKERS.values(), ids=BLOCKERS)
def test_what_is_missing_blocks_the_hand_in(writer, changes, sentence):
    assert refused(Blocked, stories.article(**changes), "submit", writer) == sentence


def test_all_that_is_missing_is_said_at_once(writer):
    article = stories.article(headline="", lead="", bylines=[])

    assert refused(Blocked, article, "submit", writer) == (
        "Die Überschrift fehlt. Der Vorspann fehlt. Die Autorenzeile fehlt."
    )


@pytest.mark.parametrize("place", ["lead_image", "body"])
@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"credit": ""}, "Der Bildnachweis fehlt: „Saal“."),
        ({"alt": ""}, "Der Alternativtext fehlt: „Saal“."),
        ({"licence": ""}, "Die Lizenz fehlt: „Saal“."),
        ({"licensed_until": NOON}, "Die Lizenz des Bildes „Saal“ ist abgelaufen."),
        ({"alt": "", "decorative": True}, ""),
        ({}, ""),
    ],
    ids=["credit", "alt", "licence", "over", "decorative", "complete"],
)
def test_every_picture_needs_credit_alt_text_and_a_licence_that_goes_on(writer, place, about, sentence):
    picture = stories.image(title="Saal", **about)
    body = f'{stories.BODY}<figure data-image="{picture.pk}"></figure>'
    article = stories.article(**({"lead_image": picture} if place == "lead_image" else {"body": body}))

    if sentence:
        assert refused(Blocked, article, "submit", writer) == sentence
    else:
        assert stories.act(article, "submit", writer).state == State.IN_REVIEW


def test_a_picture_that_is_over_blocks_nothing_where_another_stands_in(writer):
    picture = stories.image(licensed_until=NOON, replacement=stories.image())

    assert stories.act(stories.article(lead_image=picture), "submit", writer).state == State.IN_REVIEW


def test_the_end_of_a_licence_is_a_reminder():
    picture = stories.image(title="Saal", licensed_until=NOON + DAY)
    other = stories.image(title="Hof", licensed_until=NOON + 2 * DAY, replacement=picture)
    article = stories.article(
        lead_image=picture, body=f'{stories.BODY}<figure data-image="{other.pk}"></figure>'
    )

    assert [(found.field, found.message) for found in blockers.soft(article, NOON)][-2:] == [
        (
            "lead_image",
            f"Die Lizenz des Bildes „Saal“ endet am {german_moment(NOON + DAY)}; "
            "danach steht dort kein Bild.",
        ),
        (
            "body",
            f"Die Lizenz des Bildes „Hof“ endet am {german_moment(NOON + 2 * DAY)}; "
            "danach steht dort das Ersatzbild.",
        ),
    ]


def test_a_picture_that_is_not_there_blocks(writer):
    article = stories.article(body=f'{stories.BODY}<figure data-image="987654"></figure>')

    assert refused(Blocked, article, "submit", writer) == "Das Bild Nr. 987654 im Text gibt es nicht."


def test_a_text_made_of_a_quotation_is_not_empty(writer):
    article = stories.article(body="<blockquote>Alles wird gut.</blockquote>")

    assert stories.act(article, "submit", writer).state == State.IN_REVIEW


# --- Zurückholen, zurückgeben ------------------------------------------------------------------


def test_the_author_takes_her_text_back(writer):
    assert stories.act(stories.submitted(), "take_back", writer).state == State.DRAFT


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
def test_a_text_is_sent_back_with_a_note(editor, state):
    article = stories.submitted() if state == State.IN_REVIEW else stories.approved()

    article = stories.act(article, "send_back", editor, note="Bitte eine zweite Quelle.")

    article = stories.fresh(article)
    assert (article.state, article.approved_version) == (State.DRAFT, None)
    row = article.transitions.first()
    assert (row.action, row.source, row.note) == ("send_back", state, "Bitte eine zweite Quelle.")


@pytest.mark.parametrize("note", ["", "   ", "…", "\u200b"])
def test_nobody_sends_back_without_saying_why(editor, note):
    assert refused(NoteMissing, stories.submitted(), "send_back", editor, note=note) == (
        "Bitte ausfüllen: Was noch fehlt."
    )


def test_an_author_sends_nothing_back(writer):
    refused(NotAllowed, stories.submitted(), "send_back", writer, note="Nein")


# --- Freigeben ---------------------------------------------------------------------------------


def test_approving_pins_the_version(editor):
    article = stories.saved(stories.article(), headline="Zweite Version des Textes")

    article = stories.act(stories.submitted(article), "approve", editor)

    article = stories.fresh(article)
    assert (article.state, article.version, article.approved_version) == (State.APPROVED, 2, 2)
    assert not Edition.objects.exists()


def test_what_is_missing_blocks_the_approval(editor):
    article = stories.saved(stories.submitted(), lead="")

    assert refused(Blocked, article, "approve", editor) == "Der Vorspann fehlt."


@pytest.mark.parametrize(
    "action", ["take_back", "approve", "publish", "schedule", "reschedule", "cancel", "restore"]
)
def test_what_does_not_fit_a_draft_is_refused(chief, action):
    sentence = refused(WrongState, stories.article(), action, chief)

    assert sentence.endswith("passt nicht zum jetzigen Stand des Artikels.")


@pytest.mark.parametrize("action", ["submit", "take_back", "approve", "trash", "withdraw", "release_alone"])
def test_what_does_not_fit_an_approved_text_is_refused(chief, action):
    refused(WrongState, stories.approved(), action, chief, note="Grund")


# --- Papierkorb --------------------------------------------------------------------------------


def test_a_draft_is_thrown_away_and_fetched_back(writer):
    article = stories.act(stories.article(at=NOON), "trash", writer, at=NOON + HOUR)
    assert (stories.fresh(article).trashed_at, article.state) == (NOON + HOUR, State.DRAFT)

    article = stories.act(article, "restore", writer)
    assert (stories.fresh(article).trashed_at, article.state) == (None, State.DRAFT)


def test_what_was_ever_released_is_not_thrown_away(writer, chief):
    expired = stories.withdrawn(stories.published(at=NOON), at=NOON + HOUR)
    article = stories.act(expired, "send_back", chief, note="Neu schreiben")

    refused(WrongState, article, "trash", chief)


def test_a_plan_that_was_cancelled_counts_as_released(chief):
    planned = stories.scheduled(at=NOON, live_from=NOON + HOUR)
    article = stories.act(planned, "cancel", chief, at=NOON)
    article = stories.act(article, "send_back", chief, note="Doch nicht")

    refused(WrongState, article, "trash", chief)


@pytest.mark.parametrize("action", ["submit", "trash", "release_alone"])
def test_in_the_trash_nothing_can_be_done_but_fetching_back(chief, action):
    article = stories.act(stories.article(), "trash")

    refused(Refusal, article, action, chief, note="Grund")
    assert [action.name for action in publishing.available(chief, stories.fresh(article), NOON)] == [
        "restore"
    ]


def test_an_unknown_action_is_an_error_of_ours(writer):
    with pytest.raises(KeyError):
        stories.act(stories.article(), "launch", writer)
