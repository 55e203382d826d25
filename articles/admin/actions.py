"""One page for every action: what it will do, what it asks for, and the button that does it."""

import datetime as dt

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.requests import user_of
from articles import blockers, permissions, publishing
from articles.admin.writing import article_for
from articles.choices import EditionKind
from articles.forms import ActionForm
from articles.models import Article, Edition
from articles.workflow import ACTIONS, Action
from renewz.lib.dates import BERLIN, FOREVER, countdown, german_plan

_CONFIRM = {"schedule": "Planen", "reschedule": "Planung ändern", "trash": "In den Papierkorb legen"}


def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show an action and its consequences (GET), do it (POST)."""
    if name not in ACTIONS:
        raise Http404
    action, article, user = ACTIONS[name], article_for(request, pk), user_of(request)
    if not action.may(user, article):
        # The door says it best, and says it in the log.
        _refused(request, article, action)
        raise PermissionDenied
    asks_kind = action.asks_kind and Edition.objects.begun(timezone.now()).filter(article=article).exists()
    asked = {"asks_kind": asks_kind, "may_correct": permissions.may_correct(user, article)}
    if request.method != "POST":
        initial = {"token": article.token, "kind": EditionKind.UPDATE} | _initial_period(action, article)
        return _page(request, ActionForm(action, initial=initial, **asked), article, action)
    form = ActionForm(action, request.POST, **asked)
    if not form.is_valid():
        return _page(request, form, article, action)
    data = form.cleaned_data
    wanted = publishing.Request(
        note=data.get("note", ""),
        live_from=data.get("live_from"),
        live_until=data.get("live_until"),
        kind=data.get("kind", ""),
        reader_note=data.get("reader_note", ""),
    )
    try:
        publishing.perform(name, article, user, data["token"], wanted)
    except publishing.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except publishing.BadTime as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, form, article, action)
    except publishing.Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, article_for(request, pk), action, status=409)
    messages.success(request, _done(action, article))
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


def _initial_period(action: Action, article: Article) -> dict[str, dt.datetime | None]:
    """Return the plan as it is; for a new one six o'clock, when the mornings begin."""
    now = timezone.now()
    waiting = Edition.objects.waiting(now).filter(article=article).first()
    if action.name == "reschedule" and waiting:
        return {
            "live_from": waiting.live_from,
            "live_until": None if waiting.is_open_ended else waiting.live_until,
        }
    tomorrow = now.astimezone(BERLIN) + dt.timedelta(days=1)
    return {"live_from": tomorrow.replace(hour=6, minute=0, second=0, microsecond=0)}


def _refused(request: HttpRequest, article: Article, action: Action) -> None:
    publishing.logger.warning(
        "article action refused",
        extra={"article": article.pk, "action": action.name, "user": request.user.pk},
    )


def _done(action: Action, article: Article) -> str:
    waiting = Edition.objects.waiting(timezone.now()).filter(article=article).first()
    if action.asks_time and waiting:
        return f"Geplant für {german_plan(waiting.live_from)}."
    words = {
        "publish": "Der Artikel ist online.",
        "release_alone": "Der Artikel ist online. Ihre Begründung steht im Verlauf und in der Übersicht.",
        "withdraw": "Der Artikel ist zurückgezogen.",
        "cancel": "Die Planung ist aufgehoben.",
        "submit": "Der Text liegt bei der Redaktion.",
        "approve": "Der Text ist freigegeben.",
        "send_back": "Der Text ist zurückgegeben.",
    }
    return words.get(action.name, f"Erledigt: {action.label}.")


def _page(
    request: HttpRequest, form: ActionForm, article: Article, action: Action, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    current = list(Edition.objects.current(now).filter(article=article))
    live = next((edition for edition in current if edition.is_live(now)), None)
    waiting = next((edition for edition in current if edition.is_waiting(now)), None)
    hard = blockers.hard(article, now) if action.checks_text else []
    context = {
        **admin.site.each_context(request),
        "title": action.label.rstrip(" …"),
        "action": action,
        "article": article,
        "form": form,
        "live": live,
        "planned_end": live.planned_until if live and live.planned_until != FOREVER else None,
        "waiting_words": f"{german_plan(waiting.live_from)} ({countdown(waiting.live_from, now)})"
        if waiting
        else "",
        "hard": hard,
        "soft": blockers.soft(article, now) if action.checks_text else [],
        "fits": publishing.fits(action, article, now),
        "confirm": _CONFIRM.get(action.name, action.label),
    }
    return TemplateResponse(request, "admin/articles/article/action.html", context, status=status)
