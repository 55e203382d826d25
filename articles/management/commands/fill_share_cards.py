import datetime as dt
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles import sharing
from articles.models import Edition, ShareCard

logger = logging.getLogger(__name__)

# Pages that were kept somewhere may name an old card for a while.
GRACE = dt.timedelta(days=30)


class Command(BaseCommand):
    help = "Zeichnet Teilen-Karten, die noch fehlen, und entfernt alte; beliebig oft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="nur zählen, was fehlt")
        parser.add_argument("--files", action="store_true", help="auch nachsehen, ob jede Datei da ist")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        todo = _missing(now, look=options["files"])
        if options["check"]:
            if todo:
                raise CommandError(f"Fassungen, denen die Teilen-Karte fehlt: {len(todo)}.")
            self.stdout.write("Jede Fassung, die eine Teilen-Karte braucht, hat sie.")
            return
        bad = 0
        for done, pk in enumerate(todo, 1):
            edition = sharing.showing(now).filter(pk=pk).first()
            try:
                if edition:
                    sharing.draw(edition)
            except Exception as failure:  # whatever it is, the others get theirs
                logger.exception("share card not drawn", extra={"edition": pk})
                self.stderr.write(f"Fassung {pk}: {failure}")
                bad += 1
            if self.stdout.isatty():
                self.stdout.write(f"\r{done} Karten", ending="")
        removed = _remove_old(now)
        self.stdout.write(f"Teilen-Karten gezeichnet: {len(todo) - bad}. Alte entfernt: {removed}.")
        if bad:
            raise CommandError(f"Fassungen, denen die Teilen-Karte weiterhin fehlt: {bad}.")


def _missing(now: dt.datetime, *, look: bool) -> list[int]:
    """Return the editions without their card, the newest first."""
    editions = sharing.showing(now).order_by("-pk")
    if not look:
        editions = editions.filter(share_card=None)
    return [
        edition.pk for edition in editions.iterator() if sharing.needs_card(edition) and not _has(edition)
    ]


def _has(edition: Edition) -> bool:
    card = getattr(edition, "share_card", None)
    return card is not None and default_storage.exists(card.name)


def _remove_old(now: dt.datetime) -> int:
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
