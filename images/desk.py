"""The door of the picture desk: only here what is kept of a picture changes after its upload.

Permission → version → rules, then the row and its line in the log in one transaction. Every
refusal is an exception whose ``str()`` is a German sentence; afterwards nothing has changed.
"""

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import IO, Any

from django.core.files.storage import Storage, default_storage
from django.db import models, transaction
from django.db.models import ProtectedError
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import User
from delivery import state
from images import metadata, permissions, renditions, tasks, uploads, uses
from images.models import Image, ImageAction, ImageEvent, Licence, SourceType, lookup_of
from renewz.lib.dates import FOREVER, german_moment
from renewz.lib.text import clean_line, clean_text

logger = logging.getLogger(__name__)

# Sent on commit with ``images``, the numbers of those of which readers may now see something else.
changed = Signal()

FIELDS = (
    *("title", "alt", "decorative", "caption", "credit", "creator", "copyright_notice", "licence"),
    *("usage_terms", "licensed_until", "replacement", "source_type", "taken_at", "place"),
    *("focal_x", "focal_y"),
)
_TEXTS = ("title", "alt", "caption", "credit", "creator", "copyright_notice", "place")
_LABELS = {field.name: str(field.verbose_name) for field in Image._meta.concrete_fields}
_MAX_STAND_INS = 3  # in a row: what ``Image.shown`` follows


class Refusal(Exception):
    """The desk says no."""


class NotAllowed(Refusal):
    """This person may not."""


class Conflict(Refusal):
    """Somebody else was faster; ``theirs`` is what stands there now."""

    def __init__(self, theirs: Image | None) -> None:
        self.theirs = theirs
        super().__init__(
            "Jemand anderes hat dieses Bild inzwischen geändert. Nichts wurde überschrieben; "
            "was Sie eingegeben haben, steht noch da."
            if theirs
            else "Dieses Bild wurde inzwischen gelöscht."
        )


class BadInput(Refusal):
    """Something that cannot be; ``faults`` has a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


# --- New pictures ------------------------------------------------------------------------------


def add(user: User, file: IO[bytes], name: str = "") -> tuple[Image, bool]:
    """Take a file, with what it says of itself; return the picture and whether it is new.

    A licence is never taken from a file: somebody has to answer for it, so no new picture may
    be shown before a person has looked at it. Raises NotAllowed, uploads.BadPicture.
    """
    if not permissions.may_upload(user):
        _refuse(user, None, "add", NotAllowed("Ihr Konto darf keine Bilder hochladen."))
    data = file.read(uploads.MAX_BYTES + 1)
    if known := Image.objects.filter(checksum=hashlib.sha256(data).hexdigest()).first():
        return known, False
    reading = metadata.read(data)
    about = reading.suggestions()
    title = str(about.pop("title", "")) or clean_line(PurePath(name).stem) or "Ohne Titel"
    begun = timezone.now()
    image = uploads.store(
        io.BytesIO(data),
        title=title[:200],
        user=user,
        conflicts=[{"field": c.field, "iim": c.iim, "xmp": c.xmp} for c in reading.conflicts],
        **about,
    )
    if image.uploaded_at < begun:
        return image, False
    _log(user, image, ImageAction.UPLOADED)
    return image, True


# --- What is said of it ------------------------------------------------------------------------


def describe(
    user: User, image: Image, version: int, changes: Mapping[str, Any], *, at: dt.datetime | None = None
) -> Image:
    """Change some of FIELDS. ``version`` is the one that this person saw. Raises Refusal."""
    now = at or timezone.now()
    with transaction.atomic():
        before = _opened(user, image, version, "describe", permissions.may_describe)
        after = _locked(image)
        assert after is not None  # noqa: S101  (locked a line ago)
        for name, value in _cleaned(changes).items():
            setattr(after, name, value)
        names = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
        if not names:
            return before
        if faults := _faults(user, before, after, names, now):
            raise BadInput(faults)
        _write(after, names)
        _log(user, after, ImageAction.DESCRIBED, ", ".join(_LABELS[name] for name in names))
        if "licensed_until" in names:
            _log(user, after, ImageAction.ENDED, _end_in_words(after))
        # Sizes are named by the focal point; the old ones stay until the new ones are there.
        tasks.renew(after)
        _tell(after)
    return after


def move_focus(user: User, image: Image, version: int, x: int, y: int) -> Image:
    """Say what must stay in the picture however it is cropped; per cent. Raises Refusal."""
    return describe(user, image, version, {"focal_x": x, "focal_y": y})


# --- Everywhere at once ------------------------------------------------------------------------


def swap(user: User, image: Image, version: int, other: Image, *, at: dt.datetime | None = None) -> Image:
    """Put another picture in its place on every page, from now on. Raises Refusal."""
    now = at or timezone.now()
    with transaction.atomic():
        current = _opened(user, image, version, "swap", permissions.may_swap)
        if fault := _unfit(other, current, now, lasting_beyond=current.licensed_until):
            raise BadInput({"replacement": fault})
        current.replacement = other
        current.swapped_at = min(current.swapped_at, now)
        _write(current, ["replacement", "swapped_at"])
        _log(user, current, ImageAction.SWAPPED, f"gegen „{other.title}“ (Nr. {other.pk})")
        _tell(current)
    return current


def swap_back(user: User, image: Image, version: int) -> Image:
    """Show the picture itself again. Raises Refusal."""
    with transaction.atomic():
        current = _opened(user, image, version, "swap", permissions.may_swap)
        if current.swapped_at == FOREVER:
            raise BadInput({"replacement": "Dieses Bild ist nicht ausgetauscht."})
        current.swapped_at, current.replacement = FOREVER, None
        _write(current, ["replacement", "swapped_at"])
        _log(user, current, ImageAction.UNSWAPPED)
        _tell(current)
    return current


# --- Gone --------------------------------------------------------------------------------------


def delete(user: User, image: Image, version: int) -> None:
    """Delete a picture that nothing uses; its files go when the row is gone. Raises Refusal."""
    with transaction.atomic():
        current = _opened(user, image, version, "delete", permissions.may_delete)
        if reason := uses.why_it_stays(current):
            raise BadInput({"": f"Dieses Bild bleibt: {reason}."})
        _log(user, current, ImageAction.DELETED, f"Prüfsumme {current.checksum}")
        pk, public = current.pk, _files_of(current)
        storage, original = current.original.storage, str(current.original.name)
        try:
            current.delete()
        except ProtectedError:
            raise BadInput({"": "Dieses Bild bleibt: Es wird seit eben verwendet."}) from None
        current.pk = pk
        transaction.on_commit(lambda: _remove_files(current, storage, original, public))
        _tell(current)


def original(user: User, image: Image) -> IO[bytes]:
    """Hand out the file as it came, and say so in the log. Raises NotAllowed."""
    if not permissions.may_download(user, image):
        _refuse(user, image, "download", NotAllowed("Originale bekommt, wer dafür ein Recht hat."))
    file = image.original.open("rb")
    _log(user, image, ImageAction.DOWNLOADED)
    return file  # type: ignore[no-any-return]


# --- Rules -------------------------------------------------------------------------------------


def _opened(user: User, image: Image, version: int, action: str, may: Any) -> Image:
    """Return the row as it is now, locked, where this person may and has seen it as it is."""
    current = _locked(image)
    if current is None:
        raise Conflict(None)
    if not may(user, current):
        _refuse(user, current, action, NotAllowed("Dafür fehlt Ihrem Konto bei diesem Bild das Recht."))
    if current.version != version:
        raise Conflict(current)
    return current


def _locked(image: Image) -> Image | None:
    return Image.objects.select_for_update().filter(pk=image.pk).first()


def _cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := changes.keys() - set(FIELDS):
        raise TypeError(f"no field of the desk: {', '.join(sorted(unknown))}")
    clean: dict[str, Any] = {name: clean_line(changes[name]) for name in _TEXTS if name in changes}
    if "usage_terms" in changes:
        clean["usage_terms"] = clean_text(changes["usage_terms"]).replace("\r\n", "\n").strip()
    if "licensed_until" in changes:
        clean["licensed_until"] = changes["licensed_until"] or FOREVER
    return dict(changes) | clean


def _faults(
    user: User, before: Image, after: Image, names: Iterable[str], now: dt.datetime
) -> dict[str, str]:
    faults = _wrong_values(after, names)
    faults |= _lost(before, after, now)
    if {"licensed_until", "replacement"} & set(names):
        faults |= _about_the_end(user, before, after, now)
    return faults


def _wrong_values(after: Image, names: Iterable[str]) -> dict[str, str]:
    faults = {}
    for name in names:
        value, field = getattr(after, name), Image._meta.get_field(name)
        longest = getattr(field, "max_length", None)
        if isinstance(value, str) and longest and len(value) > longest:
            faults[name] = f"Höchstens {longest} Zeichen; es sind {len(value)}."
    if not after.title:
        faults["title"] = "Bitte einen Titel angeben, damit sich das Bild wiederfinden lässt."
    if after.licence not in Licence.values:
        faults["licence"] = "Diese Lizenz gibt es nicht."
    if after.source_type not in SourceType.values:
        faults["source_type"] = "Diese Entstehung gibt es nicht."
    for name in ("focal_x", "focal_y"):
        if not 0 <= getattr(after, name) <= 100:
            faults[name] = "Bitte eine Zahl von 0 bis 100 angeben."
    return faults


def _lost(before: Image, after: Image, now: dt.datetime) -> dict[str, str]:
    """Refuse to take away what the law asks for while readers see the picture or will."""
    lost = {
        "credit": before.credit and not after.credit and "Der Bildnachweis",
        "licence": before.licence and not after.licence and "Die Lizenz",
        "alt": (before.alt or before.decorative)
        and not (after.alt or after.decorative)
        and "Der Alternativtext",
    }
    if not any(lost.values()) or not uses.is_needed(before, now):
        return {}
    return {
        name: f"Das Bild ist in Gebrauch: {what} darf nicht fehlen." for name, what in lost.items() if what
    }


def _about_the_end(user: User, before: Image, after: Image, now: dt.datetime) -> dict[str, str]:
    if not permissions.cares_for_all(user) and uses.is_needed(before, now):
        words = (
            "Das Bild ist in Gebrauch: Wann es verschwindet, bestimmt die Redaktion oder die Bildredaktion."
        )
        return {"licensed_until": words}
    if after.replacement is None:
        if after.swapped_at != FOREVER:
            return {"replacement": "Das Bild ist ausgetauscht; ein Ersatzbild muss es geben."}
    elif fault := _unfit(after.replacement, after, now, lasting_beyond=after.shown_until):
        return {"replacement": fault}
    leaning = Image.objects.filter(replacement=after)
    if any(one.shown_until != FOREVER and one.shown_until >= after.shown_until for one in leaning):
        return {"licensed_until": "Dieses Bild ist das Ersatzbild eines anderen, das bis dahin gezeigt wird."}
    return {}


def _unfit(other: Image, image: Image, now: dt.datetime, *, lasting_beyond: dt.datetime) -> str:
    """Return why ``other`` cannot stand in, empty where it can."""
    if other.pk == image.pk:
        return "Ein Bild kann nicht sein eigener Ersatz sein."
    if not other.is_publishable:
        return "Dem Ersatzbild fehlen Bildnachweis, Lizenz oder Alternativtext."
    if now >= other.shown_until:
        return "Das Ersatzbild darf selbst nicht mehr gezeigt werden."
    if not other.is_open_ended and (lasting_beyond == FOREVER or other.shown_until <= lasting_beyond):
        return "Das Ersatzbild muss länger gezeigt werden dürfen als dieses Bild."
    following: Image | None = other
    for _ in range(_MAX_STAND_INS):
        following = following.replacement if following else None
        if following is not None and following.pk == image.pk:
            return "Das Ersatzbild verweist seinerseits auf dieses Bild."
    return "So viele Ersatzbilder hintereinander sind nicht möglich." if following else ""


# --- Writing -----------------------------------------------------------------------------------


def _write(image: Image, names: Iterable[str]) -> None:
    """Compare and set: where the row is not the one that was read, nothing is written."""
    values: dict[str, Any] = {name: getattr(image, name) for name in names}
    values |= {"lookup": lookup_of(image), "version": image.version + 1}
    if not Image.objects.filter(pk=image.pk, version=image.version).update(**values):
        raise Conflict(Image.objects.filter(pk=image.pk).first())
    image.version += 1
    image.refresh_from_db()


def _log(user: User, image: Image, action: ImageAction, note: str = "") -> None:
    ImageEvent.objects.create(
        image=image, title=image.title, action=action, note=note[:500], actor=user, at=timezone.now()
    )
    logger.info(
        "picture desk",
        extra={"image": image.pk, "action": action.value, "user": user.pk, "superuser": user.is_superuser},
    )


def _refuse(user: User, image: Image | None, action: str, refusal: NotAllowed) -> None:
    logger.warning(
        "picture desk refused",
        extra={"image": image.pk if image else None, "action": action, "user": user.pk},
    )
    raise refusal


def _tell(image: Image) -> None:
    state.changed()
    transaction.on_commit(lambda: changed.send(sender=Image, images=[image.pk]))


def _files_of(image: Image) -> set[str]:
    """Return the names of all sizes that were ever made of it and may still be there."""
    made = {image.rendered, "", *image.old_renditions.values_list("rendered", flat=True)}
    sizes = [size for one in made for size in renditions.all_rendered(image, one)]
    return {name for size in sizes for _, _, name in size.names()}


def _remove_files(image: Image, storage: Storage, original: str, public: set[str]) -> None:
    storage.delete(original)
    # Somebody may have uploaded the same bytes again in between: those sizes are hers.
    if not Image.objects.filter(checksum=image.checksum).exists():
        for name in public:
            default_storage.delete(name)


def _end_in_words(image: Image) -> str:
    if image.licensed_until == FOREVER:
        return "ohne Ende"
    after = f"danach „{image.replacement.title}“" if image.replacement else "danach kein Bild"
    return f"bis {german_moment(image.licensed_until)}, {after}"


def log_of(image: Image | None = None) -> "models.QuerySet[ImageEvent]":
    """Return the log, newest first: of one picture or of all."""
    rows = ImageEvent.objects.select_related("actor", "image")
    return rows.filter(image=image) if image else rows
