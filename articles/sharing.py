"""The share cards of editions: which need one, drawn after release as a task, never during a GET.

Until its card is drawn, a page shows the house's own share picture. What failed, what was
imported and what came to need a card later gets it from ``fill_share_cards``.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone

from articles.models import Edition, ShareCard
from images import cards, renditions

logger = logging.getLogger(__name__)

# One picture may stand in hundreds of articles: the newest get their card now, the rest from the command.
_AT_ONCE = 10


def when_released(editions: Sequence[Edition], **_: Any) -> None:
    """Have the card drawn. A fault here must not spoil a release that has happened."""
    # Imports release hundreds at a time, most of them old: a second for each is too much.
    if len(editions) == 1:
        _order(editions[0].pk)


def when_pictures_changed(images: Sequence[int], **_: Any) -> None:
    """Have the cards drawn of articles whose picture has got an end."""
    found = showing(timezone.now()).filter(lead_image__in=images, share_card=None).order_by("-pk")
    for edition in [each for each in found[:_AT_ONCE] if needs_card(each)]:
        _order(edition.pk)


def _order(pk: int) -> None:
    try:
        draw_share_card.enqueue(pk)
    except Exception:
        logger.exception("share card not ordered", extra={"edition": pk})


@task
def draw_share_card(pk: int) -> None:
    """Draw the card of an edition if it needs one. Raises what the storage raises, after logging it."""
    edition = showing(timezone.now()).filter(pk=pk).first()
    try:
        if edition and needs_card(edition):
            draw(edition)
    except Exception:
        logger.exception("share card not drawn", extra={"edition": pk})
        raise


def showing(at: dt.datetime) -> QuerySet[Edition]:
    """Return the editions that readers see or will see, with what a card needs."""
    return (
        Edition.objects.not_over(at)
        .defer("body", "plain_text", "lead")
        .select_related("section", "lead_image", "share_card")
    )


def needs_card(edition: Edition) -> bool:
    """Say whether its picture is missing, too small to share, or has an end."""
    picture = edition.lead_image
    return picture is None or not picture.is_open_ended or not renditions.is_shareable(picture)


def draw(edition: Edition) -> None:
    """Draw the card unless the same lies there already, and say so."""
    card = cards.Card(edition.headline, edition.kicker, edition.section.name)
    name = cards.name(card)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(cards.draw(card)))
    ShareCard.objects.update_or_create(edition=edition, defaults={"name": name})
