"""Makes the public sizes of a picture after it was uploaded or its focal point was moved.

By default at once and in the same process (``settings.TASKS``); a worker may take it over. Until
a new picture's sizes are there it is on no page; until those of a moved focal point are there,
the old ones stay. What fails is logged, and ``fill_renditions`` makes it good, with a worker the
timetable.

All of it may run twice: files are named by what they show, and the picture says last that its
sizes are there, if they are still the wanted ones.
"""

import datetime as dt
import logging
from contextvars import ContextVar

from django.db import transaction
from django.tasks import task
from django.utils import timezone
from PIL import Image as Pillow

from background.policies import policy
from background.queue import catch_up
from delivery import state
from images import renditions, uploads, uses
from images.models import Image, OldRenditions

logger = logging.getLogger(__name__)

# How many are ordered in one go; the rest has its turn when these are done.
_AT_ONCE = 5_000
# Pages that were kept somewhere may name old sizes for a while.
GRACE = dt.timedelta(days=30)
# The picture that was decoded a moment ago, for a task that runs at once.
_at_hand: ContextVar[tuple[int, Pillow.Image] | None] = ContextVar("at_hand", default=None)


def renew(image: Image, picture: Pillow.Image | None = None) -> None:
    """Have the sizes made after the commit, unless they are there; ``picture`` saves decoding it again."""
    if image.rendered != renditions.wanted(image):
        transaction.on_commit(lambda: _enqueue(image, picture))


def _enqueue(image: Image, picture: Pillow.Image | None) -> None:
    token = _at_hand.set((image.pk, picture) if picture else None)
    try:
        make_renditions.enqueue(image.pk)
    except Exception:  # the upload has happened, whatever becomes of the queue
        logger.exception("renditions not ordered", extra={"image": image.pk})
    finally:
        _at_hand.reset(token)
    image.refresh_from_db(fields=("rendered",))


@policy("Bildgrößen machen")
@task
def make_renditions(pk: int) -> None:
    """Make what is missing of one picture. Raises what storage or decoder raise, after logging it."""
    image = Image.objects.filter(pk=pk).first()
    if image is None:  # deleted before its turn came
        return
    try:
        known = _at_hand.get()
        make_now(image, known[1] if known and known[0] == pk else None)
    except Exception:
        logger.exception("renditions not made", extra={"image": pk})
        raise


def make_now(image: Image, picture: Pillow.Image | None = None) -> None:
    """Make the sizes and say so at the image. Raises what storage or decoder raise."""
    try:
        made = renditions.make(image, picture or uploads.reopen(image))
    except Exception:
        give_up(image)
        raise
    record(image, made)


def record(image: Image, made: str) -> None:
    """Say at the image that its sizes are there; those of an older focal point become old ones."""
    with transaction.atomic():
        row = Image.objects.select_for_update().filter(pk=image.pk).first()
        if row is None:
            return
        if renditions.wanted(row) != made:
            # Moved while we were at it: the task of that move says what holds.
            _retire(row, made)
            return
        if row.rendered not in {"", made}:
            _retire(row, row.rendered)
        Image.objects.filter(pk=row.pk).update(rendered=made)
        # A new one stands on no page yet; an import of thousands need not hold up everybody else.
        if uses.why_it_stays(row):
            state.changed()
    image.rendered = made


def give_up(image: Image) -> None:
    """Note that sizes were begun: should they never be finished, what is there must go one day."""
    if image.rendered != renditions.wanted(image):
        _retire(image, renditions.wanted(image))


def _retire(image: Image, made: str) -> None:
    """Note that these files are to go one day; those that are in use by then stay."""
    OldRenditions.objects.create(image=image, rendered=made, since=timezone.now())


# --- For the timetable ---------------------------------------------------------------------------


@policy("Fehlende Bildgrößen nachholen")
@task(priority=-10)
def complete_renditions() -> None:
    """Order the sizes that nobody has ordered, or that failed a day ago; the newest pictures first."""
    missing = Image.objects.filter(renditions.missing()).order_by("-pk")
    catch_up(make_renditions, missing.values_list("pk", flat=True)[:_AT_ONCE])


@policy("Alte Bildgrößen entfernen")
@task(priority=-10)
def remove_old_renditions() -> None:
    """Remove sizes that have long been replaced."""
    remove_old()


def remove_old() -> int:
    """Remove sizes that have long been replaced; return how many files went."""
    removed = 0
    for old in OldRenditions.objects.filter(since__lt=timezone.now() - GRACE).select_related("image"):
        try:
            removed += renditions.remove(old.image, old.rendered)
        except Exception:  # a store has exceptions of its own
            logger.exception("old renditions not removed", extra={"image": old.image_id})
            continue
        old.delete()
    return removed
