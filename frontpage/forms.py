"""The form for breaking news. It checks and keeps what was typed; the door does the rest."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from articles.models import Edition
from frontpage.breaking import Line
from frontpage.models import MAX_LENGTH, BreakingNews
from renewz.lib.moments import MomentField, MomentInput, is_ambiguous_input

USUAL = dt.timedelta(hours=2)
_LARGEST_NUMBER = 2**62  # larger than any key can be


class ArticleInput(forms.NumberInput):
    """An article, chosen in a dialog, sent by number; without script the number is typed."""

    template_name = "admin/frontpage/breakingnews/article_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed = str(value or "")
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
        editions = Edition.objects.current(timezone.now()).filter(article=number)
        context = super().get_context(name, value, attrs)
        return context | {"headline": editions.values_list("headline", flat=True).first() if number else None}


class BreakingForm(forms.Form):
    """What is announced, and when."""

    text = forms.CharField(
        label="Text",
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Bitte schreiben Sie, was geschehen ist.",
            "max_length": "Höchstens %(limit_value)d Zeichen; es sind %(show_value)d.",
        },
        help_text=f"Höchstens {MAX_LENGTH} Zeichen, ohne „Eilmeldung“ davor: Das Wort steht schon da.",
    )
    article = forms.IntegerField(
        label="Artikel",
        required=False,
        min_value=1,
        max_value=_LARGEST_NUMBER,
        widget=ArticleInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Bitte die Nummer eines Artikels angeben."
        ),
        help_text="Freiwillig. Verlinkt wird er, sobald und solange er online ist.",
    )
    starts_at = MomentField(label="Beginn", required=False, help_text="Leer lassen: sofort. Zeit in Berlin.")
    ends_at = MomentField(
        label="Ende",
        error_messages={"required": "Bitte wählen Sie, wann die Eilmeldung endet."},
        help_text="Höchstens 24 Stunden nach dem Beginn. Zeit in Berlin.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            for name in ("starts_at", "ends_at"):
                self.fields[name].widget = MomentInput(ambiguous=is_ambiguous_input(self.data, name))

    def line(self) -> Line:
        """Return what was typed, for the door."""
        return Line(**self.cleaned_data)


def initial_of(replaced: BreakingNews | None, now: dt.datetime) -> dict[str, Any]:
    """Return what the form begins with: two hours from now, or all of the one that is replaced."""
    if replaced is None:
        return {"ends_at": now + USUAL}
    return {
        "text": replaced.text,
        "article": replaced.article_id,
        "starts_at": replaced.starts_at if replaced.starts_at > now else None,
        "ends_at": replaced.ends_at,
    }
