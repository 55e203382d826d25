import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.editing import EditingRefused
from articles.publishing import Refusal
from importers import actor
from importers.corpus import Loader


class Command(BaseCommand):
    help = "Lädt veröffentlichte Artikel aus einer Datei mit einem JSON-Objekt je Zeile; Geladenes bleibt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI", help="JSON Lines, siehe importers/corpus.py")
        parser.add_argument(
            "--images", type=Path, metavar="ORDNER", help="Bilder zu den Artikeln; sonst ohne"
        )
        parser.add_argument(
            "--user", default="", help="Konto, in dessen Namen geladen wird (Chef/in vom Dienst)"
        )

    def handle(self, *args: Any, file: Path, images: Path | None, user: str, **options: Any) -> None:
        # The result is logged once, with who and what; a line for each batch would hide it.
        logging.getLogger("articles").setLevel(logging.WARNING)
        if images is not None and not images.is_dir():
            raise CommandError(f"Den Ordner „{images}“ gibt es nicht.")
        try:
            with file.open("rb") as lines:
                result = Loader(actor.named(user), images, self._progress, self.stderr.write).load(lines)
        except OSError as error:
            raise CommandError(f"„{file}“ lässt sich nicht lesen: {error.strerror}") from None
        except (actor.UnknownActor, EditingRefused, Refusal) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{result.loaded} Artikel geladen, {result.known} waren schon da.")
        if result.bad:
            raise CommandError(f"{result.bad} Zeilen sind fehlerhaft und wurden nicht geladen (siehe oben).")

    def _progress(self, text: str) -> None:
        """Write over the last line in a terminal; elsewhere every line stays."""
        self.stdout.write(f"\r{text}", ending="") if self.stdout.isatty() else self.stdout.write(text)
