"""Ressorts: the few drawers of the paper."""

from django.core.exceptions import ValidationError
from django.db import models

# First parts of addresses that belong to something else.
RESERVED_SLUGS = frozenset(
    {
        "admin", "artikel", "autoren", "thema", "static", "media", "feed", "suche", "stil",
        "impressum", "datenschutz", "barrierefreiheit", "korrekturen", "healthz", "readyz",
    }
)  # fmt: skip


class Section(models.Model):
    """A section of the paper; stands in the menu and in every address."""

    name = models.CharField("Name", max_length=60, unique=True)
    slug = models.SlugField("Adresse", max_length=60, unique=True)
    description = models.CharField("Beschreibung", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)

    class Meta:
        verbose_name = "Ressort"
        verbose_name_plural = "Ressorts"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": f"Die Adresse „/{self.slug}/“ gehört schon einer anderen Seite."})

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"  # as ``reverse`` says it, see ``address_of``
