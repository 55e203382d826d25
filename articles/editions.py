"""How editions are made and how their periods hand over. Used by ``publishing`` only.

Every function runs inside the door's transaction, with the article's row locked. Periods of
one article never overlap: who comes closes its predecessor at that moment, who is cancelled
opens it again until the end that was planned for it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, prefetch_related_objects

from accounts.models import User
from articles import body
from articles.choices import EditionKind
from articles.models import (
    STORY_FIELDS,
    Article,
    Edition,
    EditionByline,
    EditionPicture,
    Revision,
    TaggedEdition,
)
from renewz.lib.dates import FOREVER
from renewz.lib.text import slugify

# Kinds after which readers are told „Aktualisiert“.
_TOLD = {EditionKind.UPDATE, EditionKind.CORRECTION}


@dataclass(frozen=True)
class _Text:
    """What an edition says, without its period: columns, byline and topics."""

    columns: dict[str, Any]
    bylines: list[tuple[int, str]]  # numbers of authors, with their role
    tag_ids: list[int]


def kind_for(article: Article, wished: str, at: dt.datetime) -> EditionKind:
    """Return the kind of the next edition: the first is the first, later ones as wished."""
    if not Edition.objects.begun(at).filter(article=article).exists():
        return EditionKind.FIRST
    if wished in {EditionKind.TYPO, EditionKind.UPDATE, EditionKind.CORRECTION}:
        return EditionKind(wished)
    return EditionKind.UPDATE


def says_the_same(article: Article, live_until: dt.datetime, at: dt.datetime) -> bool:
    """Say whether readers see or will see exactly this version already, as long as planned."""
    live = Edition.objects.live(at).filter(article=article).select_related("revision").first()
    return (
        live is not None
        and live.revision is not None
        and live.revision.number == article.version
        and live.live_until == live_until
    )


def freeze(  # noqa: PLR0913
    article: Article,
    user: User | None,
    *,
    kind: EditionKind,
    note: str,
    live_from: dt.datetime,
    live_until: dt.datetime,
    now: dt.datetime,
) -> Edition:
    """Make an edition of the manuscript as it is; its predecessor ends when it begins."""
    revision = Revision.objects.get(article=article, number=article.version)
    return _add(
        article, user, _text_of_manuscript(article, revision),
        kind=kind, note=note, live_from=live_from, live_until=live_until, now=now,
    )  # fmt: skip


def freeze_first(
    articles: Sequence[tuple[Article, dt.datetime]], user: User, now: dt.datetime
) -> list[Edition]:
    """Make the first editions of manuscripts that never had one, in a handful of queries.

    For what was published elsewhere: each begins at its own moment, open-ended.
    """
    manuscripts = [article for article, _ in articles]
    prefetch_related_objects(manuscripts, "bylines", "tag_rows", "related_rows")
    rows = Revision.objects.filter(article__in=manuscripts, number=F("article__version")).defer("content")
    revisions = {revision.article_id: revision for revision in rows}
    made = []
    for article, begin in articles:
        text = _text_of_manuscript(article, revisions[article.pk])
        edition = _edition(
            article,
            user,
            text,
            kind=EditionKind.FIRST,
            live_from=begin,
            live_until=FOREVER,
            now=min(begin, now),
        )
        made.append((edition, text))
    Edition.objects.bulk_create(edition for edition, _ in made)
    _add_rows(made)
    return [edition for edition, _ in made]


def copy(
    edition: Edition, user: User, *, live_from: dt.datetime, live_until: dt.datetime, now: dt.datetime
) -> Edition:
    """Make the same edition again with another period: editions themselves never move."""
    names = (
        *STORY_FIELDS,
        "revision",
        "plain_text",
        "word_count",
        "body_image_ids",
        "teased_ids",
        "related_ids",
    )
    text = _Text({name: getattr(edition, name) for name in names}, *_rows_of(edition))
    return _add(
        edition.article, user, text,
        kind=EditionKind(edition.kind), note=edition.note,
        live_from=live_from, live_until=live_until, now=now,
    )  # fmt: skip


def withdraw(article: Article, user: User, reason: str, now: dt.datetime) -> Edition:
    """Put a withdrawal in the place of the live edition. It holds the reason and no content."""
    live = Edition.objects.live(now).get(article=article)
    columns = {"headline": "Zurückgezogen", "section": live.section, "slug": live.slug, "genre": live.genre}
    return _add(
        article, user, _Text(columns, [], []),
        kind=EditionKind.WITHDRAWAL, note=reason, live_from=now, live_until=FOREVER, now=now,
    )  # fmt: skip


def cancel_waiting(article: Article, now: dt.datetime) -> Edition | None:
    """Empty the period of the waiting edition and give its predecessor the planned end back."""
    waiting = Edition.objects.waiting(now).filter(article=article).first()
    if waiting is None:
        return None
    _end(waiting, waiting.live_from)
    before = Edition.objects.in_force(now).filter(article=article).first()
    if before is not None and before.live_until == waiting.live_from:
        _end(before, before.planned_until)
    return waiting


def _end(edition: Edition, moment: dt.datetime) -> None:
    edition.live_until = moment
    edition.save(update_fields=("live_until",))


def _text_of_manuscript(article: Article, revision: Revision) -> _Text:
    """Work out all that rendering will need; rows that are prefetched are not asked for again."""
    references = body.references(article.body)
    plain = body.plain_text(article.body)
    columns = {name: getattr(article, name) for name in STORY_FIELDS} | {
        "slug": article.slug or slugify(article.headline),
        "revision": revision,
        "plain_text": plain,
        "word_count": len(plain.split()),
        "body_image_ids": references.images,
        "teased_ids": references.articles,
        "related_ids": [row.target_id for row in article.related_rows.all()],
    }
    return _Text(columns, *_rows_of(article))


def _rows_of(story: Article | Edition) -> tuple[list[tuple[int, str]], list[int]]:
    """Return byline and topics in their order."""
    bylines = [(row.author_id, row.role) for row in story.bylines.all()]
    tag_rows: list[Any] = sorted(story.tag_rows.all(), key=lambda row: row.pk)
    return bylines, [row.tag_id for row in tag_rows]


def _add(  # noqa: PLR0913
    article: Article,
    user: User | None,
    text: _Text,
    *,
    kind: EditionKind,
    note: str,
    live_from: dt.datetime,
    live_until: dt.datetime,
    now: dt.datetime,
) -> Edition:
    """Add an edition to those that the article has; its predecessor ends when it begins."""
    before = Edition.objects.in_force(live_from).filter(article=article).first()
    if before is not None:
        _end(before, live_from)
    last = article.editions.order_by("-number").first()
    edition = _edition(article, user, text, kind=kind, live_from=live_from, live_until=live_until, now=now)
    edition.note = note
    edition.number = last.number + 1 if last else 1
    # The latest of those that readers have seen, or will have seen when this one begins.
    seen = Edition.objects.begun(live_from).filter(article=article).order_by("-number").first()
    if seen is not None:
        edition.first_live_from = seen.first_live_from
    if kind in _TOLD:
        edition.updated_at = live_from
    elif seen is not None:
        edition.updated_at = seen.updated_at
    edition.save()
    _add_rows([(edition, text)])
    return edition


def _edition(  # noqa: PLR0913
    article: Article,
    user: User | None,
    text: _Text,
    *,
    kind: EditionKind,
    live_from: dt.datetime,
    live_until: dt.datetime,
    now: dt.datetime,
) -> Edition:
    """Return an edition as the first of its article would be; saves nothing."""
    return Edition(
        article=article,
        number=1,
        kind=kind,
        live_from=live_from,
        live_until=live_until,
        planned_until=live_until,
        first_live_from=live_from,
        released_at=now,
        released_by=user,
        **text.columns,
    )


def _add_rows(made: Iterable[tuple[Edition, _Text]]) -> None:
    """Add byline and topics; each row carries the article's date for the lists that walk it."""
    made = list(made)
    EditionByline.objects.bulk_create(
        EditionByline(
            edition=edition, author_id=pk, role=role, position=place, first_live_from=edition.first_live_from
        )
        for edition, text in made
        for place, (pk, role) in enumerate(text.bylines)
    )
    TaggedEdition.objects.bulk_create(
        TaggedEdition(content_object=edition, tag_id=pk, first_live_from=edition.first_live_from)
        for edition, text in made
        for pk in text.tag_ids
    )
    EditionPicture.objects.bulk_create(
        EditionPicture(edition=edition, image_id=pk)
        for edition, _ in made
        for pk in dict.fromkeys([edition.lead_image_id, *edition.body_image_ids])
        if pk is not None
    )
