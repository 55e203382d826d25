"""Fields of the newsroom's forms: bylines, topics, picked articles."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.choices import BylineRole
from articles.models import Article, Tag
from authors.models import Author


class ListInput(forms.Widget):
    """Several values of one name, in the order in which they stand on the page."""

    is_group = True  # labelled by a legend, not by a label

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class BylineInput(ListInput):
    """Rows of author and role, sortable; the last one is empty for one more."""

    template_name = "admin/articles/widgets/bylines.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [
            f"{author}:{role}"
            for author, role in zip(
                data.getlist(f"{name}_author"), data.getlist(f"{name}_role"), strict=False
            )
            if author
        ]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows = [tuple(str(row).split(":", 1)) for row in value or []]
        return super().get_context(name, None, attrs) | {
            "rows": [*rows, ("", BylineRole.TEXT.value)],
            "authors": [(str(pk), label) for pk, label in Author.objects.values_list("pk", "name")],
            "roles": BylineRole.choices,
        }


class BylineField(forms.Field):
    """Cleans to a list of (Author, role)."""

    widget = BylineInput

    def clean(self, value: Any) -> list[tuple[Author, str]]:
        pairs = [str(row).split(":", 1) for row in value or []]
        numbers = [int(pk) for pk, _ in pairs if pk.isascii() and pk.isdigit()]
        authors = Author.objects.in_bulk(numbers)
        found: list[tuple[Author, str]] = []
        for pk, role in pairs:
            author = authors.get(int(pk)) if pk.isascii() and pk.isdigit() else None
            if author is None or role not in BylineRole.values:
                raise ValidationError("Diesen Namen gibt es nicht (mehr). Bitte neu wählen.")
            if any(author == other for other, _ in found):
                raise ValidationError(f"{author} steht zweimal in der Autorenzeile.")
            found.append((author, role))
        return found


class TagInput(forms.TextInput):
    """Topics, parted by commas; with script a row of words with suggestions."""

    template_name = "admin/articles/widgets/tags.html"


class TagField(forms.CharField):
    """Cleans to a list of names."""

    widget = TagInput

    def clean(self, value: Any) -> list[str]:
        names = [name for part in super().clean(value).split(",") if (name := part.strip())]
        if len(names) > 12:
            raise ValidationError("Höchstens zwölf Themen.")
        if too_long := [name for name in names if len(name) > Tag._meta.get_field("name").max_length]:
            raise ValidationError(f"Zu lang für ein Thema: „{too_long[0][:40]}…“.")
        return names


class PickedInput(ListInput):
    """Hand-picked articles, sortable; chosen in a dialog, sent by number."""

    template_name = "admin/articles/widgets/related.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        numbers = [int(pk) for pk in value or [] if str(pk).isascii() and str(pk).isdigit()]
        titles = dict(Article.objects.filter(pk__in=numbers).values_list("pk", "headline"))
        context = super().get_context(name, None, attrs)
        return context | {"picked": [(pk, titles[pk]) for pk in numbers if pk in titles]}


class PickedField(forms.Field):
    """Cleans to a list of article numbers."""

    widget = PickedInput

    def clean(self, value: Any) -> list[int]:
        texts = [text.strip() for text in value or [] if str(text).strip()]
        if any(not (text.isascii() and text.isdigit() and len(text) < 16) for text in texts):
            raise ValidationError("Bitte die Nummer eines Artikels angeben.")
        if len(texts) > 8:
            raise ValidationError("Höchstens acht Empfehlungen.")
        numbers = [int(text) for text in texts]
        known = set(Article.objects.filter(pk__in=numbers).values_list("pk", flat=True))
        if missing := [number for number in numbers if number not in known]:
            raise ValidationError(f"Den Artikel Nr. {missing[0]} gibt es nicht.")
        return numbers
