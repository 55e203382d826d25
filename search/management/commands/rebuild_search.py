from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search import index


class Command(BaseCommand):
    help = "Nimmt in die Suche auf, was noch fehlt; beliebig oft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="vorher leeren: bis zum Ende findet die Suche nicht alles"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            index.empty()
        done = 0
        for done in index.add_missing():
            if self.stdout.isatty():
                self.stdout.write(f"\r{done} Fassungen", ending="")
        self.stdout.write(f"{done} Fassungen in die Suche aufgenommen.")
