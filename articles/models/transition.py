"""The log of the newsroom: who did what with which article, when and why. Append-only."""

from django.conf import settings
from django.db import models

from articles.choices import State
from articles.models.article import Article
from articles.models.edition import Edition


class Transition(models.Model):
    """One action of the publishing door."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="transitions")
    action = models.CharField("Aktion", max_length=30)
    source = models.CharField("von", max_length=20, choices=State)
    target = models.CharField("nach", max_length=20, choices=State)
    version = models.PositiveIntegerField("Version")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="durch", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField("am")
    note = models.TextField("Notiz", blank=True)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "Vorgang"
        verbose_name_plural = "Vorgänge"
        ordering = ("-pk",)
        indexes = (models.Index(fields=("action", "-id"), name="transition_by_action"),)

    def __str__(self) -> str:
        return self.action
