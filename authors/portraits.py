"""Where authors show pictures: what the picture desk must know."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from images.models import Image
from images.uses import Use, Uses


def is_needed(image: Image, at: dt.datetime) -> bool:
    """Say whether it is a portrait: those are online for as long as they are set."""
    return image.portrait_of.exists()


def why_it_stays(image: Image) -> str:
    """Return what forbids to delete it."""
    return "es ist ein Porträt" if image.portrait_of.exists() else ""


def uses_of(images: Sequence[Image], user: User, at: dt.datetime) -> dict[int, Uses]:
    """Return the people whose portrait it is."""
    prefetch_related_objects(images, "portrait_of")
    may_open = "authors.change_author" in user.newsroom_rights
    return {
        image.pk: Uses([
            Use("Porträt", author.name, "auf den Seiten der Autorin oder des Autors",
                reverse("admin:authors_author_change", args=[author.pk]) if may_open else "",
                author.get_absolute_url())
            for author in image.portrait_of.all()
        ])
        for image in images
    }  # fmt: skip
