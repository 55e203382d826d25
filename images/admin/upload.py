"""Bringing pictures in: a file at a time, then what must be known of it; with script many at once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.requests import user_of
from images import desk, permissions, uploads
from images.admin.library import found
from images.forms import ConfirmForm, UploadForm, initial_of
from images.models import Image


def add(request: HttpRequest) -> HttpResponse:
    """Take one file from a plain form and lead on to its page."""
    if not permissions.may_upload(user_of(request)):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and (taken := _taken(request, form)):
        image, is_new = taken
        if is_new:
            messages.success(request, "Das Bild ist da. Bitte bestätigen Sie, was über es bekannt ist.")
        else:
            messages.warning(request, "Dieses Bild gibt es schon. Hier ist es.")
        return HttpResponseRedirect(reverse("admin:images_image_change", args=[image.pk]))
    context = {**admin.site.each_context(request), "title": "Bilder hochladen", "upload_form": form}
    return TemplateResponse(request, "admin/images/image/add.html", context, status=400 if is_sent else 200)


@require_POST
def send(request: HttpRequest) -> JsonResponse:
    """Take one of many files; answer with the form that confirms what the file says of itself."""
    if not permissions.may_upload(user_of(request)):
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES)
    taken = _taken(request, form)
    if taken is None:
        return JsonResponse({"errors": form.errors}, status=400)
    image, is_new = taken
    answer = {
        "picture": found(image, timezone.now()),
        "known": not is_new,
        "address": reverse("admin:images_image_change", args=[image.pk]),
    }
    if permissions.may_describe(user_of(request), image) and (is_new or not image.is_publishable):
        answer["form"] = _form(request, image, ConfirmForm(**_bound_to(image)))
    return JsonResponse(answer)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a person says of a new picture."""
    user = user_of(request)
    image = get_object_or_404(Image, pk=pk)
    if not permissions.may_describe(user, image):
        raise PermissionDenied
    form = ConfirmForm(request.POST, **_bound_to(image))
    status = 400
    if form.is_valid():
        try:
            image = desk.describe(user, image, form.cleaned_data["version"], form.changes())
        except desk.BadInput as refusal:
            form.take(refusal.faults)
        except desk.Conflict as conflict:
            form.show_again(conflict)
            status = 409
        except desk.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        else:
            return JsonResponse({"picture": found(image, timezone.now())})
    return JsonResponse({"errors": form.errors, "form": _form(request, image, form)}, status=status)


def _taken(request: HttpRequest, form: UploadForm) -> tuple[Image, bool] | None:
    """Give a file to the door; what it refuses is said at the field."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return desk.add(user_of(request), file, file.name)
    except uploads.BadPicture as refusal:
        form.add_error("file", str(refusal))
    except desk.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return None


def _bound_to(image: Image) -> dict[str, object]:
    """Return what ties a form to one of many pictures on a page."""
    return {"initial": initial_of(image), "auto_id": f"bild-{image.pk}-%s"}


def _form(request: HttpRequest, image: Image, form: ConfirmForm) -> str:
    return render_to_string("admin/images/image/confirm.html", {"image": image, "form": form}, request)
