"""Editions: what readers see, and when. The only place that compares these dates."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from articles.choices import BylineRole, EditionKind
from articles.models.article import Article
from articles.models.byline import BylineQuerySet
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.story import Story
from articles.models.tag import Tag
from authors.models import Author
from images.models import Image, public_fields
from renewz.lib.dates import FOREVER

# What a teaser shows and what leads to it.
_TEASER = (
    *("article", "slug", "kicker", "headline", "lead", "genre", "first_live_from"),
    *("section__slug", "section__name", *public_fields("lead_image")),
)
# What its page shows on top.
_PAGE = (
    *("body", "lead_caption", "ai_use", "seo_title", "seo_description", "number", "live_from", "updated_at"),
    *("word_count", "body_image_ids", "teased_ids", "related_ids", "share_card__name"),
)
# Wide columns that the newsroom's lists do not show.
_HEAVY = ("body", "plain_text", "note", "seo_title", "seo_description", "lead_caption")


def address_of(section_slug: str, slug: str, article_id: int) -> str:
    """Return the address of an article.

    As ``reverse("article", …)`` says it, which takes five times as long: a front page asks fifty times.
    """
    return f"/{section_slug}/{slug}-{article_id}/"


class EditionQuerySet(models.QuerySet["Edition"]):
    """The words for visibility. ``live`` is the only one that public code may use for pages."""

    def in_force(self, at: dt.datetime) -> "EditionQuerySet":
        """Editions whose period holds ``at``; a withdrawal is one of them."""
        return self.filter(live_from__lte=at, live_until__gt=at)

    def live(self, at: dt.datetime) -> "EditionQuerySet":
        """What readers see at the moment ``at``; at most one edition of an article.

        The bound on ``first_live_from`` follows from the rest; it lets lists walk their
        index from ``at`` backwards.
        """
        return self.in_force(at).filter(first_live_from__lte=at).exclude(kind=EditionKind.WITHDRAWAL)

    def withdrawn(self, at: dt.datetime) -> "EditionQuerySet":
        """Withdrawals in force at ``at``: these articles answer 410 with a sentence."""
        return self.in_force(at).filter(kind=EditionKind.WITHDRAWAL)

    def corrections(self, at: dt.datetime) -> "EditionQuerySet":
        """Corrections that readers have seen, of articles that are still live; newest first."""
        still_live = Edition.objects.live(at).filter(article=OuterRef("article"))
        return self.begun(at).filter(Exists(still_live), kind=EditionKind.CORRECTION).order_by("-live_from")

    def waiting(self, at: dt.datetime) -> "EditionQuerySet":
        """Scheduled editions whose moment has not come."""
        return self.filter(live_from__gt=at, live_until__gt=F("live_from"))

    def not_over(self, at: dt.datetime) -> "EditionQuerySet":
        """Editions that readers see at ``at`` or will see later."""
        lasting = self.filter(live_until__gt=at).exclude(live_until=F("live_from"))
        return lasting.exclude(kind=EditionKind.WITHDRAWAL)

    def over_before(self, at: dt.datetime) -> "EditionQuerySet":
        """Editions that ended before ``at``."""
        return self.filter(live_until__lt=at)

    def gone(self, since: dt.datetime, at: dt.datetime) -> frozenset[int]:
        """Return the numbers of articles that readers saw after ``since``, and do not see at ``at``."""
        ended = self.begun(at).filter(live_until__gt=since, live_until__lte=at)
        still_live = Edition.objects.live(at).filter(article=OuterRef("article"))
        numbers = ended.exclude(Exists(still_live)).order_by().values_list("article_id", flat=True)
        return frozenset(numbers)

    def begun(self, at: dt.datetime) -> "EditionQuerySet":
        """Editions that readers have seen for some time up to ``at``, still live or not."""
        return self.filter(live_from__lte=at, live_until__gt=F("live_from"))

    def current(self, at: dt.datetime) -> "EditionQuerySet":
        """In force, waiting, or ended as planned: what the newsroom must know of a standing."""
        ended_as_planned = Q(live_until=F("planned_until"))
        return self.filter(Q(live_until__gt=at) | ended_as_planned).exclude(live_until=F("live_from"))

    def about(self, tag: Tag, at: dt.datetime) -> "EditionQuerySet":
        """Those with a topic; lists of them walk the topic's index from ``at`` backwards."""
        return self.filter(tag_rows__tag=tag, tag_rows__first_live_from__lte=at).alias(
            listed_at=F("tag_rows__first_live_from")
        )

    def about_any(
        self, tags: Sequence[Tag | int], since: dt.datetime, at: dt.datetime, newest: int
    ) -> "EditionQuerySet":
        """Those among the newest with any of these topics, once for each of them that they have."""
        rows = TaggedEdition.objects.filter(tag__in=tags, first_live_from__range=(since, at))
        return self.filter(tag_rows__in=rows.order_by("-first_live_from")[:newest])

    def written_by(self, author: Author, at: dt.datetime) -> "EditionQuerySet":
        """Those with a name in their byline; lists of them walk the author's index."""
        return self.filter(bylines__author=author, bylines__first_live_from__lte=at).alias(
            listed_at=F("bylines__first_live_from")
        )

    def newest_first(self) -> "EditionQuerySet":
        """Order as lists show it: by the first publication of the article."""
        return self._listed().order_by("-listed_at", "-article_id")

    def older_than(self, moment: dt.datetime, article_id: int) -> "EditionQuerySet":
        """Those that a list shows after the given place."""
        upto = self._listed().filter(listed_at__lte=moment)
        return upto.exclude(listed_at=moment, article_id__gte=article_id)

    def _listed(self) -> Any:  # the type checker does not know aliases
        """Name the column by which this list is ordered: the date of the first publication.

        Topics and bylines carry a copy of it. Ordered by the copy a list costs a page, ordered
        by the original it costs all that the topic ever had.
        """
        if "listed_at" in self.query.annotations:
            return self
        return self.alias(listed_at=F("first_live_from"))

    def first_published_between(self, begin: dt.datetime, end: dt.datetime) -> "EditionQuerySet":
        """Those of articles that were first published in [begin, end)."""
        return self.filter(first_live_from__gte=begin, first_live_from__lt=end)

    def next_event(self, at: dt.datetime) -> dt.datetime | None:
        """Return the first moment after ``at`` at which an edition begins or ends."""
        shown = self.filter(live_until__gt=F("live_from"))
        starts = shown.filter(live_from__gt=at).order_by("live_from").values_list("live_from", flat=True)
        ends = shown.filter(live_until__gt=at, live_until__lt=FOREVER).order_by("live_until")
        found = (starts.first(), ends.values_list("live_until", flat=True).first())
        return min(filter(None, found), default=None)

    def for_lists(self, *more: str) -> "EditionQuerySet":
        """Only the columns that a teaser needs, with section and picture in the same query.

        Half of what a query costs is its columns. What is left out, as the stand-ins of pictures,
        which few have, is asked for when somebody wants it: in one query for the whole list.
        """
        columns = self.only(*_TEASER, *more).select_related("section", "lead_image")
        return columns.fetch_mode(models.FETCH_PEERS)

    def for_page(self) -> "EditionQuerySet":
        """Only the columns that the page of an article needs."""
        return self.for_lists(*_PAGE).select_related("share_card")

    def for_newsroom(self) -> "EditionQuerySet":
        """Only what a standing needs: the period, and which version it froze."""
        return self.defer(*_HEAVY, "revision__content").select_related("section", "revision")


class TaggedEdition(ItemBase):
    """A topic of an edition; carries the article's date, so that topic pages walk one index."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="edition_rows")
    content_object = models.ForeignKey("articles.Edition", on_delete=models.CASCADE, related_name="tag_rows")
    first_live_from = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("tag", "-first_live_from", "content_object"), name="tagged_edition_by_date"),
        )
        constraints = (
            models.UniqueConstraint(fields=("content_object", "tag"), name="edition_has_a_tag_once"),
        )


class Edition(Story):
    """A frozen copy of a manuscript („Fassung“), shown from ``live_from`` until ``live_until``.

    Never edited: triggers in the database refuse any change but that of the end. An edition
    that was cancelled before its moment has an empty period (end = start).
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField("Fassung")
    kind = models.CharField("Art", max_length=20, choices=EditionKind)
    note = models.TextField("Hinweis für Leserinnen und Leser", blank=True, max_length=1000)
    section = models.ForeignKey(Section, verbose_name="Ressort", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")

    live_from = models.DateTimeField("online ab")
    live_until = models.DateTimeField("online bis", default=FOREVER)
    # The end as it was planned, to be restored when a successor is cancelled.
    planned_until = models.DateTimeField(default=FOREVER)
    first_live_from = models.DateTimeField("erste Veröffentlichung")
    # As shown to readers; empty where nothing but typing errors has changed.
    updated_at = models.DateTimeField("aktualisiert", null=True)
    released_at = models.DateTimeField("veröffentlicht am")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="veröffentlicht von",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    # What rendering needs, worked out once.
    plain_text = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)
    body_image_ids = models.JSONField(default=list)
    teased_ids = models.JSONField(default=list)
    related_ids = models.JSONField(default=list)

    tags = TaggableManager("Themen", through=TaggedEdition, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "Fassung"
        verbose_name_plural = "Fassungen"
        ordering = ("-first_live_from", "-article_id", "-number")
        indexes = (
            models.Index(fields=("-first_live_from", "-article"), name="edition_by_date"),
            models.Index(fields=("section", "-first_live_from", "-article"), name="edition_by_section"),
            models.Index(fields=("live_from",), name="edition_by_start"),
            models.Index(fields=("live_until",), name="edition_by_end"),
            models.Index(fields=("-updated_at",), name="edition_by_update"),
            models.Index(fields=("kind", "-live_from"), name="edition_by_kind"),
        )
        # Two more guards need each database's own words, see guards.py: never two
        # editions of an article at one moment, and no change but that of the end.
        constraints = (
            models.UniqueConstraint(fields=("article", "number"), name="edition_number_once"),
            models.CheckConstraint(
                condition=Q(live_until__gte=F("live_from")), name="edition_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(first_live_from__lte=F("live_from")), name="edition_not_before_the_first"
            ),
        )

    def get_absolute_url(self) -> str:
        return address_of(self.section.slug, self.slug, self.article_id)

    def is_live(self, at: dt.datetime) -> bool:
        """Say the same as ``objects.live(at)`` for this one edition."""
        return self.live_from <= at < self.live_until and self.kind != EditionKind.WITHDRAWAL

    def is_waiting(self, at: dt.datetime) -> bool:
        """Say the same as ``objects.waiting(at)`` for this one edition."""
        return at < self.live_from < self.live_until

    def has_expired(self, at: dt.datetime) -> bool:
        """Say whether this edition ended at the moment that was planned for it."""
        return self.live_from < self.live_until <= at and self.live_until == self.planned_until

    @property
    def is_open_ended(self) -> bool:
        """Say whether no end is planned."""
        return self.live_until == FOREVER

    @property
    def reading_minutes(self) -> int:
        """Return the reading time in minutes at 200 words a minute, at least 1."""
        return max(1, -(-self.word_count // 200))


class EditionPicture(models.Model):
    """A picture that an edition shows, at its head or in its text; for the archive's „where is it“."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="picture_rows")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="edition_uses")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("edition", "image"), name="edition_shows_a_picture_once"),
        )


class EditionByline(models.Model):
    """A name in the byline of an edition; carries the article's date for the author's page."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="edition_bylines")
    role = models.CharField(max_length=20, choices=BylineRole)
    position = models.PositiveSmallIntegerField()
    first_live_from = models.DateTimeField()

    objects = BylineQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        indexes = (models.Index(fields=("author", "-first_live_from", "edition"), name="edition_by_author"),)
        constraints = (
            models.UniqueConstraint(fields=("edition", "author"), name="edition_names_an_author_once"),
        )
