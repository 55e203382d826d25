"""History of a manuscript: every saved text, whole."""

from django.conf import settings
from django.db import models

from articles.choices import RevisionKind
from articles.models.article import Article


class Revision(models.Model):
    """A snapshot of the content after a save. Never changed afterwards."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField("Version")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="von", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField("am")
    kind = models.CharField(max_length=20, choices=RevisionKind, default=RevisionKind.MANUAL)
    note = models.CharField("Notiz", max_length=300, blank=True)
    content = models.JSONField()

    class Meta:
        verbose_name = "Version"
        verbose_name_plural = "Versionen"
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("article", "number"), name="revision_number_once"),)

    def __str__(self) -> str:
        return f"Version {self.number}"
