"""``{% background_desk %}``: what the newsroom's start page says to those who attend to the background."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.requests import user_of
from background import desk
from background.overview import is_silent

register = template.Library()


@register.inclusion_tag("admin/background/desk.html", takes_context=True)
def background_desk(context: Context) -> dict[str, Any]:
    """Warn of a worker that is silent and of what has failed; where all is well, say nothing."""
    if not desk.may_attend(user_of(context["request"])):
        return {}
    return {
        "is_silent": is_silent(timezone.now()),
        "failures": DBTaskResult.objects.failed().count(),
    }
