"""How editions are made and how their periods hand over. Used by ``publishing`` only.

Every function runs inside the door's transaction, with the article's row locked. Periods of
one article never overlap: who comes closes its predecessor at that moment, who is cancelled
opens it again until the end that was planned for it.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.models import User
from articles import body
from articles.choices import EditionKind
from articles.models import (
    FOREVER,
    STORY_FIELDS,
    Article,
    Edition,
    EditionByline,
    Revision,
    TaggedEdition,
)
from authors.models import Author
from renewz.lib.text import slugify

# Kinds after which readers are told „Aktualisiert“.
_TOLD = {EditionKind.UPDATE, EditionKind.CORRECTION}


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


def freeze(
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
    references = body.references(article.body)
    plain = body.plain_text(article.body)
    values: dict[str, Any] = {name: getattr(article, name) for name in STORY_FIELDS}
    values |= {
        "slug": article.slug or slugify(article.headline),
        "revision": Revision.objects.get(article=article, number=article.version),
        "plain_text": plain,
        "word_count": len(plain.split()),
        "body_image_ids": references.images,
        "teased_ids": references.articles,
        "related_ids": list(article.related_rows.values_list("target_id", flat=True)),
    }
    bylines = [(row.author, row.role) for row in article.bylines.select_related("author")]
    tag_ids = list(article.tag_rows.order_by("pk").values_list("tag_id", flat=True))
    return _add(
        article, user, values, bylines, tag_ids,
        kind=kind, note=note, live_from=live_from, live_until=live_until, now=now,
    )  # fmt: skip


def copy(
    edition: Edition, user: User, *, live_from: dt.datetime, live_until: dt.datetime, now: dt.datetime
) -> Edition:
    """Make the same edition again with another period: editions themselves never move."""
    names = (*STORY_FIELDS, "revision", "plain_text", "word_count", "body_image_ids", "teased_ids", "related_ids")
    values = {name: getattr(edition, name) for name in names}
    bylines = [(row.author, row.role) for row in edition.bylines.select_related("author")]
    tag_ids = list(edition.tag_rows.order_by("pk").values_list("tag_id", flat=True))
    return _add(
        edition.article, user, values, bylines, tag_ids,
        kind=EditionKind(edition.kind), note=edition.note, live_from=live_from, live_until=live_until, now=now,
    )  # fmt: skip


def withdraw(article: Article, user: User, reason: str, now: dt.datetime) -> Edition:
    """Put a withdrawal in the place of the live edition. It holds the reason and no content."""
    live = Edition.objects.live(now).get(article=article)
    values = {"headline": "Zurückgezogen", "section": live.section, "slug": live.slug, "genre": live.genre}
    return _add(
        article, user, values, [], [],
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


def _add(  # noqa: PLR0913
    article: Article,
    user: User | None,
    values: dict[str, Any],
    bylines: Iterable[tuple[Author, str]],
    tag_ids: Iterable[int],
    *,
    kind: EditionKind,
    note: str,
    live_from: dt.datetime,
    live_until: dt.datetime,
    now: dt.datetime,
) -> Edition:
    before = Edition.objects.in_force(live_from).filter(article=article).first()
    if before is not None:
        _end(before, live_from)
    last = article.editions.order_by("-number").first()
    # The latest of those that readers have seen, or will have seen when this one begins.
    seen = Edition.objects.begun(live_from).filter(article=article).order_by("-number").first()
    first = seen.first_live_from if seen else live_from
    told = live_from if kind in _TOLD else (seen.updated_at if seen else None)
    edition = Edition.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        kind=kind,
        note=note,
        live_from=live_from,
        live_until=live_until,
        planned_until=live_until,
        first_live_from=first,
        updated_at=told,
        released_at=now,
        released_by=user,
        **values,
    )
    EditionByline.objects.bulk_create(
        EditionByline(edition=edition, author=author, role=role, position=place, first_live_from=first)
        for place, (author, role) in enumerate(bylines)
    )
    TaggedEdition.objects.bulk_create(
        TaggedEdition(content_object=edition, tag_id=pk, first_live_from=first) for pk in tag_ids
    )
    return edition
