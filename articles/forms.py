"""Forms of the newsroom. They check and keep what was typed; the doors do the rest."""

from typing import Any

from django import forms
from django_prose_editor.fields import ProseEditorFormField

from articles import body, internal_notes
from articles.choices import AiUse, EditionKind, Genre
from articles.editing import Content
from articles.fields import BylineField, PickedField, TagField
from articles.internal_notes import Notes
from articles.models import Article, Section
from articles.permissions import ONLY_CHIEFS_CORRECT
from articles.workflow import Action, Note
from images.fields import PictureInput
from images.models import Image
from renewz.lib.moments import MomentField, MomentInput, is_ambiguous_input

# What the editor offers; ``articles/markup.py`` allows the same and nothing else.
EDITOR_EXTENSIONS: dict[str, Any] = {
    "Menu": False,  # our own toolbar: German, and reachable by key
    "NoSpellCheck": False,
    "Placeholder": {"placeholder": "Hier schreiben …"},
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "NewsLink": {"openOnClick": False, "autolink": False, "protocols": ["http", "https", "mailto"]},
    "SourcedQuote": True,
    "QuoteSource": True,
    "RelatedBlock": True,
    "PictureBlock": True,
    "EmbedBlock": True,
    "FactBox": True,
    "SourceReference": True,
    "GermanTypography": True,
}


def _line(label: str, max_length: int, **options: Any) -> forms.CharField:
    widget = options.pop("widget", None) or forms.TextInput()
    return forms.CharField(label=label, max_length=max_length, required=False, widget=widget, **options)


class ArticleForm(forms.Form):
    """The writing page. Nothing is required to save: what is missing blocks the hand-in, not the work."""

    headline = _line(
        "Überschrift", 200, widget=forms.Textarea(attrs={"rows": 1, "placeholder": "Überschrift"})
    )
    lead = _line("Vorspann", 800, widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Vorspann"}))
    body = ProseEditorFormField(
        label="Text", required=False, max_length=body.MAX_LENGTH, config={"extensions": EDITOR_EXTENSIONS}
    )
    kicker = _line("Dachzeile", 60)
    section = forms.ModelChoiceField(
        Section.objects.all(),
        label="Ressort",
        required=False,
        empty_label="Bitte wählen",
        error_messages={"invalid_choice": "Dieses Ressort gibt es nicht."},
    )
    genre = forms.ChoiceField(label="Textsorte", choices=Genre.choices, initial=Genre.NEWS)
    bylines = BylineField(label="Autorenzeile", required=False)
    tags = TagField(label="Themen", required=False)
    lead_image = forms.ModelChoiceField(
        Image.objects.all(),
        label="Aufmacherbild",
        required=False,
        widget=PictureInput,
        error_messages={"invalid_choice": "Dieses Bild gibt es nicht."},
    )
    lead_caption = _line("Bildunterschrift", 400, widget=forms.Textarea(attrs={"rows": 2}))
    ai_use = forms.ChoiceField(label="Was hat KI beigetragen?", choices=AiUse.choices, required=False)
    related = PickedField(label="Lesen Sie auch", required=False)
    slug = forms.CharField(
        label="Adresse",
        max_length=100,
        required=False,
        help_text="Leer lassen: aus der Überschrift (ä wird ae).",
    )
    seo_title = _line("Titel für Suchmaschinen", 90)
    seo_description = _line("Beschreibung für Suchmaschinen", 200, widget=forms.Textarea(attrs={"rows": 2}))
    notes = forms.CharField(
        label="Interne Notizen", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    begun = forms.UUIDField(widget=forms.HiddenInput, required=False)
    notes_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def clean_body(self) -> str:
        """Refuse a source that the sanitiser would drop: whoever typed it would not notice."""
        text = self.cleaned_data["body"]
        if fault := body.fault_of_sources(text):
            raise forms.ValidationError(fault)
        return text

    def clean_genre(self) -> str:
        """Fall back on plain news, never on nothing."""
        return self.cleaned_data["genre"] or Genre.NEWS

    def content(self) -> Content:
        """Return what was typed, for the editing door."""
        skipped = {"notes", "notes_seen", "version", "begun"}
        return Content(**{name: value for name, value in self.cleaned_data.items() if name not in skipped})

    def typed_notes(self) -> Notes:
        """Return the internal notes, for the editing door."""
        return Notes(self.cleaned_data["notes"], self.cleaned_data["notes_seen"])


def initial_of(article: Article, content: Content) -> dict[str, Any]:
    """Return what the writing page shows of a manuscript."""
    values: dict[str, Any] = {
        name: getattr(content, name) for name in ArticleForm.base_fields if hasattr(content, name)
    }
    return values | {
        "section": content.section,
        "lead_image": content.lead_image.pk if content.lead_image else None,
        "bylines": [f"{author.pk}:{role}" for author, role in content.bylines],
        "tags": ", ".join(content.tags),
        "related": list(content.related),
        "notes": article.notes,
        "notes_seen": internal_notes.mark(article.notes),
        "version": article.version,
    }


_LATER_KINDS = [
    (kind.value, kind.label) for kind in (EditionKind.UPDATE, EditionKind.CORRECTION, EditionKind.TYPO)
]


class ActionForm(forms.Form):
    """What an action asks for; fields that it does not need are not there."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(label="Art der neuen Fassung", choices=_LATER_KINDS, widget=forms.RadioSelect)
    reader_note = forms.CharField(
        label="Hinweis für Leserinnen und Leser",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Steht beim Artikel. Bei einer Korrektur: was falsch war und was richtig ist. "
        "Bei einem Tippfehler wird nichts gezeigt.",
    )
    live_from = MomentField(label="Online ab", required=False)
    live_until = MomentField(label="Online bis", required=False, help_text="Leer lassen: bis auf Weiteres.")
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, action: Action, *args: Any, asks_kind: bool, may_correct: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        if not asks_kind:
            del self.fields["kind"], self.fields["reader_note"]
        elif not may_correct:
            self._offer_no_correction()
        if not action.asks_time:
            del self.fields["live_from"], self.fields["live_until"]
        elif self.is_bound:
            for name in ("live_from", "live_until"):
                self.fields[name].widget = MomentInput(ambiguous=is_ambiguous_input(self.data, name))
        if action.note is Note.NONE:
            del self.fields["note"]
        else:
            self.fields["note"].label = action.note_label
            self.fields["note"].required = action.note is Note.REQUIRED
            self.fields["note"].error_messages["required"] = f"Bitte ausfüllen: {action.note_label}."

    def _offer_no_correction(self) -> None:
        """Say who publishes one before somebody has written what was wrong."""
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        kind.choices = [choice for choice in _LATER_KINDS if choice[0] != EditionKind.CORRECTION]
        kind.help_text = kind.error_messages["invalid_choice"] = ONLY_CHIEFS_CORRECT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == EditionKind.CORRECTION and not data.get("reader_note", "").strip():
            self.add_error("reader_note", "Bitte schreiben Sie, was falsch war und was richtig ist.")
        return data
