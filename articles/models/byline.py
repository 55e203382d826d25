"""What the bylines of manuscripts and of editions have in common."""

from typing import Any

from django.db import models

from authors.models import byline_fields


class BylineQuerySet(models.QuerySet[Any]):
    """The names under a text."""

    def with_portraits(self) -> "BylineQuerySet":
        """Fetch what a page shows of the authors in the same query, without their biographies."""
        own = [field.name for field in self.model._meta.concrete_fields if field.name != "author"]
        columns = self.only(*own, *byline_fields("author")).select_related("author__portrait")
        return columns.fetch_mode(models.FETCH_PEERS)
