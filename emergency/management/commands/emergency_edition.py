from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from emergency.edition import make
from emergency.refusals import Refused
from renewz.lib.dates import german_moment


class Command(BaseCommand):
    help = "Schreibt die ganze öffentliche Seite als Dateien, für irgendeinen Webserver: die Notausgabe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="ORDNER", help="neu, oder eine frühere Notausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make(options["folder"], self._tell if self.stdout.isatty() else lambda number: None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Notausgabe, Stand {german_moment(made.at)}: {options['folder']} "
            f"({made.pages} Seiten, {made.files} Dateien, {made.seconds:.0f} Sekunden)"
        )

    def _tell(self, number: int) -> None:
        if number % 100 == 0:
            self.stdout.write(f"\r{number} Seiten", ending="")
