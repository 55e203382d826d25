"""The form field's face for a picture: chosen or uploaded in a dialog, sent by number."""

from typing import Any

from django import forms

from images.models import Image


class PictureInput(forms.NumberInput):
    """A picture; without script its number is typed."""

    template_name = "admin/images/widgets/picture.html"
    is_group = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, publishable_only: bool = False) -> None:
        super().__init__(attrs)
        self.publishable_only = publishable_only

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        found = Image.objects.filter(pk=value).first() if str(value or "").isdecimal() else None
        return super().get_context(name, value, attrs) | {
            "image": found,
            "publishable_only": self.publishable_only,
        }
