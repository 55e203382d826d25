"""Pictures: one original, what must be said about it, and where its public sizes are."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q


def originals() -> Storage:
    """Return the private storage; a callable, so that migrations hold no path."""
    return storages["originals"]


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
    uploaded_at = models.DateTimeField("hochgeladen", auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="von",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = "Bild"
        verbose_name_plural = "Bilder"
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(width__gt=0) & Q(height__gt=0),
                name="image_has_a_size",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_publishable(self) -> bool:
        """Say whether the law and the house allow to show it: credit, and a text or a decision."""
        return bool(self.credit) and bool(self.alt or self.decorative)
