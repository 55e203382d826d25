"""Sitemaps by week, so that an old file hardly changes and none grows with the archive (decision 0032)."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as library
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Edition
from articles.models.edition import address_of
from renewz.lib.dates import BERLIN
from renewz.lib.prepared import Prepared

# Rows, not editions: a week of a large paper has hundreds, and a robot asks for all weeks at once.
_of_week: Prepared[tuple[str, str, int, dt.datetime]] = Prepared(
    lambda at, begin, end: (
        Edition.objects.live(at)
        .first_published_between(begin, end)
        .newest_first()
        .values_list("section__slug", "slug", "article_id", Coalesce("updated_at", "first_live_from"))
    )
)


_WEEK = dt.timedelta(days=7)


class Entry(NamedTuple):
    """An article in a sitemap."""

    address: str
    changed: dt.date


class WeekSitemap(Sitemap):
    """The articles that were first published in one week, Monday to Sunday (Berlin time)."""

    limit = 50_000

    def __init__(self, monday: dt.date, at: dt.datetime) -> None:
        self.first, self.next = _midnight(monday), _midnight(monday + _WEEK)
        self.at = at

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.split("://", 1)[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://", 1)[0]

    def items(self) -> list[Entry]:
        return [
            Entry(address_of(section, slug, pk), changed.astimezone(BERLIN).date())
            for section, slug, pk, changed in _of_week(at=self.at, begin=self.first, end=self.next)
        ]

    def location(self, item: Entry) -> str:
        return item.address

    def get_latest_lastmod(self) -> None:
        """Leave the date out of the index: it would cost a query a week."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the weeks from the first article to now, the newest first."""
    at: dt.datetime = request.at  # type: ignore[attr-defined]
    oldest = (
        Edition.objects.live(at).order_by("first_live_from").values_list("first_live_from", flat=True).first()
    )
    weeks = [] if oldest is None else _weeks(oldest, at)
    addresses = [settings.SITE_URL + reverse("sitemap-week", args=[week_name(monday)]) for monday in weeks]
    lines = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{lines}</sitemapindex>\n'
    )
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


def week_name(day: dt.date) -> str:
    """Return what the week of a day is called in an address: „2026-w47“, as ISO 8601 counts weeks."""
    year, week, _ = day.isocalendar()
    return f"{year}-w{week:02d}"


def _weeks(oldest: dt.datetime, at: dt.datetime) -> Iterator[dt.date]:
    first, monday = _monday(oldest), _monday(at)
    while monday >= first:
        yield monday
        monday -= _WEEK


def _monday(moment: dt.datetime) -> dt.date:
    date = moment.astimezone(BERLIN).date()
    return date - dt.timedelta(days=date.weekday())


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(), tzinfo=BERLIN)


@require_safe
def week(request: HttpRequest, name: str) -> HttpResponse:
    """Return the sitemap of one week that has begun, named as ``week_name`` does."""
    at: dt.datetime = request.at  # type: ignore[attr-defined]
    found = re.fullmatch(r"((?:19|2[0-9])[0-9]{2})-w([0-9]{2})", name)
    if found is None:
        raise Http404
    try:
        monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:  # not every year has a week 53
        raise Http404 from None
    if _midnight(monday) > at:
        raise Http404
    sitemap = WeekSitemap(monday, at)
    return library.sitemap(request, {name: sitemap}, section=name, template_name="articles/sitemap.xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what is for them."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap-index')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
