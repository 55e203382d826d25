"""Forms of the picture desk. They check and keep what was typed; the door does the rest."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from images import desk
from images.fields import PictureInput
from images.models import Image, Licence, SourceType
from renewz.lib.dates import FOREVER
from renewz.lib.moments import MomentField, MomentInput, is_ambiguous_input

# What the upload door takes; the browser's chooser offers the same.
ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/gif"
MOST_AT_ONCE = 20

CONFIRMED = (
    "title",
    "alt",
    "decorative",
    "caption",
    "credit",
    "licence",
    "source_type",
    "focal_x",
    "focal_y",
)


class UploadForm(forms.Form):
    """One new file."""

    file = forms.FileField(
        label="Bilddatei",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": "Bitte eine Datei wählen.",
            "empty": "Die Datei ist leer. Bitte wählen Sie sie noch einmal aus.",
        },
    )


def _field(name: str) -> Any:
    return Image._meta.get_field(name)


def _line(name: str, *, rows: int = 0, **options: Any) -> forms.CharField:
    """Return a text field for a column; the door says which of them must not be empty."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    column = _field(name)
    options = {"help_text": column.help_text} | options
    return forms.CharField(
        label=column.verbose_name, max_length=column.max_length, required=False, widget=widget, strip=False,
        **options,
    )  # fmt: skip


def _per_cent(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Bitte eine Zahl von 0 bis 100 angeben."
        ),
    )


class VersionedForm(forms.Form):
    """Sends back the version that its person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def show_again(self, refusal: desk.Conflict) -> None:
        """Say that somebody was faster; who then sends the same once more has seen it and means it."""
        self.add_error(None, str(refusal))
        if refusal.theirs:
            data = cast("QueryDict", self.data).copy()
            data["version"] = str(refusal.theirs.version)
            self.data = data


class DescribeForm(VersionedForm):
    """Everything that the desk may say of a picture."""

    alt = _line("alt", rows=2)
    decorative = forms.BooleanField(label="Rein dekorativ (kein Alternativtext nötig)", required=False)
    credit = _line("credit")
    licence = forms.ChoiceField(label="Lizenz", choices=Licence, required=False)
    caption = _line("caption", rows=2)
    title = _line("title")
    source_type = forms.ChoiceField(
        label="Entstehung",
        choices=SourceType,
        required=False,
        help_text="Von KI Erzeugtes und Bearbeitetes wird auf der Seite gekennzeichnet.",
    )
    creator = _line("creator")
    copyright_notice = _line("copyright_notice")
    usage_terms = _line("usage_terms", rows=3)
    licensed_until = MomentField(
        label="Lizenz bis",
        required=False,
        help_text="Zeit in Berlin. Leer lassen: ohne Ende. In dieser Sekunde verschwindet das Bild überall.",
    )
    replacement = forms.ModelChoiceField(
        Image.objects.all(),
        label="Ersatzbild",
        required=False,
        widget=PictureInput(publishable_only=True),
        help_text=_field("replacement").help_text,
        error_messages={"invalid_choice": "Dieses Bild gibt es nicht."},
    )
    taken_at = MomentField(label="Aufgenommen", required=False)
    place = _line("place")
    focal_x = _per_cent("Bildmitte waagerecht, in Prozent von links")
    focal_y = _per_cent("Bildmitte senkrecht, in Prozent von oben")

    def __init__(self, *args: Any, only: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"version", *(only or self.fields)}:
            del self.fields[name]
        if self.is_bound:
            for name in {"licensed_until", "taken_at"} & set(self.fields):
                self.fields[name].widget = MomentInput(ambiguous=is_ambiguous_input(self.data, name))

    def changes(self) -> dict[str, Any]:
        """Return what was typed, for the door; a moment is shown to the minute and kept to the second."""
        kept = {
            name
            for name in ("licensed_until", "taken_at")
            if (was := self.initial.get(name))
            and was.replace(second=0, microsecond=0) == self.cleaned_data.get(name)
        }
        return {
            name: self.cleaned_data[name]
            for name in desk.FIELDS
            if name in self.cleaned_data and name not in kept
        }

    def take(self, faults: dict[str, str]) -> None:
        """Show what the door refused, at the fields where it can be mended."""
        for name, words in faults.items():
            self.add_error(name if name in self.fields else None, words)


def initial_of(image: Image) -> dict[str, Any]:
    """Return what the form shows of a picture."""
    values = {name: getattr(image, name) for name in desk.FIELDS}
    return values | {
        "version": image.version,
        "licensed_until": None if image.licensed_until == FOREVER else image.licensed_until,
        "replacement": image.replacement_id,
    }


class ConfirmForm(DescribeForm):
    """What must be known of a new picture before it is shown; the file itself has filled it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, only=CONFIRMED, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked = {
            "credit": "Bitte den Bildnachweis angeben.",
            "licence": "Bitte wählen, mit welchem Recht wir das Bild zeigen.",
            "source_type": "Bitte wählen, wie das Bild entstanden ist.",
        }
        for name, words in asked.items():
            if name not in self.errors and not str(data.get(name) or "").strip():
                self.add_error(name, words)
        if not (data.get("decorative") or str(data.get("alt") or "").strip()):
            self.add_error("alt", "Bitte sagen, was zu sehen ist, oder „rein dekorativ“ ankreuzen.")
        return data


class SwapForm(VersionedForm):
    """The picture that takes the place of another."""

    replacement = forms.ModelChoiceField(
        Image.objects.all(),
        label="Anderes Bild",
        widget=PictureInput(publishable_only=True),
        error_messages={
            "required": "Bitte das andere Bild wählen.",
            "invalid_choice": "Dieses Bild gibt es nicht.",
        },
    )
