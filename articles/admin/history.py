"""What happened to an article: every action and every saved version."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from articles.admin.writing import article_for
from articles.workflow import ACTIONS

SHOWN = 200


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """List actions, editions and versions, newest first."""
    article = article_for(request, pk)
    context = {
        **admin.site.each_context(request),
        "title": f"Verlauf: {article}",
        "article": article,
        "transitions": article.transitions.select_related("actor", "edition")[:SHOWN],
        "editions": article.editions.select_related("released_by", "section")
        .order_by("-number")
        .defer("body")[:SHOWN],
        "revisions": article.revisions.select_related("author").defer("content")[:SHOWN],
        "action_labels": {name: action.label for name, action in ACTIONS.items()},
    }
    return TemplateResponse(request, "admin/articles/article/history.html", context)
