"""The picture desk's rooms: library, page of a picture, upload."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from images import permissions
from images.admin import library, picture, upload
from images.models import Image


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """Only our pages, nothing of Django's. Who may what is decided by ``images/permissions.py``."""

    def get_urls(self) -> list[URLPattern]:
        """Name every address."""
        wrap, one = self.admin_site.admin_view, "<int:pk>"
        return [
            path("", wrap(library.library), name="images_image_changelist"),
            path("finden/", wrap(library.find), name="find-pictures"),
            path("verlauf/", wrap(picture.log), name="picture-log"),
            path("add/", wrap(upload.add), name="images_image_add"),
            path("hochladen/", wrap(upload.send), name="upload-picture"),
            path(f"{one}/change/", wrap(picture.change), name="images_image_change"),
            path(f"{one}/kurz/", wrap(picture.quick), name="quick-picture"),
            path(f"{one}/bestaetigen/", wrap(upload.confirm), name="confirm-picture"),
            path(f"{one}/tauschen/", wrap(picture.swap), name="swap-picture"),
            path(f"{one}/zuruecktauschen/", wrap(picture.swap_back), name="swap-back-picture"),
            path(f"{one}/loeschen/", wrap(picture.delete), name="images_image_delete"),
            path(f"{one}/original/", wrap(picture.original), name="picture-original"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.may_enter(request.user)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return permissions.may_enter(request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.may_upload(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return permissions.may_enter(request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return False
