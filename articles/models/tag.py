"""Themen: many, made while writing; one spelling each."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from taggit.models import TagBase

from renewz.lib.text import clean_line, fold, slugify


class Tag(TagBase):
    """A topic. „Öl“ and „öl“ are the same one: ``key`` is folded and unique."""

    # Redefined: unique by the folded key, not by the spelling.
    name = models.CharField("Name", max_length=100)
    slug = models.SlugField("Adresse", max_length=100, unique=True, allow_unicode=False)
    key = models.CharField(max_length=220, unique=True, editable=False)
    description = models.CharField("Beschreibung", max_length=300, blank=True)

    class Meta:
        verbose_name = "Thema"
        verbose_name_plural = "Themen"
        ordering = ("key",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = clean_line(self.name)
        self.key = fold(self.name)
        super().save(*args, **kwargs)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return our slug (ä→ae); taggit asks with a counter where one is taken."""
        slug = slugify(tag)
        return slug if i is None else f"{slug}-{i}"

    def get_absolute_url(self) -> str:
        return f"/thema/{self.slug}/"  # as ``reverse`` says it, see ``address_of``

    @classmethod
    def spelled(cls, names: Sequence[str]) -> list[str]:
        """Return the names as those tags spell them that are there already."""
        known = dict(cls.objects.filter(key__in=[fold(name) for name in names]).values_list("key", "name"))
        return [known.get(fold(name), name) for name in names]

    @classmethod
    def named(cls, names: list[str]) -> "list[Tag]":
        """Return the tags of these names in this order, each once; makes those that are new."""
        wanted = {fold(clean): clean for name in names if (clean := clean_line(name))}
        found = {tag.key: tag for tag in cls.objects.filter(key__in=wanted)}
        for key, name in wanted.items():
            if key not in found:
                found[key], _ = cls.objects.get_or_create(key=key, defaults={"name": name})
        return [found[key] for key in wanted]
