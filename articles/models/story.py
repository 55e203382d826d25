"""What an article says, written once: the base of the manuscript and of its editions."""

from typing import TYPE_CHECKING

from django.db import models

from articles.choices import AiUse, Genre
from articles.models.section import Section
from images.models import Image

if TYPE_CHECKING:
    from authors.models import Author

# Content that one column holds; bylines, tags and hand-picked articles come on top.
STORY_FIELDS = (
    "kicker",
    "headline",
    "lead",
    "body",
    "section",
    "slug",
    "lead_image",
    "lead_caption",
    "genre",
    "ai_use",
    "seo_title",
    "seo_description",
)

# For readers: plain news says nothing of itself.
_GENRE_LABELS = {str(genre): str(genre.label) for genre in Genre} | {str(Genre.NEWS): ""}


class Story(models.Model):
    """The content fields of Article and Edition; templates take either."""

    kicker = models.CharField("Dachzeile", max_length=60, blank=True)
    headline = models.CharField("Überschrift", max_length=200, blank=True)
    lead = models.TextField("Vorspann", max_length=800, blank=True)
    body = models.TextField("Text", blank=True)
    slug = models.SlugField("Adresse", max_length=100, blank=True)
    lead_image = models.ForeignKey(
        Image, verbose_name="Aufmacherbild", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lead_caption = models.CharField("Bildunterschrift", max_length=400, blank=True)
    genre = models.CharField("Textsorte", max_length=20, choices=Genre, default=Genre.NEWS)
    ai_use = models.CharField(
        "Beitrag von KI", max_length=20, choices=AiUse, blank=True, default=AiUse.UNANSWERED
    )
    seo_title = models.CharField("Titel für Suchmaschinen", max_length=90, blank=True)
    seo_description = models.CharField("Beschreibung für Suchmaschinen", max_length=200, blank=True)

    # Each of the two has its own section column: the manuscript may still lack one.
    section: "models.ForeignKey[Section | None]"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.headline or "Ohne Überschrift"

    @property
    def genre_label(self) -> str:
        """Return the label that readers need, empty for plain news."""
        return _GENRE_LABELS[self.genre]

    @property
    def title_for_search(self) -> str:
        """Return what search engines show as the title."""
        return self.seo_title or self.headline

    @property
    def description(self) -> str:
        """Return what search engines and share cards show below it."""
        return self.seo_description or self.lead

    def byline_rows(self) -> "list[tuple[Author, str]]":
        """Return authors with their role, in order; one query, none when prefetched."""
        rows = self.bylines.all()  # type: ignore[attr-defined]
        return [(row.author, row.role) for row in rows]
