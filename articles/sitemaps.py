"""Sitemaps by month, so that an old file never changes and no file grows with the archive."""

import datetime as dt
import re
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

# Rows, not editions: a month of a large paper has hundreds, and a robot asks for all months at once.
_of_month: Prepared[tuple[str, str, int, dt.datetime]] = Prepared(
    lambda at, begin, end: (
        Edition.objects.live(at)
        .first_published_between(begin, end)
        .newest_first()
        .values_list("section__slug", "slug", "article_id", Coalesce("updated_at", "first_live_from"))
    )
)


class Entry(NamedTuple):
    """An article in a sitemap."""

    address: str
    changed: dt.date


class MonthSitemap(Sitemap):
    """The articles that were first published in one month (Berlin time)."""

    limit = 50_000

    def __init__(self, year: int, month: int, at: dt.datetime) -> None:
        self.first = dt.datetime(year, month, 1, tzinfo=BERLIN)
        self.next = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=BERLIN)
        self.at = at

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.split("://", 1)[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://", 1)[0]

    def items(self) -> list[Entry]:
        return [
            Entry(address_of(section, slug, pk), changed.astimezone(BERLIN).date())
            for section, slug, pk, changed in _of_month(at=self.at, begin=self.first, end=self.next)
        ]

    def location(self, item: Entry) -> str:
        return item.address

    def get_latest_lastmod(self) -> None:
        """Leave the date out of the index: it would cost a query a month."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the months from the first article to now."""
    at: dt.datetime = request.at  # type: ignore[attr-defined]
    oldest = (
        Edition.objects.live(at).order_by("first_live_from").values_list("first_live_from", flat=True).first()
    )
    addresses = [settings.SITE_URL + reverse("sitemap-month", args=[name]) for name in _months(oldest, at)]
    lines = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{lines}</sitemapindex>\n'
    )
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


def _months(oldest: dt.datetime | None, at: dt.datetime) -> list[str]:
    if oldest is None:
        return []
    begin, end = oldest.astimezone(BERLIN), at.astimezone(BERLIN)
    span = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in reversed(span)]


@require_safe
def month(request: HttpRequest, section: str) -> HttpResponse:
    """Return the sitemap of one month, named like „2026-11“."""
    found = re.fullmatch(r"(2[0-9]{3})-(0[1-9]|1[0-2])", section)
    if found is None:
        raise Http404
    sitemap = MonthSitemap(int(found[1]), int(found[2]), request.at)  # type: ignore[attr-defined]
    return library.sitemap(request, {section: sitemap}, section=section, template_name="articles/sitemap.xml")


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
