"""Door 1: content. Checks the version, cleans, typesets, and writes article and revision as one.

Everything that changes what a manuscript says goes through ``save``: the writing page,
importers, commands. It never touches readers, dates or addresses that are live.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles import body, permissions
from articles.choices import AiUse, BylineRole, Genre, RevisionKind, State
from articles.internal_notes import Notes, together
from articles.models import (
    STORY_FIELDS,
    Article,
    ArticleByline,
    ArticlePicture,
    RelatedArticle,
    Revision,
    Section,
    Tag,
    TaggedArticle,
    Transition,
)
from authors.models import Author
from images.models import Image
from renewz.lib.text import clean_line, clean_text, fold, looks_empty, slugify, typeset

logger = logging.getLogger(__name__)


class EditingRefused(Exception):
    """A save that is not done; ``str()`` is a German sentence for the person who saves."""


class NotYours(EditingRefused):
    """The person may not change this text now."""


class TooLong(EditingRefused):
    """A text does not fit into its column."""


class NotesTooLong(TooLong):
    """Internal notes do not fit beside those that somebody else has written meanwhile."""


class StaleVersion(EditingRefused):
    """Somebody else saved in between; nothing was written."""

    def __init__(self, theirs: Article) -> None:
        self.theirs = theirs
        who = theirs.changed_by or "Jemand"
        super().__init__(f"{who} hat diesen Artikel inzwischen gespeichert. Ihr Text ist unten noch da.")


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that a manuscript says."""

    kicker: str = ""
    headline: str = ""
    lead: str = ""
    body: str = ""
    section: Section | None = None
    slug: str = ""
    lead_image: Image | None = None
    lead_caption: str = ""
    genre: str = Genre.NEWS
    ai_use: str = AiUse.UNANSWERED
    seo_title: str = ""
    seo_description: str = ""
    bylines: Sequence[tuple[Author, str]] = ()
    tags: Sequence[str] = ()
    related: Sequence[int] = ()

    def cleaned(self) -> "Content":
        """Return the same content harmless, typeset and in its one spelling. Idempotent."""
        lines = ("kicker", "headline", "lead_caption", "seo_title", "seo_description")
        changes: dict[str, object] = {name: typeset(clean_line(getattr(self, name))) for name in lines}
        changes |= {name: "" for name in lines if looks_empty(str(changes[name]))}
        changes["lead"] = typeset(clean_line(clean_text(self.lead).replace("\n", " ")))
        changes["body"] = body.clean(self.body)
        # Empty means: follow the headline, until an edition freezes the address of its day.
        changes["slug"] = slugify(self.slug) if self.slug else ""
        roles = {author.pk: (author, role or BylineRole.TEXT) for author, role in self.bylines}
        changes["bylines"] = list(roles.values())
        changes["tags"] = list(
            {fold(name): name for tag in self.tags if not looks_empty(name := clean_line(tag))}.values()
        )
        changes["related"] = list(dict.fromkeys(self.related))
        return replace(self, **changes)  # type: ignore[arg-type]

    def too_long(self) -> list[str]:
        """Return a German sentence for each text that is longer than its column."""
        found = []
        for name in STORY_FIELDS:
            field: Any = Article._meta.get_field(name)
            limit = body.MAX_LENGTH if name == "body" else field.max_length
            if limit and (size := len(getattr(self, name))) > limit:
                found.append(f"{field.verbose_name}: {size} Zeichen, erlaubt sind {limit}.")
        return found

    def snapshot(self) -> dict[str, object]:
        """Return the content as JSON, as revisions keep it."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return plain | {
            "section": self.section.pk if self.section else None,
            "lead_image": self.lead_image.pk if self.lead_image else None,
            "bylines": [[author.pk, str(role)] for author, role in self.bylines],
            "tags": list(self.tags),
            "related": list(self.related),
        }


def content_of(article: Article) -> Content:
    """Return what the manuscript says now."""
    return Content(
        **{name: getattr(article, name) for name in STORY_FIELDS},
        bylines=[(row.author, row.role) for row in article.bylines.select_related("author")],
        tags=list(article.tag_rows.order_by("pk").values_list("tag__name", flat=True)),
        related=list(article.related_rows.values_list("target_id", flat=True)),
    )


@transaction.atomic
def create(  # noqa: PLR0913
    user: User,
    content: Content,
    *,
    notes: Notes | None = None,
    kind: str = RevisionKind.MANUAL,
    at: dt.datetime | None = None,
    form: uuid.UUID | None = None,
) -> Article:
    """Begin a manuscript. ``at`` is for importers that replay the past.

    Whoever sends the same ``form`` with the same text again, because no answer came, gets the
    article that the first one began. Raises NotYours.
    """
    if not permissions.may_create(user):
        raise NotYours("Sie dürfen keine Artikel anlegen.")
    at = at or timezone.now()
    article, is_new = _begin(user, at, form)
    if not is_new:
        if _is_sent_again(article, user, content, base_version=0):
            return article
        article = Article.objects.create(owner=user, changed_at=at)  # another text is another article
    return _write(article, user, content, notes=notes, kind=kind, at=at)


def _begin(user: User, at: dt.datetime, form: uuid.UUID | None) -> tuple[Article, bool]:
    """Return the article of a form, and whether it has been begun just now."""
    if form is None:
        return Article.objects.create(owner=user, changed_at=at), True
    # Of two at once the second waits for the first here, and finds its article.
    return Article.objects.get_or_create(owner=user, form=form, defaults={"changed_at": at})


@transaction.atomic
def create_many(user: User, begun: Sequence[tuple[Content, dt.datetime]]) -> list[Article]:
    """Begin many manuscripts, each at its moment, in a handful of queries: for importers.

    All or none. Here no form has looked at the lengths before.
    Raises NotYours, TooLong.
    """
    if not permissions.may_create(user):
        raise NotYours("Sie dürfen keine Artikel anlegen.")
    written = []
    for content, at in begun:
        clean = content.cleaned()
        if reasons := clean.too_long():
            raise TooLong(" ".join(reasons))
        article = Article(owner=user)
        _put(article, user, clean, at)
        written.append((article, clean))
    Article.objects.bulk_create(article for article, _ in written)
    _add_rows(written)
    Revision.objects.bulk_create(_revision(*pair, RevisionKind.IMPORT) for pair in written)
    logger.info("articles imported", extra={"articles": len(written), "user": user.pk})
    return [article for article, _ in written]


@transaction.atomic
def save(  # noqa: PLR0913
    user: User,
    article: Article,
    content: Content,
    *,
    base_version: int,
    notes: Notes | None = None,
    kind: str = RevisionKind.MANUAL,
    at: dt.datetime | None = None,
) -> Article:
    """Save a manuscript that was read at ``base_version``; return it as it is now.

    ``at`` is for importers that replay the past. A save that changes nothing writes nothing.
    A change after approval voids the approval.
    Raises NotYours, StaleVersion.
    """
    current = Article.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=article.pk)
    if not permissions.may_edit(user, current):
        raise NotYours("Sie dürfen diesen Artikel im jetzigen Stand nicht ändern.")
    if current.version != base_version and not _is_sent_again(current, user, content, base_version):
        raise StaleVersion(current)
    return _write(current, user, content, notes=notes, kind=kind, at=at or timezone.now())


def _is_sent_again(article: Article, user: User, content: Content, base_version: int) -> bool:
    """Say whether this save is done already: its person never got to see the answer, and repeats it."""
    is_theirs = article.version == base_version + 1 and article.changed_by == user
    return is_theirs and _known(article, content).snapshot() == content_of(article).snapshot()


def _write(  # noqa: PLR0913
    article: Article, user: User, content: Content, *, notes: Notes | None, kind: str, at: dt.datetime
) -> Article:
    content = _known(article, content)
    if reasons := content.too_long():
        raise TooLong(" ".join(reasons))
    if notes is not None:
        _write_notes(article, notes)
    if article.version and content.snapshot() == content_of(article).snapshot():
        return article
    _put(article, user, content, at)
    if article.state == State.APPROVED:
        _void_approval(article, user)
    article.save()
    for rows in (article.bylines, article.tag_rows, article.related_rows, article.picture_rows):
        rows.all().delete()
    _add_rows([(article, content)])
    _revision(article, content, kind).save()
    logger.info("article saved", extra={"article": article.pk, "version": article.version, "user": user.pk})
    return article


def _write_notes(article: Article, typed: Notes) -> None:
    """Write notes past the version: they are no part of the text."""
    notes = together(article.notes, typed)
    if notes == article.notes:
        return
    limit: Any = Article._meta.get_field("notes").max_length
    if len(notes) > limit:
        raise NotesTooLong(
            "Hier hat inzwischen noch jemand geschrieben. "
            f"Zusammen sind es {len(notes)} Zeichen, erlaubt sind {limit}."
        )
    article.notes = notes
    Article.objects.filter(pk=article.pk).update(notes=notes)


def _known(article: Article, content: Content) -> Content:
    """Return content as it is written: clean, with topics as they are spelled and articles that exist."""
    content = content.cleaned()
    known = set(Article.objects.filter(pk__in=content.related).values_list("pk", flat=True)) - {article.pk}
    return replace(
        content,
        tags=Tag.spelled(content.tags),
        related=[pk for pk in content.related if pk in known],
    )


def _void_approval(article: Article, user: User) -> None:
    """Take the approval back: it was given to another text."""
    article.state, article.approved_version = State.DRAFT, None
    article.steps += 1
    Transition.objects.create(
        article=article,
        action="void",
        source=State.APPROVED,
        target=State.DRAFT,
        version=article.version,
        actor=user,
        at=article.changed_at,
    )


def _put(article: Article, user: User, content: Content, at: dt.datetime) -> None:
    """Make clean content the next version of a manuscript; saves nothing."""
    for name in STORY_FIELDS:
        setattr(article, name, getattr(content, name))
    article.lookup = _lookup(content)
    article.version += 1
    article.changed_at, article.changed_by = at, user


def _revision(article: Article, content: Content, kind: str) -> Revision:
    """Return the unsaved snapshot of what ``_put`` has just written."""
    return Revision(
        article=article,
        number=article.version,
        author=article.changed_by,
        created_at=article.changed_at,
        kind=kind,
        content=content.snapshot(),
    )


def _add_rows(written: Iterable[tuple[Article, Content]]) -> None:
    """Add bylines, topics and hand-picked articles to manuscripts that have none (any more)."""
    written = list(written)
    tags = {tag.key: tag for tag in Tag.named([name for _, content in written for name in content.tags])}
    picked = {pk for _, content in written for pk in content.related}
    known = set(Article.objects.filter(pk__in=picked).values_list("pk", flat=True))
    ArticleByline.objects.bulk_create(
        ArticleByline(article=article, author=author, role=role, position=place)
        for article, content in written
        for place, (author, role) in enumerate(content.bylines)
    )
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=article, tag=tags[fold(name)])
        for article, content in written
        for name in content.tags
    )
    RelatedArticle.objects.bulk_create(
        RelatedArticle(article=article, target_id=pk, position=place)
        for article, content in written
        for place, pk in enumerate(content.related)
        if pk in known
    )
    ArticlePicture.objects.bulk_create(_picture_rows(written))


def _picture_rows(written: Iterable[tuple[Article, Content]]) -> list[ArticlePicture]:
    """Return a row for each picture; a text may name one that does not exist."""
    named = [
        (article, body.references(content.body).images, content.lead_image) for article, content in written
    ]
    wanted = {pk for _, numbers, _ in named for pk in numbers}
    known = set(Image.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return [
        ArticlePicture(article=article, image_id=pk)
        for article, numbers, lead in named
        for pk in dict.fromkeys([*([lead.pk] if lead else []), *(n for n in numbers if n in known)])
    ]


def _lookup(content: Content) -> str:
    names = [author.name for author, _ in content.bylines]
    return fold(" ".join([content.kicker, content.headline, *names, *content.tags]))
