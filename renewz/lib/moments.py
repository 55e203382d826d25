"""A form field for a moment in Berlin: date and time, and which of two where the clocks repeat."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renewz.lib.dates import BERLIN, AmbiguousTime, ImpossibleTime, berlin_moment


class MomentInput(forms.MultiWidget):
    """Date and time in Berlin; asks which of two where the clocks show a time twice."""

    def __init__(self, *, ambiguous: bool = False) -> None:
        which = forms.Select(
            choices=[("", "Erste oder zweite?"), ("1", "Erste (MESZ)"), ("2", "Zweite (MEZ)")]
        )
        super().__init__(
            {
                "date": forms.DateInput(attrs={"type": "date", "aria-label": "Datum"}, format="%Y-%m-%d"),
                "time": forms.TimeInput(attrs={"type": "time", "aria-label": "Uhrzeit"}, format="%H:%M"),
                "which": which if ambiguous else forms.HiddenInput(),
            }
        )

    def decompress(self, value: dt.datetime | None) -> list[Any]:
        if value is None:
            return [None, None, ""]
        local = value.astimezone(BERLIN)
        return [local.date(), local.time(), ""]


class MomentField(forms.MultiValueField):
    """A moment in Berlin time, cleaned to UTC. Refuses what the clocks jump over."""

    widget = MomentInput

    def __init__(self, **options: Any) -> None:
        parts = (
            forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d.%m.%Y"],
                            error_messages={"invalid": "Bitte ein Datum wie 23.11.2026 angeben."}),
            forms.TimeField(required=False, input_formats=["%H:%M", "%H.%M"],
                            error_messages={"invalid": "Bitte eine Uhrzeit wie 06:00 angeben."}),
            forms.ChoiceField(required=False, choices=[("", ""), ("1", ""), ("2", "")]),
        )  # fmt: skip
        super().__init__(fields=parts, require_all_fields=False, **options)

    def compress(self, data_list: list[Any]) -> dt.datetime | None:
        if not data_list or (not data_list[0] and not data_list[1]):
            return None
        date, time, which = data_list
        if not date or not time:
            raise ValidationError("Bitte Datum und Uhrzeit angeben.")
        try:
            return berlin_moment(dt.datetime.combine(date, time), None if not which else which == "2")
        except ImpossibleTime:
            raise ValidationError(
                "Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhren springen von 02:00 auf 03:00 Uhr."
            ) from None
        except AmbiguousTime:
            raise ValidationError(
                "Diese Uhrzeit gibt es in dieser Nacht zweimal. Bitte wählen Sie die erste oder die zweite."
            ) from None
        except (ValueError, OverflowError):
            raise ValidationError("Dieses Datum liegt zu weit weg.") from None


def is_ambiguous_input(data: Mapping[str, Any], name: str) -> bool:
    try:
        local = dt.datetime.fromisoformat(f"{data.get(f'{name}_date')}T{data.get(f'{name}_time')}")
        berlin_moment(local.replace(tzinfo=None))
    except AmbiguousTime:
        return True
    except (ValueError, OverflowError):
        return False
    return False
