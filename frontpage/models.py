"""Breaking news („Eilmeldung“): one line above every page, from a moment until a moment."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Min, OuterRef, Q, Subquery

from articles.models import Edition

MAX_LENGTH = 120  # of the text, in signs
MAX_PERIOD = dt.timedelta(hours=24)


class BreakingNewsQuerySet(models.QuerySet["BreakingNews"]):
    """The words for visibility. ``live`` is the only one that public code may use."""

    def running(self, at: dt.datetime) -> "BreakingNewsQuerySet":
        """Those whose period holds ``at``, the newest start first."""
        return self._not_over(at).filter(starts_at__lte=at).order_by("-starts_at", "-pk")

    def live(self, at: dt.datetime) -> "BreakingNewsQuerySet":
        """What readers see at the moment ``at``: at most one, the newest start wins."""
        return self.running(at)[:1]

    def waiting(self, at: dt.datetime) -> "BreakingNewsQuerySet":
        """Those whose moment has not come, the next one first."""
        return self._not_over(at).filter(starts_at__gt=at).order_by("starts_at", "pk")

    def next_change(self, at: dt.datetime) -> dt.datetime | None:
        """Return the next moment after ``at`` at which another line, or none, may be shown."""
        found = self._not_over(at).aggregate(
            start=Min("starts_at", filter=Q(starts_at__gt=at)), end=Min("ends_at"), ended=Min("ended_at")
        )
        return min((moment for moment in found.values() if moment is not None), default=None)

    def with_address(self, at: dt.datetime) -> "BreakingNewsQuerySet":
        """Fetch in the same query where the article can be read at ``at``; empty where it cannot."""
        edition = Edition.objects.live(at).filter(article=OuterRef("article"))
        return self.annotate(
            section_slug=Subquery(edition.values("section__slug")[:1]),
            article_slug=Subquery(edition.values("slug")[:1]),
        )

    def _not_over(self, at: dt.datetime) -> "BreakingNewsQuerySet":
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=at), ends_at__gt=at)


class BreakingNews(models.Model):
    """One line, shown from ``starts_at`` until ``ends_at``, or until somebody ends it before.

    Never edited: a correction ends this one and sets another (``frontpage/breaking.py``).
    """

    text = models.CharField("Text", max_length=MAX_LENGTH)
    article = models.ForeignKey(
        "articles.Article",
        verbose_name="Artikel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts_at = models.DateTimeField("Beginn")
    ends_at = models.DateTimeField("Ende")
    set_at = models.DateTimeField("gesetzt am")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="gesetzt von",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ended_at = models.DateTimeField("beendet am", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="beendet von",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = BreakingNewsQuerySet.as_manager()

    class Meta:
        verbose_name = "Eilmeldung"
        verbose_name_plural = "Eilmeldungen"
        ordering = ("-starts_at", "-pk")
        default_permissions = ()
        permissions = (("announce_breakingnews", "Darf Eilmeldungen setzen und beenden"),)
        indexes = (models.Index(fields=("ends_at",), name="breaking_by_end"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="breaking_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.text

    def is_running(self, at: dt.datetime) -> bool:
        """Say the same as ``objects.running(at)`` for this one."""
        return self.starts_at <= at and not self.is_over(at)

    def is_over(self, at: dt.datetime) -> bool:
        """Say whether its time has passed, or somebody ended it."""
        return at >= (min(self.ends_at, self.ended_at) if self.ended_at else self.ends_at)
