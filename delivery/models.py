"""The one number that says whether anything public has changed."""

from django.db import models


class SiteState(models.Model):
    """A single row. Every change of public content raises ``generation`` in its own transaction."""

    generation = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = "Stand der Seite"
        verbose_name_plural = "Stand der Seite"

    def __str__(self) -> str:
        return f"Stand {self.generation}"
