"""The library: all pictures of the house, newest first, searched and filtered.

Fast with 100,000 pictures: walks an index backwards from where the last page ended, counts
nothing, and asks a fixed number of queries.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import user_of
from images import lookup, permissions, renditions
from images.forms import UploadForm
from images.models import Image, SourceType
from renewz.lib.dates import FOREVER

PAGE_SIZE = 40
CHOICES = 24
SOON = dt.timedelta(days=30)
_DIGITS = 19  # no key has as many

Narrow = Callable[[QuerySet[Image], dt.datetime], QuerySet[Image]]


def ending_soon(images: QuerySet[Image], at: dt.datetime) -> QuerySet[Image]:
    """Return those whose licence ends within thirty days."""
    return images.filter(licensed_until__gt=at, licensed_until__lte=at + SOON, swapped_at=FOREVER)


def usable(images: QuerySet[Image], at: dt.datetime) -> QuerySet[Image]:
    """Return those that may be shown now."""
    return images.filter(is_complete=True, licensed_until__gt=at, swapped_at__gt=at)


RIGHTS: dict[str, tuple[str, Narrow]] = {
    "vollstaendig": ("Vollständig und gültig", usable),
    "unvollstaendig": ("Angaben fehlen", lambda images, at: images.filter(is_complete=False)),
    "ohne-nachweis": ("Bildnachweis fehlt", lambda images, at: images.filter(is_complete=False, credit="")),
    "ohne-lizenz": ("Lizenz fehlt", lambda images, at: images.filter(is_complete=False, licence="")),
    "ohne-text": (
        "Alternativtext fehlt",
        lambda images, at: images.filter(is_complete=False, alt="", decorative=False),
    ),
    "endet": ("Lizenz endet in 30 Tagen", ending_soon),
    "vorbei": ("Lizenz ist vorbei", lambda images, at: images.filter(licensed_until__lte=at)),
    "getauscht": ("Ausgetauscht", lambda images, at: images.filter(swapped_at__lte=at)),
}
ORIGINS: dict[str, tuple[str, Narrow]] = {
    "ki": (
        "Mit KI erzeugt oder bearbeitet",
        lambda images, at: images.filter(source_type__in=(SourceType.AI, SourceType.COMPOSITE_AI)),
    ),
    "foto": ("Fotografie", lambda images, at: images.filter(source_type=SourceType.PHOTO)),
}
USES: dict[str, tuple[str, Narrow]] = {
    "keine": (
        "Nirgends verwendet",
        lambda images, at: images.filter(
            article_uses=None, edition_uses=None, portrait_of=None, stands_in_for=None
        ),
    ),
}


def _choice(label: str, table: dict[str, tuple[str, Narrow]]) -> forms.ChoiceField:
    choices = [("", "Alle"), *((value, words) for value, (words, _) in table.items())]
    return forms.ChoiceField(label=label, choices=choices, required=False)


class LibraryForm(forms.Form):
    """What is looked for; what makes no sense is left out."""

    q = forms.CharField(
        label="Suchen",
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Titel, Unterschrift, Nachweis, Urheber, Ort"}
        ),
    )
    rechte = _choice("Rechte", RIGHTS)
    nutzung = _choice("Verwendung", USES)
    herkunft = _choice("Entstehung", ORIGINS)
    von = forms.ChoiceField(label="Hochgeladen von", required=False)

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        people = (
            User.objects.filter(is_staff=True).exclude(pk=user.pk).order_by("last_name", "username")[:200]
        )
        mine = (str(user.pk), "mir")
        uploaders = cast("forms.ChoiceField", self.fields["von"])
        uploaders.choices = [("", "Allen"), mine, *((str(one.pk), str(one)) for one in people)]

    def found(self, at: dt.datetime) -> QuerySet[Image]:
        """Return the pictures, newest first."""
        self.is_valid()
        wanted = self.cleaned_data
        images = Image.objects.defer("usage_terms", "conflicts", "lookup")
        for table, name in ((RIGHTS, "rechte"), (USES, "nutzung"), (ORIGINS, "herkunft")):
            if value := wanted.get(name):
                images = table[value][1](images, at)
        if value := wanted.get("von"):
            images = images.filter(uploaded_by=int(value))
        return lookup.index.holding(images, wanted.get("q", "")).order_by("-pk")

    @property
    def is_narrowed(self) -> bool:
        """Say whether not all pictures are asked for."""
        return any(self.cleaned_data.values())


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show the grid."""
    user, now = user_of(request), timezone.now()
    if not permissions.may_enter(user):
        raise PermissionDenied
    form = LibraryForm(request.GET, user)
    found = form.found(now)
    if before := _number(request.GET.get("vor", "")):
        found = found.filter(pk__lt=before)
    images = list(found[: PAGE_SIZE + 1])
    query = request.GET.copy()
    query.pop("vor", None)
    context = {
        **admin.site.each_context(request),
        "title": "Bilder",
        "form": form,
        "upload_form": UploadForm(),
        "cards": [card(image, now) for image in images[:PAGE_SIZE]],
        "cares_for_all": permissions.cares_for_all(user),
        "may_upload": permissions.may_upload(user),
        "query": query.urlencode(),
        "is_first": not before,
        "older": images[PAGE_SIZE - 1].pk if len(images) > PAGE_SIZE else None,
    }
    return TemplateResponse(request, "admin/images/image/library.html", context)


def card(image: Image, now: dt.datetime) -> dict[str, Any]:
    """Return a picture with what must be known of it at first sight."""
    return {"image": image, "marks": marks(image, now)}


def marks(image: Image, now: dt.datetime) -> list[tuple[str, str]]:
    """Return words about rights and origin, each with how loud it is said."""
    found = []
    if missing := gaps(image):
        found.append(("missing", f"Fehlt: {', '.join(missing)}"))
    if image.swapped_at <= now:
        found.append(("ended", "Ausgetauscht"))
    elif image.licensed_until <= now:
        found.append(("ended", "Lizenz vorbei"))
    elif image.licensed_until <= now + SOON:
        days = (image.licensed_until - now).days
        found.append(("ending", f"Lizenz endet in {days} Tagen" if days > 1 else "Lizenz endet bald"))
    if image.source_type in {SourceType.AI, SourceType.COMPOSITE_AI}:
        found.append(("origin", image.get_source_type_display()))
    return found


def gaps(image: Image) -> list[str]:
    """Return what is missing before the picture may be shown."""
    has = {
        "Bildnachweis": image.credit,
        "Lizenz": image.licence,
        "Alternativtext": image.alt or image.decorative,
    }
    return [name for name, there in has.items() if not there]


@require_safe
def find(request: HttpRequest) -> JsonResponse:
    """Answer the chooser: pictures by words or by number, the newest first."""
    if not permissions.may_enter(user_of(request)):
        raise PermissionDenied
    now = timezone.now()
    images = Image.objects.defer("usage_terms", "conflicts", "lookup").order_by("-pk")
    if wanted := [number for part in request.GET.get("ids", "").split(",")[:50] if (number := _number(part))]:
        images = images.filter(pk__in=wanted)
    else:
        images = lookup.index.holding(images, request.GET.get("q", "")[:200])
    if request.GET.get("nur") == "publishable":
        images = usable(images, now)
    return JsonResponse({"results": [found(image, now) for image in images[:CHOICES]]})


def found(image: Image, now: dt.datetime) -> dict[str, Any]:
    """Return what the chooser shows of a picture."""
    words = [text for kind, text in marks(image, now) if kind != "origin"]
    return {
        "id": image.pk,
        "title": image.title,
        "detail": ". ".join([image.credit or "Bildnachweis fehlt", *words]),
        "caption": image.caption,
        "thumbnail": renditions.small(image).url if image.rendered else "",
        "publishable": image.is_publishable,
    }


def _number(text: str) -> int:
    """Return a key, 0 for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0
