"""Fetches the ticker's rates, every five minutes by the timetable.

May run twice: there is one row for each symbol, and an older rate never replaces a newer one.
"""

import datetime as dt

from django.tasks import task

from background.policies import policy
from markets.refresh import refresh


class NoQuotes(Exception):
    """No source had a rate that can be believed."""

    def __init__(self) -> None:
        super().__init__("Keine Quelle hat einen brauchbaren Kurs geliefert.")


# Once: five minutes later it is tried again anyway. First: a picture can wait.
@policy("Kurse holen", attempts=1, limit=dt.timedelta(minutes=2))
@task(priority=10)
def fetch_quotes() -> None:
    """Fetch the rates. Raises NoQuotes."""
    if not refresh():
        raise NoQuotes
