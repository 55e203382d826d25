"""Door 1: a save writes article and revision as one, or it is refused and writes nothing."""

import uuid

import pytest
from django.db import transaction

from accounts import roles
from articles import editing
from articles.choices import AiUse, Genre, RevisionKind, State
from articles.editing import Content, NotYours, StaleVersion, TooLong
from articles.internal_notes import Notes
from articles.models import Article, Revision, Tag, Transition
from tests import stories
from tests.stories import HOUR, NOON

pytestmark = pytest.mark.django_db


def everything() -> list:
    """Return all rows that the door may write."""
    through = (Article.bylines.rel.related_model, Article.tag_rows.rel.related_model)
    models = (Article, Revision, Tag, Transition, Article.related_rows.rel.related_model, *through)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- What a save writes ------------------------------------------------------------------------


def test_a_new_manuscript_is_a_draft_of_the_person_who_began_it(writer):
    article = stories.article(writer, at=NOON)

    article = stories.fresh(article)
    assert (article.state, article.version, article.steps, article.approved_version) == (
        State.DRAFT,
        1,
        0,
        None,
    )
    assert (article.owner, article.changed_by, article.changed_at) == (writer, writer, NOON)
    assert article.trashed_at is None


def test_a_manuscript_may_begin_with_nothing(writer):
    article = editing.create(writer, Content())

    assert (article.headline, article.version, str(article)) == ("", 1, "Ohne Überschrift")


def test_what_was_saved_reads_back_as_it_was_typed(writer):
    picture, other = stories.image(), stories.article(writer)
    typed = stories.content(
        kicker="Notenbank",
        headline="Zinsen steigen",
        lead="Der Rat hat entschieden.",
        body="<p>Am Montag.</p>",
        slug="zinsen",
        lead_image=picture,
        lead_caption="Im Saal",
        genre=Genre.ANALYSIS,
        ai_use=AiUse.ASSISTED,
        seo_title="Zinsen",
        seo_description="Der Rat entscheidet",
        bylines=[(stories.author("Max Moll"), "photo"), (stories.author(), "text")],
        tags=["Zinsen", "EZB"],
        related=[other.pk],
    )

    article = editing.create(writer, typed)

    assert editing.content_of(stories.fresh(article)).snapshot() == typed.snapshot()


def test_every_save_leaves_a_revision_with_the_whole_text(writer, editor):
    article = stories.article(writer, at=NOON)
    stories.saved(
        article, editor, at=NOON + HOUR, headline="Zweite Überschrift für alle", tags=["Öl", "Banken"]
    )

    second, first = article.revisions.all()

    assert (first.number, first.author, first.created_at, first.kind) == (
        1,
        writer,
        NOON,
        RevisionKind.MANUAL,
    )
    assert (second.number, second.author, second.created_at) == (2, editor, NOON + HOUR)
    assert first.content["headline"] == stories.HEADLINE
    assert second.content == {
        "kicker": "Börse",
        "headline": "Zweite Überschrift für alle",
        "lead": stories.LEAD,
        "body": stories.BODY,
        "section": stories.section().pk,
        "slug": "",
        "lead_image": None,
        "lead_caption": "",
        "genre": "news",
        "ai_use": "none",
        "seo_title": "",
        "seo_description": "",
        "bylines": [[stories.author().pk, "text"]],
        "tags": ["Öl", "Banken"],
        "related": [],
    }


def test_the_kind_of_a_revision_is_kept(writer):
    article = editing.create(writer, stories.content(), kind=RevisionKind.IMPORT)

    assert article.revisions.get().kind == RevisionKind.IMPORT


def test_a_save_that_changes_nothing_writes_nothing(writer):
    article = stories.article(writer, at=NOON, related=[stories.article().pk], tags=["Öl", "Banken"])
    before = everything()

    saved = stories.saved(article, stories.editor(), at=NOON + HOUR)

    assert everything() == before
    assert saved.version == article.version


@pytest.mark.parametrize(
    "change",
    [{"headline": f"  {stories.HEADLINE}\n"}, {"tags": ["banken"]}, {"body": f"{stories.BODY}<p></p>"}],
    ids=["spaces", "a topic in another spelling", "an empty paragraph"],
)
def test_a_change_that_nobody_would_see_is_none(writer, change):
    article = stories.article(writer)
    before = everything()

    stories.saved(article, **change)

    assert everything() == before


def test_notes_are_saved_beside_the_text_and_void_no_approval(writer, editor):
    article = stories.approved(stories.article(writer))

    editing.save(
        editor,
        article,
        editing.content_of(article),
        base_version=article.version,
        notes=Notes("Anwältin\u202e fragen"),
    )

    article = stories.fresh(article)
    assert (article.notes, article.state, article.version) == ("Anwältin fragen", State.APPROVED, 1)


def test_a_save_without_notes_keeps_them(writer):
    article = editing.create(writer, stories.content(), notes=Notes("Rückruf abwarten"))

    stories.saved(article, headline="Etwas ganz anderes")

    assert stories.fresh(article).notes == "Rückruf abwarten"


# --- Version check -----------------------------------------------------------------------------


def test_a_stale_save_is_refused_and_writes_nothing(writer, editor):
    article = stories.article(writer)
    stories.saved(article, editor, headline="Was der Redakteur schrieb")
    before = everything()

    with pytest.raises(StaleVersion) as refusal:
        editing.save(
            writer, article, stories.content(headline="Was ich schrieb"), base_version=1, notes=Notes("x")
        )

    assert everything() == before
    assert refusal.value.theirs.headline == "Was der Redakteur schrieb"
    assert str(refusal.value) == (
        "Bernd Kaiser hat diesen Artikel inzwischen gespeichert. Ihr Text ist unten noch da."
    )


@pytest.mark.parametrize("base_version", [0, 2, 99])
def test_only_the_version_that_is_there_can_be_saved_upon(writer, base_version):
    article = stories.article(writer)

    with pytest.raises(StaleVersion):
        editing.save(writer, article, stories.content(headline="Neu"), base_version=base_version)


def test_a_save_whose_answer_was_lost_may_be_sent_again(writer):
    article = stories.article(writer, related=[])
    content = stories.content(headline="Zweimal „gesendet“", tags=["banken", "Öl"])
    editing.save(writer, article, content, base_version=1, notes=Notes("x"))
    before = everything()

    again = editing.save(writer, article, content, base_version=1, notes=Notes("x"))

    assert (again.version, everything()) == (2, before)


def test_the_same_words_of_somebody_else_are_another_save(writer, editor):
    article = stories.article(writer)
    content = stories.content(headline="Dasselbe")
    editing.save(editor, article, content, base_version=1)

    with pytest.raises(StaleVersion):
        editing.save(writer, article, content, base_version=1)


def test_what_was_sent_again_too_late_is_stale(writer):
    article = stories.article(writer)
    content = stories.content(headline="Einmal")
    editing.save(writer, article, content, base_version=1)
    stories.saved(article, writer, headline="Anders")
    stories.saved(article, writer, headline="Einmal")

    with pytest.raises(StaleVersion):
        editing.save(writer, article, content, base_version=1)


def test_a_form_that_is_sent_twice_begins_one_article(writer):
    form, content = uuid.uuid4(), stories.content(tags=["banken"])
    first = editing.create(writer, content, form=form)
    before = everything()

    assert (editing.create(writer, content, form=form), everything()) == (first, before)


def test_a_form_with_another_text_or_of_another_person_begins_another_article(writer, editor):
    form = uuid.uuid4()
    begun = [
        editing.create(writer, stories.content(), form=form),
        editing.create(writer, stories.content(headline="Noch einer"), form=form),
        editing.create(editor, stories.content(), form=form),
        editing.create(writer, stories.content()),
        editing.create(writer, stories.content()),
    ]

    assert len({article.pk for article in begun}) == 5
    assert [article.version for article in begun] == [1] * 5


def test_an_old_object_in_memory_changes_nothing(writer):
    article = stories.article(writer)
    stale = stories.fresh(article)
    stories.act(article, "submit")
    stale.state, stale.notes = State.APPROVED, "überschrieben"

    saved = editing.save(writer, stale, stories.content(headline="Neue Überschrift hier"), base_version=1)

    assert (stories.fresh(saved).state, stories.fresh(saved).notes) == (State.IN_REVIEW, "")


# --- Who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (roles.AUTHOR, True),
        (roles.EDITOR, True),
        (roles.CHIEF, True),
        (roles.PICTURE_DESK, False),
        (roles.TECH, False),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_who_may_begin_a_manuscript(role, may):
    account = stories.user(role)

    if may:
        assert editing.create(account, stories.content()).owner == account
    else:
        with pytest.raises(NotYours):
            editing.create(account, stories.content())
        assert not Article.objects.exists()


EDIT = {
    # who: states in which she may save
    "owner": {State.DRAFT, State.IN_REVIEW},
    "in the byline": {State.DRAFT, State.IN_REVIEW},
    "another author": set(),
    "editor": set(State),
    "chief": set(State),
    "picture desk": set(),
    "tech": set(),
    "superuser without a role": set(),
    "author who is no longer staff": set(),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EDIT)
def test_who_may_change_a_manuscript_in_which_state(who, state):
    named = stories.user(roles.AUTHOR)
    bylines = [(stories.author("Max Moll", user=named), "text")]
    article = stories.article(bylines=bylines)
    if state != State.DRAFT:
        stories.submitted(article)
    if state == State.APPROVED:
        stories.approved(article)
    person = {
        "owner": stories.writer,
        "in the byline": lambda: named,
        "another author": lambda: stories.user(roles.AUTHOR),
        "editor": stories.editor,
        "chief": stories.chief,
        "picture desk": lambda: stories.user(roles.PICTURE_DESK),
        "tech": lambda: stories.user(roles.TECH),
        "superuser without a role": lambda: stories.user(is_superuser=True),
        "author who is no longer staff": lambda: stories.user(roles.AUTHOR, is_staff=False),
    }[who]()
    before = everything()

    if state in EDIT[who]:
        assert stories.saved(article, person, headline="Neue Überschrift hier").version == 2
    else:
        with pytest.raises(NotYours):
            stories.saved(article, person, headline="Neue Überschrift hier")
        assert everything() == before


@pytest.mark.parametrize("person", [stories.writer, stories.editor, stories.chief], ids=lambda p: p.__name__)
def test_what_lies_in_the_trash_is_not_changed(person):
    article = stories.act(stories.article(), "trash")

    with pytest.raises(NotYours):
        stories.saved(article, person(), headline="Neue Überschrift hier")


# --- Approval ----------------------------------------------------------------------------------


def test_a_change_after_approval_voids_it(writer, editor):
    article = stories.approved(stories.article(writer, at=NOON), at=NOON)
    token = article.token

    article = stories.saved(article, editor, at=NOON + HOUR, headline="Nachträglich geändert hier")

    article = stories.fresh(article)
    assert (article.state, article.approved_version, article.version) == (State.DRAFT, None, 2)
    assert article.token != token
    void = article.transitions.first()
    assert (void.action, void.source, void.target, void.version, void.actor, void.at) == (
        "void", State.APPROVED, State.DRAFT, 2, editor, NOON + HOUR,
    )  # fmt: skip


def test_a_change_in_review_stays_in_review_and_logs_no_action(writer):
    article = stories.submitted(stories.article(writer))

    stories.saved(article, headline="Noch schnell geändert hier")

    article = stories.fresh(article)
    assert article.state == State.IN_REVIEW
    assert [row.action for row in article.transitions.all()] == ["submit"]


def test_readers_see_nothing_of_a_save(writer, editor):
    article = stories.published(stories.article(writer, at=NOON), at=NOON)
    before = stories.editions_of(article)

    stories.saved(article, editor, at=NOON + HOUR, headline="Nur im Manuskript geändert", tags=["Neu"])

    after = stories.editions_of(article)
    assert [vars(e) | {"_state": 0} for e in after] == [vars(e) | {"_state": 0} for e in before]
    assert [tag.name for tag in after[0].tags.all()] == ["Banken"]


# --- Lengths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("kicker", 60),
        ("headline", 200),
        ("lead", 800),
        ("lead_caption", 400),
        ("seo_title", 90),
        ("seo_description", 200),
    ],
)
def test_a_text_fits_its_column_or_is_refused_in_german(writer, field, limit):
    article = editing.create(writer, stories.content(**{field: "x" * limit}))
    assert getattr(stories.fresh(article), field) == "x" * limit
    before = everything()

    with pytest.raises(TooLong, match=f"{limit + 1} Zeichen, erlaubt sind {limit}"), transaction.atomic():
        stories.saved(article, **{field: "x" * (limit + 1)})

    assert everything() == before


def test_a_text_that_typography_makes_too_long_is_refused_as_well(writer):
    article = stories.article(writer)

    with pytest.raises(TooLong):
        stories.saved(article, kicker="x" * 55 + " z.B.")


def test_a_refused_beginning_leaves_no_article(writer):
    with pytest.raises(TooLong):
        editing.create(writer, stories.content(kicker="x" * 61))

    assert not Article.objects.exists()
