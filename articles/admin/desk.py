"""The start page: for each role what she has to do now."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from articles import permissions, standing
from articles.choices import State
from articles.models import Article, Edition, Transition
from articles.models.edition import EditionQuerySet
from renewz.lib.dates import countdown, german_plan

SHOWN = 8


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return the lists of the start page; empty for those without a place in the newsroom."""
    user, now = request.user, timezone.now()
    assert isinstance(user, User)  # noqa: S101
    if not permissions.may_enter(user):
        return {"desk": None}
    visible = permissions.visible_articles(user).filter(trashed_at__isnull=True)
    mine = visible.filter(owner=user)
    is_editor = permissions.is_reviewer(user)
    return {
        "desk": {
            "now": now,
            "is_editor": is_editor,
            "may_create": permissions.may_create(user),
            "sent_back": _sent_back(mine),
            "mine": _rows(mine, now),
            "to_review": _rows(visible.filter(state=State.IN_REVIEW), now) if is_editor else [],
            "to_release": _rows(_unreleased(visible, now), now) if is_editor else [],
            "planned": _planned(visible, now),
            "published": _published(visible, now),
            "emergencies": _emergencies() if is_editor else [],
        }
    }


def _rows(articles: QuerySet[Article], now: dt.datetime) -> list[dict[str, Any]]:
    current = Prefetch("editions", Edition.objects.current(now).for_newsroom(), to_attr="current_editions")
    found = articles.select_related("section", "owner", "changed_by").defer("body", "notes", "lookup", "lead")
    rows = found.prefetch_related(current).order_by("-changed_at", "-pk")[:SHOWN]
    return [
        {"article": article, "badges": standing.badges(article, article.current_editions, now)}  # type: ignore[attr-defined]
        for article in rows
    ]


def _unreleased(visible: QuerySet[Article], now: dt.datetime) -> QuerySet[Article]:
    """Approved, but this version was never online and is not planned."""
    approved = visible.filter(state=State.APPROVED)
    recent = list(approved.order_by("-changed_at", "-pk").values_list("pk", "version")[:50])
    editions = Edition.objects.begun(now) | Edition.objects.waiting(now)
    released = editions.filter(article__in=[pk for pk, _ in recent]).values_list(
        "article_id", "revision__number"
    )
    return approved.filter(pk__in=[pk for pk, _ in set(recent) - set(released)])


def _sent_back(mine: QuerySet[Article]) -> list[Transition]:
    """Texts that came back: the last thing that happened to them."""
    drafts = list(mine.filter(state=State.DRAFT).order_by("-changed_at").values_list("pk", flat=True)[:50])
    last: dict[int, Transition] = {}
    for row in (
        Transition.objects.filter(article__in=drafts).select_related("article", "actor").order_by("pk")
    ):
        last[row.article_id] = row
    return [row for row in last.values() if row.action == "send_back"]


def _planned(visible: QuerySet[Article], now: dt.datetime) -> list[dict[str, Any]]:
    rows = _of_visible(Edition.objects.waiting(now).order_by("live_from"), visible)
    return [
        {"edition": row, "plan": german_plan(row.live_from), "countdown": countdown(row.live_from, now)}
        for row in rows
    ]


def _published(visible: QuerySet[Article], now: dt.datetime) -> list[Edition]:
    return _of_visible(Edition.objects.live(now).order_by("-live_from"), visible)


def _of_visible(editions: EditionQuerySet, visible: QuerySet[Article]) -> list[Edition]:
    """Return the first that this person may see; looks at a bounded number of them."""
    rows = list(editions.for_newsroom()[: SHOWN * 5])
    mine = set(visible.filter(pk__in=[row.article_id for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.article_id in mine][:SHOWN]


def _emergencies() -> QuerySet[Transition]:
    """Releases without a second pair of eyes: the report that editors see."""
    return Transition.objects.filter(action="release_alone").select_related("article", "actor")[:5]
