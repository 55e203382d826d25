"""The feed of the newest articles."""

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Rss201rev2Feed

from articles.models import Edition, EditionByline
from renewz.lib.prepared import Prepared

SHOWN = 30

_newest: Prepared[Edition] = Prepared(
    lambda at: Edition.objects.live(at).newest_first().for_lists("updated_at")[:SHOWN]
)
_names: Prepared[tuple[int, str]] = Prepared(
    lambda editions: (
        EditionByline.objects.filter(edition__in=editions)
        .order_by("position")
        .values_list("edition", "author__name")
    )
)


class Item(NamedTuple):
    """An article with the names under it."""

    edition: Edition
    writers: list[str]


class _Rss(Rss201rev2Feed):
    """RSS 2.0 with the writer's name where readers look for it (``author`` wants an e-mail)."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)


class NewestFeed(Feed):
    """The newest articles. A guid never changes, whatever becomes of headline and address."""

    feed_type = _Rss
    title = settings.SITE_NAME
    description = settings.SITE_SLOGAN
    language = "de-DE"
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest) -> dt.datetime:
        return request.at  # type: ignore[attr-defined]

    def link(self, at: dt.datetime) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self, at: dt.datetime) -> str:
        return f"{settings.SITE_URL}/feed.xml"

    def items(self, at: dt.datetime) -> list[Item]:
        editions = _newest(at=at)
        writers: dict[int, list[str]] = {edition.pk: [] for edition in editions}
        for edition, name in _names(editions=list(writers)):
            writers[edition].append(name)
        return [Item(edition, writers[edition.pk]) for edition in editions]

    def item_title(self, item: Item) -> str:
        return item.edition.headline

    def item_description(self, item: Item) -> str:
        return item.edition.lead

    def item_link(self, item: Item) -> str:
        return settings.SITE_URL + item.edition.get_absolute_url()

    def item_guid(self, item: Item) -> str:
        return f"{settings.SITE_URL}/artikel/{item.edition.article_id}/"

    def item_pubdate(self, item: Item) -> dt.datetime:
        return item.edition.first_live_from

    def item_updateddate(self, item: Item) -> dt.datetime:
        return item.edition.updated_at or item.edition.first_live_from

    def item_categories(self, item: Item) -> list[str]:
        return [item.edition.section.name]

    def item_extra_kwargs(self, item: Item) -> dict[str, Any]:
        return {"creators": item.writers}
