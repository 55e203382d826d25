"""The fixed words of the newsroom. German labels are what people read."""

from django.db import models


class State(models.TextChoices):
    """Where a manuscript stands. What readers see follows from editions, not from this."""

    DRAFT = "draft", "Entwurf"
    IN_REVIEW = "in_review", "In Prüfung"
    APPROVED = "approved", "Freigegeben"


class Genre(models.TextChoices):
    """What kind of text it is; everything but a report of facts is labelled for readers."""

    NEWS = "news", "Nachricht"
    BACKGROUND = "background", "Hintergrund"
    ANALYSIS = "analysis", "Analyse"
    REPORTAGE = "report", "Reportage"
    INTERVIEW = "interview", "Interview"
    OPINION = "opinion", "Kommentar"
    PRESS_RELEASE = "press_release", "Pressemitteilung"
    ADVERTISEMENT = "advertisement", "Anzeige"


class AiUse(models.TextChoices):
    """Answer to „Was hat KI beigetragen?“; must be answered before anything is released."""

    UNANSWERED = "", "Noch nicht beantwortet"
    NONE = "none", "Keine KI"
    ASSISTED = "assisted", "Mit KI-Hilfe, von Menschen geprüft"
    GENERATED = "generated", "Von KI erzeugt"


class EditionKind(models.TextChoices):
    """Why there is this edition; decides what readers are told about it."""

    FIRST = "first", "Erste Fassung"
    TYPO = "typo", "Tippfehler"
    UPDATE = "update", "Aktualisierung"
    CORRECTION = "correction", "Korrektur"
    WITHDRAWAL = "withdrawal", "Zurückziehung"


class RevisionKind(models.TextChoices):
    """How a revision of the manuscript came about."""

    MANUAL = "manual", "Gespeichert"
    AUTOSAVE = "autosave", "Automatisch gesichert"
    IMPORT = "import", "Importiert"
    RESTORE = "restore", "Wiederhergestellt"


class BylineRole(models.TextChoices):
    """What somebody contributed."""

    TEXT = "text", "Text"
    CONTRIBUTION = "contribution", "Mitarbeit"
    PHOTO = "photo", "Foto"
    GRAPHICS = "graphics", "Grafik"
    DATA = "data", "Daten"
    AGENCY = "agency", "Agentur"
