"""Where articles show pictures: what the picture desk must know, and what it may."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from articles import permissions
from articles.choices import State
from articles.models import Article, ArticlePicture, Edition, EditionPicture
from images.models import Image
from images.permissions import cares_for_all
from images.uses import Use, Uses

SHOWN = 100  # of each picture
_HEAVY = ("body", "plain_text", "lead", "notes")
_ORDER = ("online", "geplant", "früher")


def is_needed(image: Image, at: dt.datetime) -> bool:
    """Say whether readers see it or will: in an edition, or in a text that was approved with it."""
    approved = ArticlePicture.objects.filter(
        image=image, article__state=State.APPROVED, article__trashed_at=None
    )
    return Edition.objects.not_over(at).filter(picture_rows__image=image).exists() or approved.exists()


def why_it_stays(image: Image) -> str:
    """Return what forbids to delete it."""
    if EditionPicture.objects.filter(image=image).exists():
        return "es steht in einer Fassung, auch frühere bleiben erhalten"
    return "ein Manuskript verwendet es" if ArticlePicture.objects.filter(image=image).exists() else ""


def uses_of(images: Sequence[Image], user: User, at: dt.datetime) -> dict[int, Uses]:
    """Return editions and manuscripts: headlines that are not online only for whom they are meant.

    Who cares for all pictures knows every headline, but opens only the texts that she may read.
    """
    editions = EditionPicture.objects.select_related("edition__section", "edition__article")
    manuscripts = ArticlePicture.objects.select_related("article")
    heavy = [f"article__{name}" for name in _HEAVY if name != "plain_text"]
    heavy_editions = [f"edition__{name}" for name in _HEAVY if name != "notes"]
    prefetch_related_objects(
        images,
        Prefetch("edition_uses", editions.order_by("-edition_id").defer(*heavy_editions), to_attr="shown_in"),
        Prefetch("article_uses", manuscripts.order_by("-article_id").defer(*heavy), to_attr="written_in"),
    )
    rows = {row.pk for image in images for row in _articles(image)}
    visible = permissions.visible_articles(user).filter(pk__in=rows)
    mine = set(visible.values_list("pk", flat=True)) if rows else set()
    return {image.pk: _uses(image, mine, at, knows_all=cares_for_all(user)) for image in images}


def _articles(image: Image) -> list[Article]:
    in_editions = [row.edition.article for row in image.shown_in[:SHOWN]]  # type: ignore[attr-defined]
    return in_editions + [row.article for row in image.written_in[:SHOWN]]  # type: ignore[attr-defined]


def _uses(image: Image, mine: set[int], at: dt.datetime, *, knows_all: bool) -> Uses:
    found = Uses()
    for row in image.shown_in[:SHOWN]:  # type: ignore[attr-defined]
        edition: Edition = row.edition
        live = edition.is_live(at)
        if not (live or knows_all or edition.article_id in mine):
            found.hidden += 1
            continue
        standing = "online" if live else "geplant" if edition.is_waiting(at) else "früher"
        room, public = _room(edition.article_id, mine), edition.get_absolute_url() if live else ""
        found.rows.append(Use(f"Fassung {edition.number}", edition.headline, standing, room, public))
    found.rows.sort(key=lambda use: _ORDER.index(use.standing))
    for row in image.written_in[:SHOWN]:  # type: ignore[attr-defined]
        article: Article = row.article
        if not (knows_all or article.pk in mine):
            found.hidden += 1
            continue
        standing = "Papierkorb" if article.trashed_at else State(article.state).label
        found.rows.append(Use("Manuskript", str(article), standing, _room(article.pk, mine)))
    return found


def _room(article: int, mine: set[int]) -> str:
    return reverse("admin:articles_article_change", args=[article]) if article in mine else ""
