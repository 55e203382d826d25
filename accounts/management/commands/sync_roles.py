from typing import Any

from django.core.management.base import BaseCommand

from accounts import roles


class Command(BaseCommand):
    help = "Gleicht Rollen (Gruppen) und ihre Rechte mit accounts/roles.py ab; beliebig oft ausführbar."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in roles.sync():
            self.stdout.write(f"Rolle abgeglichen: {name}")
