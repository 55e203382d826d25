"""Who works in the background, and when the timetable's entries are due next.

The orders themselves are rows of django-tasks-db (``background/queue.py``).
"""

from django.db import models


class Worker(models.Model):
    """A process of ``manage.py worker`` that is alive, or was a moment ago."""

    name = models.CharField(primary_key=True, max_length=32)
    host = models.CharField("Rechner", max_length=255)
    pid = models.PositiveIntegerField("Prozess")
    started_at = models.DateTimeField("läuft seit")
    seen_at = models.DateTimeField("zuletzt gesehen")
    # Counts heartbeats: whether it still rises can be seen without comparing two machines' clocks.
    beat = models.PositiveBigIntegerField(default=0)
    is_stopping = models.BooleanField("hört auf", default=False)

    class Meta:
        verbose_name = "Worker"
        verbose_name_plural = "Betrieb"  # what the room is called
        ordering = ("started_at", "name")
        default_permissions = ()
        permissions = (
            ("attend_worker", "Darf sehen, was im Hintergrund läuft, und Gescheitertes noch einmal anstoßen"),
        )

    def __str__(self) -> str:
        return f"{self.host}, Prozess {self.pid}"


class TimetableEntry(models.Model):
    """When an entry of the timetable (``background/timetable.py``) is due next."""

    name = models.CharField(primary_key=True, max_length=64)
    next_at = models.DateTimeField("fällig am")
    ordered_at = models.DateTimeField("zuletzt in Auftrag gegeben", null=True)

    class Meta:
        verbose_name = "Eintrag des Zeitplans"
        verbose_name_plural = "Zeitplan"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
