"""The room for breaking news: what runs, what is planned, what was; set, replace, end."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.requests import user_of
from articles.models import Section
from articles.newsroom import guarded
from articles.publishing import NotAllowed, Refusal
from frontpage import breaking
from frontpage.banner import banner_of_draft
from frontpage.composition import compose
from frontpage.forms import BreakingForm, initial_of
from frontpage.models import BreakingNews
from frontpage.wording import standing
from renewz.lib.dates import german_moment, german_plan

LIST = "admin:frontpage_breakingnews_changelist"
FOLDER = "admin/frontpage/breakingnews"


@admin.register(BreakingNews)
class BreakingNewsAdmin(admin.ModelAdmin):
    """Who may what is decided by ``frontpage/breaking.py``."""

    list_display = ("line", "stand", "set_by_whom")
    list_display_links = None
    list_per_page = 40
    list_max_show_all = 0
    list_select_related = ("set_by", "ended_by")
    show_full_result_count = False
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Only our pages and the list: nothing of Django's that we do not mean."""
        wrap, one = self.admin_site.admin_view, "<int:pk>"
        return [
            path("", wrap(self.changelist_view), name="frontpage_breakingnews_changelist"),
            path("add/", wrap(add), name="frontpage_breakingnews_add"),
            path("vorschau/", guarded(self.admin_site, preview), name="breaking-preview"),
            path(f"{one}/", wrap(show), name="frontpage_breakingnews_change"),
            path(f"{one}/ersetzen/", wrap(replace), name="breaking-replace"),
            path(f"{one}/beenden/", wrap(end), name="breaking-end"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return breaking.may_announce(request.user)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: BreakingNews | None = None) -> bool:
        return breaking.may_announce(request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return breaking.may_announce(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: BreakingNews | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: BreakingNews | None = None) -> bool:
        """What was shown to readers stays in the record."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BreakingNews]:
        shown = BreakingNews.objects.live(timezone.now()).values("pk")
        return super().get_queryset(request).annotate(shown=Subquery(shown))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Eilmeldungen", **(extra_context or {})})

    @admin.display(description="Text")
    def line(self, row: BreakingNews) -> SafeString:
        """Link to the page of this one."""
        address = reverse("admin:frontpage_breakingnews_change", args=[row.pk])
        return format_html('<a href="{}" class="headline">{}</a>', address, row.text)

    @admin.display(description="Stand")
    def stand(self, row: BreakingNews) -> SafeString:
        """A word with a mark, and the time that belongs to it."""
        badge = standing(row, timezone.now(), row.shown)  # type: ignore[attr-defined]
        words = '<span class="badge badge-{}">{}</span><span class="badge-detail">{}</span>'
        return format_html(words, badge.kind, badge.text, badge.detail)

    @admin.display(description="Gesetzt")
    def set_by_whom(self, row: BreakingNews) -> SafeString:
        """When, and by whom."""
        return format_html("{}<br><span class=quiet>{}</span>", german_moment(row.set_at), row.set_by or "–")


def add(request: HttpRequest) -> HttpResponse:
    """Set a line."""
    return _form_page(request, None)


def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a line: the old one ends in the moment in which the new one is set."""
    return _form_page(request, _row(request, pk))


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line: how it looks, how it stands, who set and ended it."""
    row, now = _row(request, pk), timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": row.text,
        "row": row,
        "banner": banner_of_draft(row, now),
        "badge": standing(row, now, _shown_number()),
        "is_over": row.is_over(now),
        "period": f"{german_plan(row.starts_at)} bis {german_plan(row.ends_at)}",
    }
    return TemplateResponse(request, f"{FOLDER}/show.html", context)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a line now."""
    row = _row(request, pk)
    try:
        breaking.end(user_of(request), row)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Die Eilmeldung ist beendet.")
    return HttpResponseRedirect(reverse(LIST))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show the front page with the line that was typed; nothing is stored."""
    _refuse_strangers(request)
    form = BreakingForm(request.POST)
    now = timezone.now()
    row = _checked(form, lambda: breaking.drafted(user_of(request), form.line(), now))
    if row is None:
        return _page(request, form, None)
    sections = list(Section.objects.all())
    context = {
        "front": compose(now, sections),
        "sections": sections,
        "at": now,
        "tried_banner": banner_of_draft(row, now),
    }
    return render(request, f"{FOLDER}/preview.html", context)


def _form_page(request: HttpRequest, replaced: BreakingNews | None) -> HttpResponse:
    _refuse_strangers(request)
    if request.method != "POST":
        return _page(request, BreakingForm(initial=initial_of(replaced, timezone.now())), replaced)
    form = BreakingForm(request.POST)
    made = _checked(form, lambda: breaking.announce(user_of(request), form.line(), replaces=replaced))
    if made is None:
        return _page(request, form, replaced)
    is_planned = made.starts_at > made.set_at
    messages.success(
        request,
        f"Die Eilmeldung ist geplant für {german_plan(made.starts_at)}."
        if is_planned
        else f"Die Eilmeldung läuft bis {german_plan(made.ends_at)}.",
    )
    return HttpResponseRedirect(reverse(LIST))


def _checked(form: BreakingForm, action: Callable[[], BreakingNews]) -> BreakingNews | None:
    """Do what the form asks for; a refusal stands at its field, and what was typed stays."""
    if not form.is_valid():
        return None
    try:
        return action()
    except breaking.BadInput as refusal:
        form.add_error(refusal.field, str(refusal))
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return None


def _page(request: HttpRequest, form: BreakingForm, replaced: BreakingNews | None) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Eilmeldung ersetzen" if replaced else "Eilmeldung setzen",
        "form": form,
        "replaced": replaced,
    }
    return TemplateResponse(request, f"{FOLDER}/form.html", context)


def _row(request: HttpRequest, pk: int) -> BreakingNews:
    _refuse_strangers(request)
    return get_object_or_404(BreakingNews.objects.select_related("set_by", "ended_by"), pk=pk)


def _refuse_strangers(request: HttpRequest) -> None:
    if not breaking.may_announce(user_of(request)):
        raise PermissionDenied


def _shown_number() -> int | None:
    return BreakingNews.objects.live(timezone.now()).values_list("pk", flat=True).first()
