import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from markets.refresh import refresh
from markets.ticker import entries

logger = logging.getLogger("markets.refresh")

SHORTEST_PAUSE = 15  # seconds; the sources are guests' houses


class Command(BaseCommand):
    help = "Holt die Kurse des Tickers: einmal, oder mit --every immer wieder. --check prüft ihr Alter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=0, metavar="SEKUNDEN")
        parser.add_argument(
            "--check", action="store_true", help="endet mit 1, wenn kein frischer Kurs da ist"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        while True:
            self._once()
            if not options["every"]:
                return
            time.sleep(max(SHORTEST_PAUSE, options["every"]))

    def _once(self) -> None:
        """Fetch once; a database that is away for a while must not end the loop."""
        close_old_connections()
        try:
            found = ", ".join(str(quote) for quote in refresh())
        except DatabaseError as error:
            logger.warning("quotes not stored", extra={"reason": type(error).__name__})
            return
        self.stdout.write(found or "Keine Quelle hat einen brauchbaren Kurs geliefert.")

    def _check(self) -> None:
        if not any(not entry.stale for entry in entries(timezone.now())):
            raise CommandError("Kein Kurs ist frisch.")
        self.stdout.write("Die Kurse sind frisch.")
