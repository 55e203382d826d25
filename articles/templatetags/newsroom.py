"""Filters of the newsroom's templates."""

import datetime as dt

from django import template
from django.forms import BoundField, Form
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from articles import rendering
from articles.models import Edition
from renewz.lib.dates import FOREVER, german_moment

register = template.Library()

_SIDE = (
    "kicker", "section", "genre", "bylines", "tags", "lead_image", "lead_caption", "ai_use",
    "related", "slug", "seo_title", "seo_description", "notes",
)  # fmt: skip


@register.filter
def side_fields(form: Form) -> list[BoundField]:
    """Return the fields beside the sheet, in their order."""
    return [form[name] for name in _SIDE]


@register.filter
def classes(field: BoundField, names: str) -> SafeString:
    """Render a field with CSS classes."""
    return field.as_widget(attrs={"class": names})


@register.filter
def moment(value: dt.datetime) -> str:
    """Return „6. November 2025, 14:32 Uhr“."""
    return german_moment(value)


@register.filter
def clean_html(value: str) -> SafeString:
    """Show a stored text, cleaned once more."""
    blocks, _ = rendering.render(value, {})
    return format_html_join("", "{}", ((block.html,) for block in blocks))


@register.filter
def action_label(labels: dict[str, str], name: str) -> str:
    """Return the German name of an action in the log; some are not in the table of buttons."""
    return labels.get(name) or {"void": "Freigabe verfallen", "import": "Übernommen"}.get(name, name)


@register.filter
def period(edition: Edition) -> str:
    """Return when an edition is or was online, in words."""
    if edition.live_until == edition.live_from:
        return "aufgehoben, nie online"
    until = (
        "bis auf Weiteres" if edition.live_until == FOREVER else f"bis {german_moment(edition.live_until)}"
    )
    return f"ab {german_moment(edition.live_from)}, {until}"
