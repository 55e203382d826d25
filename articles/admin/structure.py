"""Sections and topics."""

from django.contrib import admin
from taggit.models import Tag as StrangersTag

from articles.models import Section, Tag

admin.site.unregister(StrangersTag)


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """The drawers of the paper."""

    list_display = ("name", "slug", "position")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    """Topics: spelling and description."""

    list_display = ("name", "slug")
    search_fields = ("key",)
    fields = ("name", "slug", "description")
    show_full_result_count = False
