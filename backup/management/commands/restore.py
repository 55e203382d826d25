from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backup.refusals import Refused
from backup.restoring import restore


class Command(BaseCommand):
    help = "Spielt eine Sicherung zurück, nachdem sie ganz geprüft ist."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")
        parser.add_argument("--replace", action="store_true", help="auch wenn auf der Seite schon etwas ist")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(options["file"], replace=options["replace"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Zurückgespielt: Stand vom {done.manifest.made_at}, {done.files} Dateien, "
            f"davon neu {done.written}."
        )
        if done.manifest.files_in_s3:
            self.stdout.write("Bilder liegen in S3 und waren nicht darin.")
