"""The writing page: a sheet in the middle, what belongs to it beside it."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.requests import user_of
from articles import blockers, editing, permissions, publishing, standing
from articles.editing import Content, content_of
from articles.forms import ArticleForm, initial_of
from articles.internal_notes import were_joined
from articles.models import Article, Edition
from articles.workflow import ACTIONS
from renewz.lib.dates import countdown, german_plan

TEMPLATE = "admin/articles/article/write.html"


def article_for(request: HttpRequest, pk: int) -> Article:
    """Return an article that this person may see; another one is not there for her (404)."""
    visible = permissions.visible_articles(user_of(request))
    return get_object_or_404(visible.select_related("section", "lead_image", "changed_by", "owner"), pk=pk)


def add(request: HttpRequest) -> HttpResponse:
    """Begin a manuscript; the byline is the writer's own name."""
    user = user_of(request)
    if not permissions.may_create(user):
        raise PermissionDenied
    if request.method == "POST":
        form = ArticleForm(request.POST)
        if form.is_valid():
            try:
                article = editing.create(
                    user, form.content(), notes=form.typed_notes(), form=form.cleaned_data["begun"]
                )
            except editing.EditingRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return _after_save(request, article)
    else:
        author = getattr(user, "author", None)
        form = ArticleForm(
            initial={"bylines": [f"{author.pk}:text"] if author else [], "begun": uuid.uuid4()}
        )
        form.fields["headline"].widget.attrs["autofocus"] = True
    return _page(request, form, None)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a manuscript; save it where this person may."""
    article = article_for(request, pk)
    may_edit = permissions.may_edit(user_of(request), article)
    if request.method != "POST":
        form = ArticleForm(initial=initial_of(article, content_of(article)))
        return _page(request, form, article, may_edit=may_edit)
    form = ArticleForm(request.POST)
    if not may_edit:
        return _too_late(request, form, article)
    if form.is_valid():
        try:
            saved = editing.save(
                user_of(request), article, form.content(),
                base_version=form.cleaned_data["version"] or 0, notes=form.typed_notes(),
            )  # fmt: skip
        except editing.StaleVersion as stale:
            return _conflict(request, form, stale)
        except editing.NotYours:
            return _too_late(request, form, article_for(request, pk))
        except editing.NotesTooLong as refusal:
            form.add_error("notes", str(refusal))
        except editing.EditingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if were_joined(saved.notes, form.typed_notes()):
                messages.warning(
                    request,
                    "In den internen Notizen hat inzwischen noch jemand geschrieben. "
                    "Es steht jetzt beides da; bitte ansehen.",
                )
            return _after_save(request, saved, before=article)
    return _page(request, form, article)


def _after_save(request: HttpRequest, article: Article, *, before: Article | None = None) -> HttpResponse:
    """Lead on to the action whose button was pressed, else back to the sheet."""
    wanted = request.POST.get("danach", "")
    if wanted in ACTIONS:
        return HttpResponseRedirect(reverse("admin:article-action", args=[article.pk, wanted]))
    if wanted == "vorschau":
        return HttpResponseRedirect(reverse("admin:article-preview", args=[article.pk]))
    if before is None or article.version != before.version:
        text = f"Gespeichert als Version {article.version}."
    elif article.notes != before.notes:
        text = "Notizen gespeichert. Der Text ist unverändert."
    else:
        text = "Es gab nichts zu speichern."
    messages.success(request, text)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _conflict(request: HttpRequest, form: ArticleForm, stale: editing.StaleVersion) -> HttpResponse:
    """Keep what was typed and show what the other person saved; nothing was overwritten."""
    theirs = stale.theirs
    # Whoever saves once more has seen both texts and means it; theirs stays as a version.
    typed = request.POST.copy()
    typed["version"] = str(theirs.version)
    form.data = typed
    form.add_error(None, str(stale))
    return _page(request, form, article_for(request, theirs.pk), theirs=content_of(theirs), status=409)


def _too_late(request: HttpRequest, form: ArticleForm, article: Article) -> HttpResponse:
    """Give back what was typed into a text that this person may only read by now."""
    form.full_clean()
    form.add_error(
        None,
        "Nicht gespeichert: Diesen Text können Sie nur noch lesen. "
        "Was Sie geschrieben haben, steht noch da; bitte kopieren Sie es, bevor Sie die Seite verlassen.",
    )
    return _page(request, form, article, may_edit=False, status=403)


def _page(  # noqa: PLR0913
    request: HttpRequest,
    form: ArticleForm,
    article: Article | None,
    *,
    may_edit: bool = True,
    theirs: Content | None = None,
    status: int = 200,
) -> HttpResponse:
    if not may_edit:
        for field in form.fields.values():
            # Not ``field.disabled``: that would show what is stored instead of what was typed. Words can
            # be marked and copied, by key too, in what is only „readonly“.
            holds_words = type(field.widget) in {forms.TextInput, forms.Textarea}
            field.widget.attrs["readonly" if holds_words else "disabled"] = True
    context = {
        **admin.site.each_context(request),
        "title": str(article) if article else "Neuer Artikel",
        "form": form,
        "media": form.media,
        "article": article,
        "may_edit": may_edit,
        "theirs": theirs,
        **(_about(request, article) if article else {"actions": [], "badges": []}),
    }
    return TemplateResponse(request, TEMPLATE, context, status=status)


def _about(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Return what stands beside the text: standing, what may be done, what is missing, the log."""
    now = timezone.now()
    user = user_of(request)
    current = list(Edition.objects.current(now).filter(article=article).for_newsroom())
    waiting = next((edition for edition in current if edition.is_waiting(now)), None)
    live = next((edition for edition in current if edition.is_live(now)), None)
    last = article.transitions.select_related("actor").first()
    return {
        "badges": standing.badges(article, current, now),
        "live": live,
        "waiting_words": f"{german_plan(waiting.live_from)} – {countdown(waiting.live_from, now)}"
        if waiting
        else "",
        "actions": publishing.available(user, article, now),
        # What readers have or will have needs no next step; no button stands out.
        "settled": any(
            edition.revision and edition.revision.number == article.version for edition in current
        ),
        "hard": blockers.hard(article, now),
        "soft": blockers.soft(article, now),
        "sent_back": last if last and last.action == "send_back" else None,
        "transitions": article.transitions.select_related("actor")[:6],
        "action_labels": {name: action.label for name, action in ACTIONS.items()},
        "four_eyes_note": permissions.may_review(user, article)
        and not permissions.may_approve(user, article),
    }
