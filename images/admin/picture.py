"""The page of a picture: what it shows, what is known of it, where it is used, what may be done."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import user_of
from images import containers, desk, permissions, uses
from images.admin.library import gaps, marks
from images.forms import DescribeForm, SwapForm, initial_of
from images.models import Image
from renewz.lib.dates import FOREVER

FOLDER = "admin/images/image"
LOG_SHOWN = 200
_HEAD = 64 * 1024
_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}

# Heading, fields: the law first, then what readers are told, then the archive.
GROUPS = (
    ("Zum Veröffentlichen nötig", ("alt", "decorative", "credit", "licence", "source_type")),
    ("Für Leserinnen und Leser", ("caption",)),
    ("Rechte", ("licensed_until", "replacement", "usage_terms", "copyright_notice")),
    ("Archiv", ("title", "creator", "place", "taken_at")),
)


def _opened(request: HttpRequest, pk: int) -> tuple[User, Image]:
    user = user_of(request)
    if not permissions.may_enter(user):
        raise PermissionDenied
    return user, get_object_or_404(Image.objects.select_related("replacement", "uploaded_by"), pk=pk)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a picture; keep what is said of it where this person may."""
    user, image = _opened(request, pk)
    if request.method != "POST":
        return _page(request, image, DescribeForm(initial=initial_of(image)))
    if not permissions.may_describe(user, image):
        raise PermissionDenied
    form = DescribeForm(request.POST, initial=initial_of(image))
    if not form.is_valid():
        return _page(request, image, form, status=400)
    try:
        after = desk.describe(user, image, form.cleaned_data["version"], form.changes())
    except desk.BadInput as refusal:
        form.take(refusal.faults)
        return _page(request, image, form, status=400)
    except desk.Conflict as conflict:
        return _conflict(request, image, form, conflict)
    except desk.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    unchanged = after.version == form.cleaned_data["version"]
    messages.success(request, "Es gab nichts zu speichern." if unchanged else "Gespeichert.")
    return HttpResponseRedirect(uses.address(image))


def _conflict(
    request: HttpRequest, image: Image, form: DescribeForm, conflict: desk.Conflict
) -> HttpResponse:
    """Keep what was typed and show what stands there now; who saves once more means it."""
    form.show_again(conflict)
    theirs: list[tuple[str, object]] = []
    if conflict.theirs:
        image = conflict.theirs
        now, mine = initial_of(image), form.cleaned_data
        theirs = [
            (str(form.fields[name].label), _in_words(image, name))
            for name in desk.FIELDS
            if name in mine and mine[name] != (image.replacement if name == "replacement" else now[name])
        ]
    return _page(request, image, form, theirs=theirs, status=409)


def _in_words(image: Image, name: str) -> object:
    value = getattr(image, name)
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, dt.datetime):
        return "" if value == FOREVER else value
    return getattr(image, f"get_{name}_display", lambda: value)()


def _page(
    request: HttpRequest,
    image: Image,
    form: DescribeForm,
    *,
    theirs: list[tuple[str, object]] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    may_describe = permissions.may_describe(user, image)
    if not may_describe:
        for field in form.fields.values():
            field.disabled = True
    context = {
        **admin.site.each_context(request),
        **_facts(image, user, now),
        "title": image.title,
        "form": form,
        "groups": [(heading, [form[name] for name in names]) for heading, names in GROUPS],
        "theirs": theirs,
        "may_describe": may_describe,
        "events": desk.log_of(image)[:20],
    }
    return TemplateResponse(request, f"{FOLDER}/picture.html", context, status=status)


def _facts(image: Image, user: User, now: dt.datetime) -> dict[str, Any]:
    stays = uses.why_it_stays(image)
    return {
        "image": image,
        "marks": marks(image, now),
        "gaps": gaps(image),
        "uses": uses.uses_of([image], user, now)[image.pk],
        "may_describe": permissions.may_describe(user, image),
        "may_swap": permissions.may_swap(user, image),
        "may_delete": permissions.may_delete(user, image) and not stays,
        "stays": stays if permissions.may_delete(user, image) else "",
        "may_download": permissions.may_download(user, image),
        "is_swapped": image.swapped_at != FOREVER,
        "ends": image.licensed_until if image.licensed_until != FOREVER else None,
    }


@require_safe
def quick(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the facts at a glance: as a page of its own, as a part for the library's dialog."""
    user, image = _opened(request, pk)
    context = _facts(image, user, timezone.now())
    if "teil" in request.GET:
        return TemplateResponse(request, f"{FOLDER}/quick_view.html", context)
    context |= {**admin.site.each_context(request), "title": image.title}
    return TemplateResponse(request, f"{FOLDER}/quick.html", context)


def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the picture that takes this one's place everywhere, and put it there."""
    user, image = _opened(request, pk)
    if not permissions.may_swap(user, image):
        raise PermissionDenied
    form = SwapForm(request.POST or None, initial={"version": image.version})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                desk.swap(user, image, form.cleaned_data["version"], form.cleaned_data["replacement"])
            except desk.BadInput as refusal:
                form.add_error("replacement", refusal.faults["replacement"])
            except desk.Conflict as conflict:
                form.show_again(conflict)
                status = 409
            else:
                messages.success(request, "Ausgetauscht: An allen Stellen steht jetzt das andere Bild.")
                return HttpResponseRedirect(uses.address(image))
    context = {
        **admin.site.each_context(request),
        **_facts(image, user, timezone.now()),
        "title": f"Austauschen: {image.title}",
        "form": form,
    }
    return TemplateResponse(request, f"{FOLDER}/swap.html", context, status=status)


@require_POST
def swap_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the picture itself again."""
    user, image = _opened(request, pk)
    return _done(
        request,
        image,
        lambda: desk.swap_back(user, image, _version(request)),
        "Der Austausch ist zurückgenommen.",
        uses.address(image),
    )


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then delete what nothing uses."""
    user, image = _opened(request, pk)
    if not permissions.may_delete(user, image):
        raise PermissionDenied
    if request.method == "POST":
        return _done(
            request,
            image,
            lambda: desk.delete(user, image, _version(request)),
            f"Das Bild „{image.title}“ ist gelöscht.",
            reverse("admin:images_image_changelist"),
        )
    facts = _facts(image, user, timezone.now())
    context = {**admin.site.each_context(request), **facts, "title": f"Löschen: {image.title}"}
    return TemplateResponse(request, f"{FOLDER}/delete.html", context)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _done(request: HttpRequest, image: Image, act: Any, words: str, goal: str) -> HttpResponse:
    """Do something that asks for nothing; a refusal leads back to the picture with its sentence."""
    try:
        act()
    except desk.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except desk.Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(uses.address(image))
    messages.success(request, words)
    return HttpResponseRedirect(goal)


@require_POST
def original(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Send the file as it came, as a download; no browser opens it in our name."""
    user, image = _opened(request, pk)
    try:
        file = desk.original(user, image)
    except desk.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except FileNotFoundError:
        messages.error(
            request, "Das Original ist nicht mehr im Speicher. Bitte sagen Sie der Technik Bescheid."
        )
        return HttpResponseRedirect(uses.address(image))
    ending = _ENDINGS.get(containers.recognise(file.read(_HEAD)), "bin")
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"renewz-{image.pk}.{ending}",
        content_type="application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what happened to all pictures, also to those that are gone."""
    if not permissions.cares_for_all(user_of(request)):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Was mit Bildern geschah",
        "events": desk.log_of()[:LOG_SHOWN],
    }
    return TemplateResponse(request, f"{FOLDER}/log.html", context)
