"""The style page: every public component in every state. In development only."""

import itertools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from styleguide import drawings, samples, tokens

# Anchor, template in templates/styleguide/ and heading.
CHAPTERS = (
    ("farben", "Farben"),
    ("schrift", "Schrift und Abstand"),
    ("zeichen", "Zeichen"),
    ("kopf", "Kopf und Fuß"),
    ("teaser", "Teaser"),
    ("startseite", "Startseite"),
    ("artikel", "Kopf des Artikels"),
    ("text", "Text"),
    ("ende", "Hinweise und Ende"),
    ("listen", "Listen und Suche"),
    ("leer", "Leeres und Fehler"),
    ("bedienen", "Bedienen"),
)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Show everything; asks nothing of the database, so it always looks the same."""
    chapters = [(name, title, f"styleguide/{name}.html") for name, title in CHAPTERS]
    shown = {
        "chapters": chapters,
        "specimen_numbers": itertools.count(1),
        "schemes": tokens.schemes(),
        "steps": tokens.steps(),
        "icons": tokens.icons(),
    }
    return render(request, "styleguide/style.html", samples.context() | shown)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """Draw a picture of the style page where a public size of an uploaded one would lie."""
    return HttpResponse(drawings.drawn(name), content_type=drawings.kind_of(name))
