"""The picture desk: what must be known of a picture. New ones come through ``images.uploads``."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.models import User
from images import uploads
from images.models import Image
from images.templatetags.pictures import small_picture


class ImageForm(forms.ModelForm):
    """Checks a new file as the upload door does, and says what is wrong at the field."""

    class Meta:
        model = Image
        fields = ("original", "title", "alt", "decorative", "caption", "credit")

    def clean_original(self) -> Any:
        """Refuse what is no picture before anything is stored."""
        file = self.cleaned_data["original"]
        if self.instance.pk is None and file:
            try:
                uploads.check(file)
            except uploads.BadPicture as error:
                raise forms.ValidationError(str(error)) from error
        return file


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """Pictures with alt text, caption and credit."""

    form = ImageForm
    list_display = ("shown", "title", "credit", "has_text", "uploaded_at")
    list_display_links = ("shown", "title")
    list_per_page = 40
    search_fields = ("title", "caption", "credit")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        return ("shown", "width", "height", "uploaded_at", "uploaded_by") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        about = ("title", "alt", "decorative", "caption", "credit")
        return (
            ("shown", *about, "width", "height", "uploaded_at", "uploaded_by")
            if obj
            else ("original", *about)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """A picture may be in an edition of the past: nothing is deleted from here."""
        return False

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        about = {name: form.cleaned_data[name] for name in ("alt", "decorative", "caption", "credit")}
        file = form.cleaned_data["original"]
        file.seek(0)
        assert isinstance(request.user, User)  # noqa: S101  (the admin lets nobody else in)
        stored = uploads.store(file, title=obj.title, user=request.user, **about)
        obj.pk, obj.checksum, obj.original = stored.pk, stored.checksum, stored.original
        obj.width, obj.height, obj.colour = stored.width, stored.height, stored.colour

    @admin.display(description="Bild")
    def shown(self, image: Image) -> SafeString:
        """A small rendition; the original stays where nobody can fetch it."""
        return small_picture(image)

    @admin.display(description="Alternativtext", boolean=True)
    def has_text(self, image: Image) -> bool:
        return bool(image.alt or image.decorative)
