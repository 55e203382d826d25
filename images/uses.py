"""Where a picture is used: manuscripts, editions, portraits, and pictures for which it stands in.

Reads the reverse relations of those who use it; none of them is imported here.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from images import permissions
from images.models import Image

SHOWN = 100
_APPROVED = "approved"
_HEAVY_EDITION = ("edition__body", "edition__plain_text", "edition__article__body", "edition__article__notes")
_SEES_ALL_ARTICLES = "articles.edit_any_article"


@dataclass(frozen=True)
class Use:
    """One place, in words, with the addresses under which this person may see it."""

    kind: str
    title: str
    standing: str
    in_newsroom: str = ""
    for_readers: str = ""


@dataclass(frozen=True)
class Uses:
    """Those places that a person may know of, and how many there are beside them."""

    rows: list[Use]
    hidden: int


def is_needed(image: Image, at: dt.datetime) -> bool:
    """Say whether readers see it or will: what the law asks for must then stay."""
    if image.portrait_of.exists() or image.stands_in_for.exists():  # type: ignore[attr-defined]
        return True
    if image.article_uses.filter(article__state=_APPROVED, article__trashed_at=None).exists():  # type: ignore[attr-defined]
        return True
    rows = image.edition_uses.select_related("edition").order_by("-edition_id")  # type: ignore[attr-defined]
    return any(row.edition.is_live(at) or row.edition.is_waiting(at) for row in rows)


def why_it_stays(image: Image) -> str:
    """Return what forbids to delete it, as the end of a sentence; empty where nothing does."""
    reasons = (
        ("edition_uses", "es steht in einer Fassung, auch frühere bleiben erhalten"),
        ("article_uses", "ein Manuskript verwendet es"),
        ("portrait_of", "es ist ein Porträt"),
        ("stands_in_for", "es ist das Ersatzbild eines anderen"),
    )
    return next((words for name, words in reasons if getattr(image, name).exists()), "")


def load(images: Sequence[Image]) -> None:
    """Fetch what ``uses_of`` reads, for many pictures in as many questions as for one."""
    editions = _users("edition_uses").select_related("edition__section", "edition__article")
    articles = _users("article_uses").select_related("article")
    prefetch_related_objects(
        images,
        Prefetch("edition_uses", editions.order_by("-edition_id").defer(*_HEAVY_EDITION)),
        Prefetch("article_uses", articles.order_by("-article_id").defer("article__body", "article__notes")),
        "portrait_of",
        "stands_in_for",
    )


def _users(relation: str) -> QuerySet[Any]:
    return Image._meta.get_field(relation).related_model.objects.all()  # type: ignore[union-attr]


def uses_of(image: Image, user: User, at: dt.datetime) -> Uses:
    """Return where it is used, as far as this person may know; what is online first."""
    load([image])
    editions, hidden_editions = _editions(image, user, at)
    manuscripts, hidden_manuscripts = _manuscripts(image, user)
    portraits = [
        Use("Porträt", str(author), "auf den Seiten der Autorin oder des Autors", _author(author.pk, user),
            author.get_absolute_url())
        for author in image.portrait_of.all()  # type: ignore[attr-defined]
    ]  # fmt: skip
    leaning = [
        Use("Ersatzbild", other.title, "dieses Bild steht für es ein", address(other))
        for other in image.stands_in_for.all()
    ]
    return Uses([*editions, *manuscripts, *portraits, *leaning], hidden_editions + hidden_manuscripts)


def _editions(image: Image, user: User, at: dt.datetime) -> tuple[list[Use], int]:
    found, hidden = [], 0
    for row in image.edition_uses.all()[:SHOWN]:  # type: ignore[attr-defined]
        edition = row.edition
        live = edition.is_live(at)
        if not (live or _may_know(user, edition.article)):
            hidden += 1
            continue
        standing = "online" if live else "geplant" if edition.is_waiting(at) else "früher"
        found.append(
            Use(f"Fassung {edition.number}", edition.headline, standing, _article(edition.article, user),
                edition.get_absolute_url() if live else "")
        )  # fmt: skip
    order = ("online", "geplant", "früher")
    return sorted(found, key=lambda use: order.index(use.standing)), hidden


def _manuscripts(image: Image, user: User) -> tuple[list[Use], int]:
    articles = [row.article for row in image.article_uses.all()[:SHOWN]]  # type: ignore[attr-defined]
    known = [article for article in articles if _may_know(user, article)]
    return [
        Use("Manuskript", str(article), "Papierkorb" if article.trashed_at else article.get_state_display(),
            _article(article, user))
        for article in known
    ], len(articles) - len(known)  # fmt: skip


def _may_know(user: User, article: Any) -> bool:
    """Headlines that are not published are known to whom they belong and to whom all pictures are."""
    return permissions.cares_for_all(user) or article.owner_id == user.pk


def _article(article: Any, user: User) -> str:
    if _SEES_ALL_ARTICLES in user.newsroom_rights or article.owner_id == user.pk:
        return reverse("admin:articles_article_change", args=[article.pk])
    return ""


def _author(pk: int, user: User) -> str:
    if "authors.change_author" in user.newsroom_rights:
        return reverse("admin:authors_author_change", args=[pk])
    return ""


def address(image: Image) -> str:
    """Return the address of its page in the newsroom."""
    return reverse("admin:images_image_change", args=[image.pk])
