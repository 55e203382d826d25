"""Share cards: drawn pictures for editions that have no picture of their own to share."""

from django.db import models

from articles.models.edition import Edition


class ShareCard(models.Model):
    """Says that the card of an edition lies in the public storage, and under which name.

    A table of its own: editions are frozen, and a card may be drawn after them or again.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="share_card")
    name = models.CharField(max_length=60)

    class Meta:
        indexes = (models.Index(fields=("name",), name="share_card_by_name"),)
