"""The newsroom: Django's admin with our title, our security policy and a start page per role."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csp import csp_override

with_admin_policy = csp_override(settings.ADMIN_CSP)


def guarded(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Guard a view of the admin but leave it the public policy: previews look like the site."""
    return AdminSite.admin_view(site, view)


class NewsroomSite(AdminSite):
    """The one admin site."""

    site_title = "RENEWZ Redaktion"
    site_header = "RENEWZ Redaktion"
    index_title = "Übersicht"
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def admin_view(  # type: ignore[override]  # the stubs know one shape of view only
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        """Guard a view as Django does and give it the policy with a nonce."""
        return with_admin_policy(super().admin_view(view, cacheable))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"one_person_newsroom": not settings.FOUR_EYES}

    @method_decorator(with_admin_policy)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what the person who signed in has to do."""
        from articles.admin.desk import desk  # noqa: PLC0415  (the admin package needs this site)

        return super().index(request, {**desk(request), **(extra_context or {})})
