"""Choosers of the writing page: topics, articles. Small JSON answers, bounded lists."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.requests import user_of
from articles import permissions
from articles.models import Article, Edition, Tag
from articles.models.lookup import matching
from renewz.lib.dates import german_date
from renewz.lib.text import clean_line, fold

SHOWN = 12


def _guard(request: HttpRequest) -> None:
    if not permissions.may_enter(user_of(request)):
        raise PermissionDenied


def _numbers(request: HttpRequest) -> list[int]:
    parts = request.GET.get("ids", "").split(",")
    return [int(part) for part in parts[:50] if part.isascii() and part.isdigit() and len(part) < 16]


@require_safe
def tags(request: HttpRequest) -> JsonResponse:
    """Suggest topics that begin with, then topics that hold what was typed."""
    _guard(request)
    key = fold(clean_line(request.GET.get("q", "")[:100]))
    begins = (
        list(Tag.objects.filter(key__startswith=key).values_list("name", flat=True)[:SHOWN]) if key else []
    )
    holds = Tag.objects.filter(key__contains=key).values_list("name", flat=True)[: SHOWN * 2] if key else []
    return JsonResponse({"results": list(dict.fromkeys([*begins, *holds]))[:SHOWN]})


@require_safe
def articles(request: HttpRequest) -> JsonResponse:
    """Find live articles by words or by number; only what readers can see, too."""
    _guard(request)
    live = Edition.objects.live(request.at)  # type: ignore[attr-defined]
    if wanted := _numbers(request):
        rows = live.filter(article__in=wanted)
    else:
        found = matching(Article.objects.all(), request.GET.get("q", "")[:200])
        found = found.filter(Exists(live.filter(article=OuterRef("pk")))).order_by("-changed_at", "-pk")
        rows = live.filter(article__in=list(found.values_list("pk", flat=True)[:SHOWN]))
    return JsonResponse({"results": [_article(edition) for edition in rows.newest_first().for_lists()]})


def _article(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.article_id,
        "title": edition.headline,
        "detail": f"{edition.section.name}, {german_date(edition.first_live_from)}",
    }
