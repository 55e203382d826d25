import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles import sharing

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Zeichnet Teilen-Karten, die noch fehlen, und entfernt alte; beliebig oft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="nur zählen, was fehlt")
        parser.add_argument("--files", action="store_true", help="auch nachsehen, ob jede Datei da ist")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        todo = list(sharing.missing(now, look=options["files"]))
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
        removed = sharing.remove_old(now)
        self.stdout.write(f"Teilen-Karten gezeichnet: {len(todo) - bad}. Alte entfernt: {removed}.")
        if bad:
            raise CommandError(f"Fassungen, denen die Teilen-Karte weiterhin fehlt: {bad}.")
