import datetime as dt
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from background.models import Worker
from background.worker import Runner

# Seconds without a heartbeat after which the others give back what a worker was at.
DEAD_AFTER = 30.0
# Less than what docker-compose.yml and most supervisors wait before they kill.
GRACE = 25.0
# Without a heartbeat for so long, a worker is not healthy.
SILENCE = dt.timedelta(minutes=2)


class Command(BaseCommand):
    help = "Erledigt, was im Hintergrund zu tun ist: Aufträge der Anwendung und den Zeitplan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="endet mit 1, wenn auf diesem Rechner kein Worker lebt"
        )
        parser.add_argument("--any", action="store_true", help="mit --check: irgendein Rechner genügt")
        parser.add_argument(
            "--dead-after",
            type=float,
            default=DEAD_AFTER,
            metavar="SEKUNDEN",
            help="ohne Lebenszeichen gilt ein anderer Worker nach dieser Zeit als tot (Vorgabe: %(default)s)",
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=GRACE,
            metavar="SEKUNDEN",
            help="so lange darf ein Auftrag nach SIGTERM noch laufen (Vorgabe: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TASKS_RUN != "worker":
            raise CommandError("RENEWZ_TASKS ist nicht „worker“: Die Anwendung erledigt alles selbst.")
        if options["check"]:
            self._check(everywhere=options["any"])
            return
        runner = Runner(dead_after=options["dead_after"], grace=options["grace"])
        runner.listen_to_signals()
        runner.run()

    def _check(self, *, everywhere: bool) -> None:
        alive = Worker.objects.filter(seen_at__gt=timezone.now() - SILENCE)
        if not everywhere:
            alive = alive.filter(host=socket.gethostname())
        try:
            number = alive.count()
        except Error as error:
            raise CommandError("Die Datenbank antwortet nicht.") from error
        if not number:
            where = "" if everywhere else " auf diesem Rechner"
            raise CommandError(f"Seit zwei Minuten hat sich{where} kein Worker gemeldet.")
        self.stdout.write(f"Worker am Leben: {number}.")
