"""The manuscript as readers would see it now, at its own address, never cached."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles import page
from articles.admin.writing import article_for


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the manuscript with the site's own templates and policy."""
    article = article_for(request, pk)
    context = page.of_manuscript(article, timezone.now()) | {"preview": True}
    return render(request, "articles/article.html", context)
