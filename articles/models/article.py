"""The manuscript: what journalists write in. Readers never see it."""

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from articles.choices import BylineRole, State
from articles.models.byline import BylineQuerySet
from articles.models.section import Section
from articles.models.story import Story
from articles.models.tag import Tag
from authors.models import Author
from images.models import Image


class TaggedArticle(ItemBase):
    """A topic of a manuscript."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="article_rows")
    content_object = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="tag_rows")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("content_object", "tag"), name="article_has_a_tag_once"),
        )


class ArticlePicture(models.Model):
    """A picture of a manuscript, at its head or in its text; written by the editing door."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="picture_rows")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="article_uses")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("article", "image"), name="article_shows_a_picture_once"),
        )


class Article(Story):
    """A manuscript and the identity of the article: its number stands in the public address.

    Content changes only through ``articles/editing.py``, state only through
    ``articles/publishing.py``.
    """

    section = models.ForeignKey(
        Section, verbose_name="Ressort", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("Stand", max_length=20, choices=State, default=State.DRAFT)
    # Counts changes of content; a save names the version that it started from.
    version = models.PositiveIntegerField("Version", default=0)
    approved_version = models.PositiveIntegerField("freigegebene Version", null=True, blank=True)
    # Counts actions; an action names the count that its person saw.
    steps = models.PositiveIntegerField(default=0, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="angelegt von",
        null=True,
        on_delete=models.SET_NULL,
        related_name="articles",
    )
    # Of the form that it was begun with: sent twice, it begins one article.
    form = models.UUIDField(null=True, editable=False)
    notes = models.TextField("Interne Notizen", blank=True, max_length=5000)
    created_at = models.DateTimeField("angelegt", auto_now_add=True)
    changed_at = models.DateTimeField("geändert")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="zuletzt von",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    trashed_at = models.DateTimeField("im Papierkorb seit", null=True, blank=True)
    # Folded words for the search of the newsroom; written by the editing door.
    lookup = models.TextField(editable=False, default="")

    tags = TaggableManager("Themen", through=TaggedArticle, blank=True)

    class Meta:
        verbose_name = "Artikel"
        verbose_name_plural = "Artikel"
        ordering = ("-changed_at", "-pk")
        permissions = (
            ("edit_any_article", "Darf jedes Manuskript bearbeiten"),
            ("review_article", "Darf prüfen: zurückgeben und freigeben"),
            ("release_article", "Darf veröffentlichen und planen"),
            ("withdraw_article", "Darf zurückziehen"),
            ("correct_article", "Darf Korrekturen veröffentlichen"),
            ("release_alone_article", "Darf im Notfall ohne zweites Augenpaar veröffentlichen"),
        )
        # The list of the newsroom walks one of these from the newest change backwards.
        indexes = (
            models.Index(fields=("-changed_at", "-id"), name="article_by_change"),
            models.Index(fields=("state", "-changed_at", "-id"), name="article_by_state"),
            models.Index(fields=("section", "-changed_at", "-id"), name="article_by_section"),
            models.Index(fields=("owner", "-changed_at", "-id"), name="article_by_owner"),
            models.Index(fields=("owner", "state", "-changed_at"), name="article_by_owner_and_state"),
        )
        constraints = (
            models.UniqueConstraint(fields=("owner", "form"), name="form_begins_one_article"),
            models.CheckConstraint(
                # Without „is not null“ an unknown version would pass: a CHECK refuses only what is false.
                condition=~models.Q(state=State.APPROVED)
                | models.Q(approved_version__isnull=False, approved_version=models.F("version")),
                name="approved_article_is_the_approved_version",
            ),
        )

    @property
    def token(self) -> str:
        """Return what a form must send back to prove which text and state its person saw."""
        return f"{self.version}.{self.steps}"


class ArticleByline(models.Model):
    """A name in the byline of a manuscript."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="article_bylines")
    role = models.CharField(max_length=20, choices=BylineRole, default=BylineRole.TEXT)
    position = models.PositiveSmallIntegerField()

    objects = BylineQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("article", "author"), name="article_names_an_author_once"),
        )


class RelatedArticle(models.Model):
    """A hand-picked „Lesen Sie auch“ of a manuscript; shown only while its target is live."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_rows")
    target = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("article", "target"), name="article_recommends_another_once"),
            models.CheckConstraint(
                condition=~models.Q(article=models.F("target")), name="article_recommends_not_itself"
            ),
        )
