"""Pictures: one original, what must be said about it, and until when readers may see it.

An ``Image`` is what the house keeps. What readers get of it is a ``Picture``, and only
``Image.shown(at)`` makes one: a page cannot show what may not be shown at its moment.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Case, F, Min, Q, Value, When

from renewz.lib.dates import FOREVER
from renewz.lib.text import fold


def originals() -> Storage:
    """Return the private storage; a callable, so that migrations hold no path."""
    return storages["originals"]


# How often a stand-in may itself have a stand-in; more is a circle.
_STAND_INS = 4


class Licence(models.TextChoices):
    """By what right the house shows a picture."""

    UNANSWERED = "", "Bitte wählen"
    OWN = "own", "Eigenes Bild"
    COMMISSIONED = "commissioned", "Auftragsarbeit"
    AGENCY = "agency", "Agentur oder Bildarchiv (Vertrag)"
    PRESS = "press", "Pressebild, zur Berichterstattung frei"
    CREATIVE_COMMONS = "cc", "Creative Commons"
    PUBLIC_DOMAIN = "public_domain", "Gemeinfrei"
    QUOTATION = "quotation", "Bildzitat (§ 51 UrhG)"


class SourceType(models.TextChoices):
    """How a picture came about: IPTC's digital source type, as far as readers must know it."""

    UNKNOWN = "", "Unbekannt"
    PHOTO = "photo", "Fotografie"
    DIGITAL_ART = "digital_art", "Illustration oder Grafik"
    COMPOSITE_AI = "composite_ai", "Mit KI bearbeitet"
    AI = "ai", "Mit KI erzeugt"


# What readers are told at first sight (Art. 50 (4) AI Act).
_MARKS = {SourceType.COMPOSITE_AI: "Mit KI bearbeitet", SourceType.AI: "Mit KI erzeugt"}


# The law and the house allow to show a picture that has all of these.
_COMPLETE = ~Q(credit="") & ~Q(licence="") & (~Q(alt="") | Q(decorative=True))
# What ``Image.shown`` and those who show a picture read of it: about half of a row.
_PUBLIC = (
    *("checksum", "width", "height", "colour", "alt", "decorative", "caption", "credit", "source_type"),
    *("licensed_until", "swapped_at", "replacement", "rendered"),
)
# What the newsroom's search looks at.
_SEARCHED = ("title", "caption", "credit", "creator", "place")


class Image(models.Model):
    """An uploaded picture. Readers only ever get its renditions (``images/renditions.py``)."""

    original = models.FileField("Original", storage=originals, upload_to="%Y/%m", max_length=200)
    checksum = models.CharField("Prüfsumme", max_length=64, unique=True, editable=False)
    width = models.PositiveIntegerField("Breite", editable=False)
    height = models.PositiveIntegerField("Höhe", editable=False)
    colour = models.CharField("Farbe", max_length=7, editable=False, default="#e6d9c3")
    title = models.CharField("Titel", max_length=200, help_text="Nur für die Suche in der Redaktion.")
    alt = models.CharField(
        "Alternativtext",
        max_length=300,
        blank=True,
        help_text="Was auf dem Bild zu sehen ist, für alle, die es nicht sehen.",
    )
    decorative = models.BooleanField("rein dekorativ (kein Alternativtext nötig)", default=False)
    caption = models.CharField("Bildunterschrift", max_length=400, blank=True)
    credit = models.CharField(
        "Bildnachweis", max_length=200, blank=True, help_text="Zum Beispiel: Emil Thannhäuser/RENEWZ"
    )
    creator = models.CharField("Urheberin oder Urheber", max_length=200, blank=True)
    copyright_notice = models.CharField("Copyright-Vermerk", max_length=300, blank=True)
    licence = models.CharField("Lizenz", max_length=20, choices=Licence, blank=True, default="")
    usage_terms = models.TextField(
        "Nutzungsbedingungen",
        max_length=1000,
        blank=True,
        help_text="Was vereinbart ist, zum Beispiel: CC BY 4.0, nur online, keine Weitergabe.",
    )
    # From the earlier of these two moments on the picture is on no page any more.
    licensed_until = models.DateTimeField("Lizenz bis", default=FOREVER)
    swapped_at = models.DateTimeField("ausgetauscht", default=FOREVER, editable=False)
    replacement = models.ForeignKey(
        "self",
        verbose_name="Ersatzbild",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stands_in_for",
        help_text="Steht an allen Stellen, sobald dieses Bild nicht mehr gezeigt werden darf.",
    )
    source_type = models.CharField("Entstehung", max_length=20, choices=SourceType, blank=True, default="")
    taken_at = models.DateTimeField("aufgenommen", null=True, blank=True)
    place = models.CharField("Ort", max_length=200, blank=True)
    # What must stay in the picture however it is cropped; per cent from the left and from the top.
    focal_x = models.PositiveSmallIntegerField("Bildmitte waagerecht", default=50)
    focal_y = models.PositiveSmallIntegerField("Bildmitte senkrecht", default=50)
    # For which recipe and focal point the public sizes are there (images/renditions.py); empty: none yet.
    rendered = models.CharField("Bildgrößen", max_length=20, blank=True, default="", editable=False)
    uploaded_at = models.DateTimeField("hochgeladen", auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="von",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # Counts changes by the picture desk; who saves names the version that she saw.
    version = models.PositiveIntegerField("Version", default=0, editable=False)
    # Where IIM and XMP said different things when the file came: {"field", "iim", "xmp"}.
    conflicts = models.JSONField("Widersprüche in der Datei", default=list, blank=True, editable=False)
    lookup = models.TextField(editable=False, default="")
    is_complete = models.GeneratedField(
        expression=Case(When(_COMPLETE, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "Bild"
        verbose_name_plural = "Bilder"
        ordering = ("-pk",)
        # The next end is asked for again and again; almost no picture has one.
        indexes = (
            models.Index(fields=("licensed_until",), name="image_by_licence_end"),
            models.Index(fields=("swapped_at",), name="image_by_swap"),
            # The library walks these from the newest backwards.
            models.Index(fields=("is_complete", "-id"), name="image_by_completeness"),
            models.Index(fields=("source_type", "-id"), name="image_by_source"),
            models.Index(fields=("uploaded_by", "-id"), name="image_by_uploader"),
        )
        permissions = (
            ("describe_any_image", "Darf Bilder beschreiben, die andere hochgeladen haben"),
            ("swap_image", "Darf Bilder überall austauschen"),
            ("download_image", "Darf Originale herunterladen"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(width__gt=0) & Q(height__gt=0),
                name="image_has_a_size",
            ),
            models.CheckConstraint(
                condition=Q(focal_x__lte=100) & Q(focal_y__lte=100), name="image_focal_point_is_in_it"
            ),
            models.CheckConstraint(
                condition=Q(replacement__isnull=True) | ~Q(replacement=F("pk")),
                name="image_does_not_replace_itself",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.lookup = lookup_of(self)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_publishable(self) -> bool:
        """Say whether the law and the house allow to show it: credit, licence, and a text or a decision."""
        return bool(self.credit and self.licence) and bool(self.alt or self.decorative)

    @property
    def shown_until(self) -> dt.datetime:
        """Return the moment from which on it is on no page."""
        return min(self.licensed_until, self.swapped_at)

    @property
    def is_open_ended(self) -> bool:
        """Say whether no end is known."""
        return self.shown_until == FOREVER

    def allowed(self, at: dt.datetime) -> "Image | None":
        """Return what may be shown in its place at ``at``: itself, its stand-in, or nothing."""
        image: Image | None = self
        for _ in range(_STAND_INS):
            if image is None or at < image.shown_until:
                return image
            image = image.replacement
        return None

    def shown(self, at: dt.datetime) -> "Picture | None":
        """Return what readers see in its place at ``at``: what is allowed, once its sizes are made."""
        image = self.allowed(at)
        if image is None or not image.rendered:
            return None
        return Picture(image, stands_in=image.pk != self.pk)


class OldRenditions(models.Model):
    """Public sizes that no page names any more; pages kept in a cache still may, for a while."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="old_renditions")
    rendered = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("since",), name="old_renditions_by_age"),)


@dataclass(frozen=True)
class Picture:
    """What readers see of an image at one moment. Only ``Image.shown`` makes one."""

    image: Image
    # It was chosen in the place of another: words that were written for that one do not fit.
    stands_in: bool = False

    @property
    def alt(self) -> str:
        """Return the alternative text, empty where it says nothing."""
        return "" if self.image.decorative else self.image.alt

    @property
    def caption(self) -> str:
        """Return what the archive says of it."""
        return self.image.caption

    @property
    def credit(self) -> str:
        """Return the credit line."""
        return self.image.credit

    @property
    def mark(self) -> str:
        """Return what readers must be told of how it was made, mostly nothing."""
        return _MARKS.get(SourceType(self.image.source_type), "")


def public_fields(path: str) -> list[str]:
    """Return the columns of the image at ``path`` that public pages need, for ``only``."""
    return [f"{path}__{name}" for name in _PUBLIC]


def visible(path: str, at: dt.datetime) -> Q:
    """Return the condition that the image at ``path`` or its stand-in is shown at ``at``.

    For choosing only: what is shown is ``Image.shown``'s to say.
    """
    itself, stand_in = (
        Q(
            **{
                f"{where}__licensed_until__gt": at,
                f"{where}__swapped_at__gt": at,
                f"{where}__rendered__gt": "",
            }
        )
        for where in (path, f"{path}__replacement")
    )
    return itself | stand_in


def next_end(at: dt.datetime) -> dt.datetime | None:
    """Return the next moment after ``at`` at which a picture vanishes from pages."""
    ends = [
        Image.objects.filter(**{f"{name}__gt": at, f"{name}__lt": FOREVER}).aggregate(Min(name))[
            f"{name}__min"
        ]
        for name in ("licensed_until", "swapped_at")
    ]
    return min((end for end in ends if end is not None), default=None)


def lookup_of(image: Image) -> str:
    """Return what the newsroom's search finds a picture by."""
    return fold(" ".join(getattr(image, name) for name in _SEARCHED))


class ImageAction(models.TextChoices):
    """What happened to a picture."""

    UPLOADED = "uploaded", "Hochgeladen"
    DESCRIBED = "described", "Angaben geändert"
    ENDED = "ended", "Lizenzende geändert"
    SWAPPED = "swapped", "Ausgetauscht"
    UNSWAPPED = "unswapped", "Austausch zurückgenommen"
    DELETED = "deleted", "Gelöscht"
    DOWNLOADED = "downloaded", "Original heruntergeladen"


class ImageEvent(models.Model):
    """One line of the picture desk's log; stays when the picture is gone."""

    image = models.ForeignKey(Image, null=True, on_delete=models.SET_NULL, related_name="events")
    title = models.CharField(max_length=200)
    action = models.CharField(max_length=20, choices=ImageAction)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.title}"
