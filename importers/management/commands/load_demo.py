import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from importers.demo import load, people


class Command(BaseCommand):
    help = "Lädt die Inhalte der Demo; was schon da ist, bleibt. Nur mit RENEWZ_ENV=demo oder development."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("Die Demo bringt bekannte Passwörter mit und lädt nicht in der Produktion.")
        # Two hundred lines of „article saved“ would hide the passwords.
        logging.getLogger("articles").setLevel(logging.WARNING)
        made = load.load(self.stdout.write)
        self.stdout.write(f"{made} Artikel geladen." if made else "Die Demo-Inhalte sind schon da.")
        self.stdout.write("\nAnmelden unter /admin/ (nur in dieser Demo):")
        for account in people.ACCOUNTS:
            name = f"{account.username:<12}{account.name:<20}{account.role.name}"
            self.stdout.write(f"  {name}")
        self.stdout.write(f"  Passwort für alle: {people.PASSWORD}\n")
