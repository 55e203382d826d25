"""The feed of the newest articles."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Rss201rev2Feed

from articles.models import Edition


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
    """The newest 30 articles. A guid never changes, whatever becomes of headline and address."""

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

    def items(self, at: dt.datetime) -> list[Edition]:
        live = Edition.objects.live(at).newest_first().for_lists()
        return list(live.prefetch_related("bylines__author")[:30])

    def item_title(self, item: Edition) -> str:
        return item.headline

    def item_description(self, item: Edition) -> str:
        return item.lead

    def item_link(self, item: Edition) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Edition) -> str:
        return f"{settings.SITE_URL}/artikel/{item.article_id}/"

    def item_pubdate(self, item: Edition) -> dt.datetime:
        return item.first_live_from

    def item_updateddate(self, item: Edition) -> dt.datetime:
        return item.updated_at or item.first_live_from

    def item_categories(self, item: Edition) -> list[str]:
        return [item.section.name]

    def item_extra_kwargs(self, item: Edition) -> dict[str, Any]:
        return {"creators": [author.name for author, _ in item.byline_rows()]}
