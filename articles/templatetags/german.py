"""Dates and small words for templates; the rules are in ``renewz.lib.dates``."""

import datetime as dt
from urllib.parse import urlsplit

from django import template

from renewz.lib import dates
from renewz.lib.text import NBSP

register = template.Library()

register.filter("german_moment", dates.german_moment)
register.filter("german_date", dates.german_date)
register.filter("german_time", dates.german_time)

_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@register.filter
def iso(moment: dt.datetime) -> str:
    """Return ``2025-11-06T14:32:00+01:00`` for ``<time datetime>``: Berlin's offset."""
    return moment.astimezone(dates.BERLIN).isoformat(timespec="seconds")


@register.filter
def german_day(moment: dt.datetime) -> str:
    """Return „Sonntag, 22. November 2026“."""
    return f"{_WEEKDAYS[moment.astimezone(dates.BERLIN).weekday()]}, {dates.german_date(moment)}"


@register.filter
def clock(moment: dt.datetime) -> str:
    """Return „14:32“, for columns of times."""
    return f"{moment.astimezone(dates.BERLIN):%H:%M}"


@register.filter
def teaser_moment(moment: dt.datetime, at: dt.datetime) -> str:
    """Return what a teaser says: „14:32 Uhr“ today, „gestern, 14:32 Uhr“, else the date."""
    if not at:
        return dates.german_date(moment)
    days = (at.astimezone(dates.BERLIN).date() - moment.astimezone(dates.BERLIN).date()).days
    if days == 0:
        return dates.german_time(moment)
    return f"gestern, {dates.german_time(moment)}" if days == 1 else dates.german_date(moment)


@register.filter
def short_moment(moment: dt.datetime, at: dt.datetime) -> str:
    """Return „14:32“ today, else „21. 11.“: the slim column of the newest."""
    local = moment.astimezone(dates.BERLIN)
    if at and local.date() == at.astimezone(dates.BERLIN).date():
        return f"{local:%H:%M}"
    return f"{local.day}.{NBSP}{local.month}."


@register.filter
def host(address: str) -> str:
    """Return „example.org“ of a web address: readers are told where a link leads."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


@register.filter
def initials(name: str) -> str:
    """Return „MB“: stands in for a portrait."""
    words = [word for word in name.replace("/", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
