"""``{% ticker %}`` for the masthead."""

import datetime as dt
from typing import Any

from django import template

from markets.ticker import entries
from renewz.lib.dates import BERLIN, german_moment, german_time

register = template.Library()


def _since(moment: dt.datetime, at: dt.datetime) -> str:
    """Return the time, with the date where it is not today's."""
    same_day = moment.astimezone(BERLIN).date() == at.astimezone(BERLIN).date()
    return german_time(moment) if same_day else german_moment(moment)


@register.inclusion_tag("components/ticker.html")
def ticker(at: dt.datetime) -> dict[str, Any]:
    """Show the rates of a moment; nothing where there is none."""
    found = entries(at)
    oldest = min((entry.as_of for entry in found), default=None)
    return {
        "entries": found,
        "as_of": _since(oldest, at) if oldest else "",
        "stale": any(entry.stale for entry in found),
        "sources": ", ".join(dict.fromkeys(entry.source for entry in found)),
    }
