"""``{% live_breaking %}`` for every public page, ``{% breaking_desk %}`` for the newsroom's start page."""

import datetime as dt
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone

from delivery.parts import kept
from frontpage import breaking
from frontpage.banner import Banner, banner
from frontpage.models import BreakingNews
from frontpage.wording import standing

register = template.Library()


@register.simple_tag(takes_context=True)
def live_breaking(context: Context) -> Banner | None:
    """Return the banner of the page's moment, in a preview the one that is tried."""
    return context.get("tried_banner") or _banner(context["request"])


def _banner(request: HttpRequest) -> Banner | None:
    at: dt.datetime = request.at  # type: ignore[attr-defined]
    return kept(request, "breaking", lambda: banner(at))


@register.inclusion_tag("admin/frontpage/breakingnews/desk.html", takes_context=True)
def breaking_desk(context: Context) -> dict[str, Any]:
    """Show what runs and what is planned to those who may end it; to others nothing."""
    if not breaking.may_announce(context["request"].user):
        return {"may_announce": False}
    now = timezone.now()
    running = list(BreakingNews.objects.running(now))
    shown = running[0].pk if running else None
    rows = [*running, *BreakingNews.objects.waiting(now)]
    return {
        "may_announce": True,
        "rows": [{"breaking": row, "badge": standing(row, now, shown)} for row in rows],
        "csrf_token": context["csrf_token"],
    }
