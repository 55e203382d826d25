"""The room „Betrieb“: what is done in the background, and trying again what failed."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_tasks_db.models import DBTaskResult

from accounts.requests import user_of
from background import desk
from background.models import Worker
from background.overview import overview

# Its list shows tracebacks, and there is one room for orders.
admin.site.unregister(DBTaskResult)

ROOM = "admin:background_worker_changelist"


@admin.register(Worker)
class WorkerAdmin(admin.ModelAdmin):
    """Who may what is decided by ``background/desk.py``."""

    def get_urls(self) -> list[URLPattern]:
        """Only our pages: nothing of Django's that we do not mean."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(room), name="background_worker_changelist"),
            path("<uuid:number>/noch-einmal/", wrap(again), name="order-again"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return desk.may_attend(request.user)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Worker | None = None) -> bool:
        return desk.may_attend(user_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Worker | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Worker | None = None) -> bool:
        return False


def room(request: HttpRequest) -> HttpResponse:
    """Show everything at one moment."""
    if not desk.may_attend(user_of(request)):
        raise PermissionDenied
    now = timezone.now()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Betrieb",
        "now": now,
        "overview": overview(now),
    }
    return TemplateResponse(request, "admin/background/room.html", context)


@require_POST
def again(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Have a failed order tried once more."""
    try:
        desk.order_again(user_of(request), number)
    except desk.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except desk.Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Der Auftrag ist noch einmal erteilt.")
    return HttpResponseRedirect(reverse(ROOM))
