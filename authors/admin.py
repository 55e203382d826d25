from django.contrib import admin

from authors.models import Author, AuthorLink


class AuthorLinkInline(admin.TabularInline):
    model = AuthorLink
    extra = 1


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    """Profiles of those who write."""

    list_display = ("name", "role_title", "is_agency", "is_former")
    list_filter = ("is_former", "is_agency")
    search_fields = ("sort_key", "name")
    raw_id_fields = ("portrait",)
    inlines = (AuthorLinkInline,)
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("name", "role_title", "portrait", "biography", "email")}),
        ("Stand", {"fields": ("is_agency", "is_former", "user", "slug")}),
    )
