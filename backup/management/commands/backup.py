from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from backup import making
from backup.refusals import Refused


class Command(BaseCommand):
    help = "Sichert Datenbank, Originale und Bildgrößen in eine neue Datei und prüft sie."
    requires_system_checks: list[str] = []  # a damaged site must be saved too

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=making.default_folder(), metavar="ORDNER",
                            help="wohin (Vorgabe: %(default)s)")  # fmt: skip
        parser.add_argument("--keep", type=_at_least_one, metavar="ZAHL",
                            help="danach nur die neuesten ZAHL Sicherungen im Ordner behalten")  # fmt: skip
        parser.add_argument(
            "--check", type=Path, metavar="DATEI", help="nichts sichern, nur diese Datei prüfen"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._check(options["check"])
            else:
                self._make(options["folder"], options["keep"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _check(self, path: Path) -> None:
        said = making.check(path)
        self.stdout.write(f"In Ordnung: {path}, gesichert am {said.made_at} von {said.site}.")

    def _make(self, folder: Path, keep: int | None) -> None:
        made = making.make(folder, keep)
        self.stdout.write(
            f"Gesichert und geprüft: {made.path} ({filesizeformat(made.size)}, {made.files} Dateien)"
        )
        if made.without_files:
            self.stdout.write("Bilder liegen in S3 und sind nicht darin; sichern Sie beide Buckets dort.")
        if made.vanished:
            self.stderr.write(
                f"Bilder, die währenddessen gelöscht wurden: {made.vanished}. "
                "In der Sicherung stehen sie noch im Archiv der Bilder, aber ohne Datei."
            )
        for path in made.removed:
            self.stdout.write(f"Entfernt: {path.name}")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
