"""The list of manuscripts, and the addresses of all pages about one article.

Fast with 100,000 articles: walks an index from the newest change, counts no further than the
last page that it offers, and asks a fixed number of queries.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import permissions, publishing, standing
from articles.admin import actions, finder, history, preview, writing
from articles.choices import State
from articles.models import Article, ArticleByline, Edition
from articles.models.lookup import matching
from articles.newsroom import guarded
from articles.workflow import ACTIONS
from renewz.lib.dates import german_moment

PAGE_SIZE = 40
MAX_PAGES = 25


class BoundedPaginator(Paginator):
    """Counts no further than MAX_PAGES; who looks for something older searches or filters."""

    limit = PAGE_SIZE * MAX_PAGES

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Article]", self.object_list)
        return found[: self.limit].count()  # type: ignore[no-any-return, union-attr, call-arg]


class StandingFilter(admin.SimpleListFilter):
    """Where an article stands, for readers or in the newsroom."""

    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            *((state.value, state.label) for state in State),
            ("waiting", "Geplant"),
            ("live", "Online"),
            ("withdrawn", "Zurückgezogen"),
            ("trash", "Papierkorb"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        wanted, now = self.value(), timezone.now()
        if wanted == "trash":
            return queryset.filter(trashed_at__isnull=False)
        queryset = queryset.filter(trashed_at__isnull=True)
        if wanted in State.values:
            return queryset.filter(state=wanted)
        # Most articles are live: asked for one by one. Few are planned or withdrawn: all at once.
        if wanted == "live":
            return queryset.filter(Exists(Edition.objects.live(now).filter(article=OuterRef("pk"))))
        if wanted == "waiting":
            return queryset.filter(pk__in=Edition.objects.waiting(now).values("article"))
        if wanted == "withdrawn":
            return queryset.filter(pk__in=Edition.objects.withdrawn(now).values("article"))
        return queryset


class MineFilter(admin.SimpleListFilter):
    """Only what the person herself began."""

    title = "Wessen"
    parameter_name = "wessen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("meine", "Von mir angelegt")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(owner=request.user.pk) if self.value() == "meine" else queryset


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """Manuscripts. What may be done with which is decided by ``articles/permissions.py``."""

    list_display = ("title", "stand", "section", "authors", "changed")
    list_display_links = None
    list_filter = (StandingFilter, "section", MineFilter)
    list_per_page = PAGE_SIZE
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    ordering = ("-changed_at", "-pk")
    search_fields = ("lookup",)
    search_help_text = "Wörter aus Überschrift, Dachzeile, Autorenzeile und Themen; auch Teile von Wörtern"
    actions = ("submit_selected", "approve_selected", "trash_selected")

    def get_urls(self) -> list[URLPattern]:
        """Only our pages and the list: nothing of Django's that we do not mean."""
        wrap, plain = self.admin_site.admin_view, guarded
        article = "<int:pk>"
        return [
            path("", wrap(self.changelist_view), name="articles_article_changelist"),
            path("add/", wrap(writing.add), name="articles_article_add"),
            path("finden/themen/", wrap(finder.tags), name="find-tags"),
            path("finden/artikel/", wrap(finder.articles), name="find-articles"),
            path(f"{article}/change/", wrap(writing.change), name="articles_article_change"),
            path(f"{article}/aktion/<slug:name>/", wrap(actions.act), name="article-action"),
            path(f"{article}/verlauf/", wrap(history.history), name="articles_article_history"),
            path(f"{article}/vorschau/", plain(self.admin_site, preview.preview), name="article-preview"),
        ]

    # Rights of the list; each article is asked for one by one below.
    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.may_enter(request.user)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.may_enter(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.may_enter(request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.may_create(request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        names = ArticleByline.objects.select_related("author")
        current = Edition.objects.current(timezone.now()).for_newsroom()
        return (
            permissions.visible_articles(request.user)  # type: ignore[arg-type]
            .defer("body", "notes", "lookup", "lead")
            .select_related("section", "changed_by")
            .prefetch_related(
                Prefetch("bylines", names), Prefetch("editions", current, to_attr="current_editions")
            )
            .order_by("-changed_at", "-pk")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return matching(queryset, search_term), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Artikel", **(extra_context or {})})

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: list[tuple[str, str]] | None = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        """Say „Aktion wählen“ where Django's catalogue has a gap."""
        return super().get_action_choices(request, [("", "Aktion wählen")], action_location)

    # --- cells ---

    @admin.display(description="Überschrift")
    def title(self, article: Article) -> SafeString:
        """Link to the writing page."""
        address = reverse("admin:articles_article_change", args=[article.pk])
        kicker = format_html('<span class="kicker">{}</span> ', article.kicker) if article.kicker else ""
        return format_html('{}<a href="{}" class="headline">{}</a>', kicker, address, article)

    @admin.display(description="Stand")
    def stand(self, article: Article) -> SafeString:
        """Words with a mark: the manuscript's state and what readers see."""
        rows = standing.badges(article, article.current_editions, timezone.now())  # type: ignore[attr-defined]
        return format_html_join(
            "", '<span class="badge badge-{}">{}</span><span class="badge-detail">{}</span>',
            ((badge.kind, badge.text, badge.detail) for badge in rows),
        )  # fmt: skip

    @admin.display(description="Autorenzeile")
    def authors(self, article: Article) -> str:
        """Names in their order."""
        return ", ".join(row.author.name for row in article.bylines.all())

    @admin.display(description="Geändert")
    def changed(self, article: Article) -> SafeString:
        """When, and by whom."""
        by = article.changed_by or "–"
        return format_html("{}<br><span class=quiet>{}</span>", german_moment(article.changed_at), by)

    # --- list actions: the same door as everywhere, one article at a time ---

    @admin.action(description="Zur Prüfung geben")
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        _perform_each(self, request, queryset, "submit")

    @admin.action(description="Freigeben")
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        _perform_each(self, request, queryset, "approve")

    @admin.action(description="In den Papierkorb")
    def trash_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        _perform_each(self, request, queryset, "trash")


def _perform_each(
    model_admin: ArticleAdmin, request: HttpRequest, queryset: QuerySet[Article], name: str
) -> None:
    done = 0
    for article in Article.objects.filter(pk__in=queryset.values("pk"))[:PAGE_SIZE]:
        try:
            publishing.perform(name, article, request.user, article.token)  # type: ignore[arg-type]
            done += 1
        except publishing.Refusal as refusal:
            model_admin.message_user(request, f"„{article}“: {refusal}", messages.ERROR)
    if done:
        word = "Artikel" if done == 1 else "Artikeln"
        model_admin.message_user(
            request, f"{ACTIONS[name].label}: bei {done} {word} erledigt.", messages.SUCCESS
        )
