"""Publishing: an edition is a frozen copy, a new one takes over in its second and says what it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.choices import EditionKind, Genre, State
from articles.models import Edition
from articles.publishing import Blocked, NotAllowed, NoteMissing, WrongState
from renewz.lib.dates import FOREVER
from tests import stories
from tests.articles.test_review import refused
from tests.stories import DAY, HOUR, NOON, SECOND

pytestmark = pytest.mark.django_db


# --- The first edition -------------------------------------------------------------------------


def test_publishing_shows_the_text_at_once_and_until_further_notice(editor):
    article = stories.published(at=NOON)

    [edition] = stories.editions_of(article)
    assert (edition.number, edition.kind, edition.note) == (1, EditionKind.FIRST, "")
    assert (edition.live_from, edition.live_until, edition.planned_until) == (NOON, FOREVER, FOREVER)
    assert (edition.first_live_from, edition.updated_at) == (NOON, None)
    assert (edition.released_at, edition.released_by) == (NOON, editor)
    assert stories.fresh(article).state == State.APPROVED


def test_an_edition_says_what_the_manuscript_says(editor):
    picture, other = stories.image(), stories.article()
    anna, max_ = stories.author(), stories.author("Max Moll")
    article = stories.published(
        at=NOON, kicker="Notenbank", headline="Zinsen steigen überraschend", lead="Der Rat hat entschieden.",
        body=f'<p>Am <a href="/artikel/{other.pk}/">Montag</a>.</p>'
             f'<figure data-image="{picture.pk}"></figure>'
             '<ul><li>eins</li><li>zwei</li></ul>',
        lead_image=picture, lead_caption="Im Saal", genre=Genre.ANALYSIS, seo_title="Zinsen",
        seo_description="Der Rat entscheidet", bylines=[(max_, "photo"), (anna, "text")],
        tags=["Zinsen", "EZB"], related=[other.pk],
    )  # fmt: skip

    [edition] = stories.editions_of(article)

    assert (edition.kicker, edition.headline, edition.lead) == (
        "Notenbank", "Zinsen steigen überraschend", "Der Rat hat entschieden.",
    )  # fmt: skip
    assert edition.body == article.body
    assert (edition.section, edition.lead_image, edition.lead_caption) == (
        article.section,
        picture,
        "Im Saal",
    )
    assert (edition.genre, edition.ai_use) == ("analysis", "none")
    assert (edition.seo_title, edition.seo_description) == ("Zinsen", "Der Rat entscheidet")
    assert edition.revision == article.revisions.get(number=article.version)
    assert edition.slug == "zinsen-steigen-ueberraschend"
    assert edition.plain_text == "Am Montag.\neins\nzwei"
    assert edition.word_count == 4
    assert (edition.body_image_ids, edition.teased_ids, edition.related_ids) == (
        [picture.pk],
        [other.pk],
        [other.pk],
    )
    assert edition.byline_rows() == [(max_, "photo"), (anna, "text")]
    assert [row.tag.name for row in edition.tag_rows.order_by("pk")] == ["Zinsen", "EZB"]


def test_rows_of_an_edition_carry_the_date_of_the_article():
    article = stories.revised(stories.published(at=NOON), at=NOON + DAY)

    for edition in stories.editions_of(article):
        rows = [*edition.bylines.all(), *edition.tag_rows.all()]
        assert len(rows) == 2
        assert {row.first_live_from for row in rows} == {NOON}


def test_the_address_is_the_one_that_was_chosen_or_that_of_the_headline():
    chosen = stories.live_edition(stories.published(at=NOON, slug="Über uns"), NOON)

    assert chosen.get_absolute_url() == f"/wirtschaft/ueber-uns-{chosen.article_id}/"


def test_a_first_edition_is_the_first_whatever_was_wished():
    article = stories.act(stories.approved(at=NOON), "publish", at=NOON, kind=EditionKind.CORRECTION)

    assert [edition.kind for edition in stories.editions_of(article)] == [EditionKind.FIRST]


@pytest.mark.parametrize("action", ["publish", "schedule"])
def test_only_an_approved_text_is_published(editor, action):
    refused(WrongState, stories.submitted(), action, editor, live_from=NOON)


def test_an_author_publishes_nothing(writer):
    assert refused(NotAllowed, stories.approved(), "publish", writer) == (
        "„Veröffentlichen“ dürfen Sie bei diesem Artikel nicht."
    )


def test_a_picture_that_lost_its_credit_blocks_the_release(editor):
    picture = stories.image(title="Saal")
    article = stories.approved(lead_image=picture)
    picture.credit = ""
    picture.save()

    assert refused(Blocked, article, "publish", editor) == "Der Bildnachweis fehlt: „Saal“."


def test_the_same_text_is_not_published_twice(editor):
    article = stories.published(at=NOON)

    assert refused(WrongState, article, "publish", editor, at=NOON + HOUR) == (
        "Genau dieser Text ist schon online oder geplant."
    )


# --- The next edition --------------------------------------------------------------------------


def test_a_new_edition_takes_over_at_its_moment_and_the_number_counts_on():
    article = stories.revised(stories.published(at=NOON), at=NOON + DAY, headline="Neue Überschrift hier")

    first, second = stories.editions_of(article)
    assert (first.number, first.live_from, first.live_until) == (1, NOON, NOON + DAY)
    assert (second.number, second.live_from, second.live_until) == (2, NOON + DAY, FOREVER)
    assert stories.live_edition(article, NOON + DAY - SECOND) == first
    assert stories.live_edition(article, NOON + DAY) == second


@pytest.mark.parametrize(
    ("kind", "note", "updated_at"),
    [
        (EditionKind.TYPO, "", None),
        (EditionKind.UPDATE, "Mit Stellungnahme der Bank.", NOON + DAY),
        (EditionKind.CORRECTION, "Die Zahl war falsch: richtig sind drei Prozent.", NOON + DAY),
    ],
)
def test_the_kind_decides_whether_readers_are_told(kind, note, updated_at):
    article = stories.revised(stories.published(at=NOON), at=NOON + DAY, kind=kind, reader_note=note)

    edition = stories.live_edition(article, NOON + DAY)
    assert (edition.kind, edition.note) == (kind, note)
    assert (edition.first_live_from, edition.updated_at) == (NOON, updated_at)


def test_a_typing_error_after_an_update_leaves_its_date():
    article = stories.revised(stories.published(at=NOON), at=NOON + DAY)
    article = stories.revised(article, at=NOON + 2 * DAY, kind=EditionKind.TYPO)

    assert [edition.updated_at for edition in stories.editions_of(article)] == [None, NOON + DAY, NOON + DAY]


@pytest.mark.parametrize("wished", ["", "first", "withdrawal", "nonsense"])
def test_a_kind_that_can_not_be_wished_is_an_update(wished):
    article = stories.revised(stories.published(at=NOON), at=NOON + DAY, kind=wished)

    assert stories.live_edition(article, NOON + DAY).kind == EditionKind.UPDATE


def test_the_note_for_readers_is_cleaned_and_set():
    article = stories.revised(
        stories.published(at=NOON), at=NOON + DAY, kind="correction", reader_note=' Es hieß "nein"\u202e... '
    )

    assert stories.live_edition(article, NOON + DAY).note == "Es hieß „nein“…"


@pytest.mark.parametrize("note", ["", "  ", "…"])
def test_a_correction_says_what_was_wrong(chief, note):
    article = stories.approved(stories.saved(stories.published(at=NOON), headline="Richtig gestellte Zeile"))

    sentence = refused(NoteMissing, article, "publish", chief, kind="correction", reader_note=note)

    assert sentence == "Bitte schreiben Sie, was falsch war und was richtig ist."


@pytest.mark.parametrize("action", ["publish", "schedule"])
def test_a_correction_needs_the_right_to_correct(editor, action):
    article = stories.approved(stories.saved(stories.published(at=NOON), headline="Richtig gestellte Zeile"))

    sentence = refused(
        NotAllowed, article, action, editor,
        at=NOON + HOUR, live_from=NOON + DAY, kind="correction", reader_note="Es waren drei.",
    )  # fmt: skip

    assert sentence == "Eine Korrektur veröffentlicht die Chefin oder der Chef vom Dienst."


@pytest.mark.parametrize("kind", ["typo", "update"])
def test_an_editor_publishes_every_other_kind(editor, kind):
    article = stories.approved(stories.saved(stories.published(at=NOON), headline="Neue Überschrift hier"))

    article = stories.act(article, "publish", editor, at=NOON + HOUR, kind=kind)

    assert stories.live_edition(article, NOON + HOUR).released_by == editor


def test_a_quiet_revision_reaches_readers_only_with_its_edition(editor, writer):
    article = stories.published(at=NOON, headline="Was Leserinnen sehen")
    first = stories.live_edition(article, NOON)

    article = stories.saved(article, editor, at=NOON + HOUR, headline="Was in Arbeit ist")
    assert stories.live_edition(article, NOON + 2 * HOUR) == first
    article = stories.act(article, "submit", editor, at=NOON + HOUR)
    article = stories.act(article, "approve", stories.chief(), at=NOON + HOUR)
    assert stories.live_edition(article, NOON + 2 * HOUR) == first
    stories.act(article, "schedule", editor, at=NOON + HOUR, live_from=NOON + DAY)

    assert stories.live_edition(article, NOON + DAY - SECOND).headline == "Was Leserinnen sehen"
    assert stories.live_edition(article, NOON + DAY).headline == "Was in Arbeit ist"
    assert Edition.objects.live(NOON + DAY).filter(article=article).count() == 1


# --- In an emergency ---------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW])
def test_the_chief_releases_alone_with_a_reason_in_the_log(chief, state):
    article = stories.article(chief, at=NOON)
    if state == State.IN_REVIEW:
        article = stories.act(article, "submit", chief, at=NOON)

    article = stories.act(article, "release_alone", chief, at=NOON, note="Bombenfund, niemand da.")

    article = stories.fresh(article)
    edition = stories.live_edition(article, NOON)
    assert (article.state, article.approved_version) == (State.APPROVED, article.version)
    row = article.transitions.first()
    assert (row.action, row.source, row.target) == ("release_alone", state, State.APPROVED)
    assert (row.actor, row.note, row.edition) == (chief, "Bombenfund, niemand da.", edition)


def test_nobody_releases_alone_without_a_reason(chief):
    assert refused(NoteMissing, stories.article(chief), "release_alone", chief) == (
        "Bitte ausfüllen: Begründung für Verlauf und Übersicht."
    )


def test_an_emergency_does_not_excuse_what_is_missing(chief):
    refused(Blocked, stories.article(chief, lead=""), "release_alone", chief, note="Bombenfund")


def test_an_editor_does_not_release_alone(editor):
    refused(NotAllowed, stories.article(editor), "release_alone", editor, note="Bombenfund")


def test_a_release_holds_its_pictures_so_that_nobody_takes_their_licence_away_meanwhile(editor):
    picture = stories.image()
    article = stories.approved(lead_image=picture)
    with CaptureQueriesContext(connection) as asked:
        stories.act(article, "publish", editor)
    held = [
        place for place, query in enumerate(asked.captured_queries)
        if '"images_image"' in query["sql"] and '"articles_articlepicture"' in query["sql"]
        and ("FOR UPDATE" in query["sql"] or connection.vendor == "sqlite")  # there one writes at a time
    ]  # fmt: skip
    looked = [
        place for place, query in enumerate(asked.captured_queries)
        if '"images_image"."licence"' in query["sql"]
    ]  # fmt: skip

    assert held[0] < looked[0]
