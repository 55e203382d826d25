from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone

from authors.models import Author, AuthorLink
from images.fields import PictureInput
from images.models import Image


class AuthorForm(forms.ModelForm):
    """A profile; its portrait is before readers in the moment of saving."""

    portrait = forms.ModelChoiceField(
        Image.objects.all(),
        label="Porträt",
        required=False,
        widget=PictureInput(publishable_only=True),
        error_messages={"invalid_choice": "Dieses Bild gibt es nicht."},
    )

    class Meta:
        model = Author
        fields = "__all__"  # noqa: DJ007  (the admin's fieldsets name them)

    def clean_portrait(self) -> Any:
        """Refuse what may not be shown; a portrait that stays is not asked again."""
        portrait = self.cleaned_data["portrait"]
        if portrait is None or portrait.pk == self.instance.portrait_id:
            return portrait
        if not portrait.is_publishable:
            raise forms.ValidationError("Diesem Bild fehlen Bildnachweis, Lizenz oder Alternativtext.")
        if timezone.now() >= portrait.shown_until:
            raise forms.ValidationError("Dieses Bild darf nicht mehr gezeigt werden.")
        return portrait


class AuthorLinkInline(admin.TabularInline):
    model = AuthorLink
    extra = 1


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    """Profiles of those who write."""

    form = AuthorForm
    list_display = ("name", "role_title", "is_agency", "is_former")
    list_filter = ("is_former", "is_agency")
    search_fields = ("sort_key", "name")
    inlines = (AuthorLinkInline,)
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("name", "role_title", "portrait", "biography", "email")}),
        ("Stand", {"fields": ("is_agency", "is_former", "user", "slug")}),
    )
