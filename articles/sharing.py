"""The share cards of editions: which need one, drawn after release as a task, never during a GET.

Until its card is drawn, a page shows the house's own share picture. What failed, what was
imported and what came to need a card later gets it from ``fill_share_cards``, with a worker from
the timetable. All of it may run twice: a card is named by what it shows, and an edition has one.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone

from articles.models import Edition, ShareCard
from background.policies import policy
from background.queue import catch_up
from images import cards, renditions

logger = logging.getLogger(__name__)

# One picture may stand in hundreds of articles: the newest get their card now, the rest from the command.
_AT_ONCE = 10
# A night is long enough for these; who has imported an archive asks the command.
_PER_NIGHT = 2_000
# Pages that were kept somewhere may name an old card for a while.
GRACE = dt.timedelta(days=30)


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


@policy("Teilen-Karte zeichnen")
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


def missing(now: dt.datetime, *, look: bool = False) -> Iterator[int]:
    """Yield the editions without their card, the newest first; ``look``: also those whose file is gone."""
    editions = showing(now).order_by("-pk")
    if not look:
        editions = editions.filter(share_card=None)
    for edition in editions.iterator():
        if needs_card(edition) and not _has(edition):
            yield edition.pk


def _has(edition: Edition) -> bool:
    card = getattr(edition, "share_card", None)
    return card is not None and default_storage.exists(card.name)


def remove_old(now: dt.datetime) -> int:
    """Remove the cards of editions that ended long ago; return how many files went."""
    removed = 0
    for card in ShareCard.objects.filter(edition__in=Edition.objects.over_before(now - GRACE)):
        try:
            if not ShareCard.objects.filter(name=card.name).exclude(pk=card.pk).exists():
                default_storage.delete(card.name)
                removed += 1
        except Exception:  # a store has exceptions of its own
            logger.exception("share card not removed", extra={"edition": card.edition_id})
            continue
        card.delete()
    return removed


# --- For the timetable ---------------------------------------------------------------------------


@policy("Fehlende Teilen-Karten nachholen", limit=dt.timedelta(minutes=30))
@task(priority=-10)
def complete_share_cards() -> None:
    """Order the cards that nobody has ordered, or that failed a day ago."""
    catch_up(draw_share_card, list(islice(missing(timezone.now()), _PER_NIGHT)))


@policy("Alte Teilen-Karten entfernen")
@task(priority=-10)
def remove_old_share_cards() -> None:
    """Remove the cards of editions that ended long ago."""
    remove_old(timezone.now())
