from typing import Any

from django.core.management.base import BaseCommand

from markets.refresh import refresh


class Command(BaseCommand):
    help = "Holt die Kurse des Tickers einmal. Jede Minute tut es der Worker."

    def handle(self, *args: Any, **options: Any) -> None:
        found = ", ".join(str(quote) for quote in refresh())
        self.stdout.write(found or "Keine Quelle hat einen brauchbaren Kurs geliefert.")
