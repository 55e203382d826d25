"""Where a picture is used. The apps that show pictures say so themselves: each registers its places."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from images.models import Image


@dataclass(frozen=True)
class Use:
    """One place, in words, with the addresses under which this person may see it."""

    kind: str
    title: str
    standing: str
    in_newsroom: str = ""
    for_readers: str = ""


@dataclass
class Uses:
    """Those places that a person may know of, and how many there are beside them."""

    rows: list[Use] = field(default_factory=list)
    hidden: int = 0


class Places(Protocol):
    """What an app knows of the pictures that it shows; a module can be one."""

    def is_needed(self, image: Image, at: dt.datetime) -> bool:
        """Say whether readers see it there or will: what the law asks for must then stay."""

    def why_it_stays(self, image: Image) -> str:
        """Return what forbids to delete it, as the end of a sentence; empty where nothing does."""

    def uses_of(self, images: Sequence[Image], user: User, at: dt.datetime) -> dict[int, Uses]:
        """Return the places by the picture's number, in as many questions for many as for one."""


_places: list[Places] = []


def register(places: Places) -> None:
    """Let an app say where it shows pictures. Call it in ``ready``, once."""
    if places not in _places:
        _places.append(places)


def is_needed(image: Image, at: dt.datetime) -> bool:
    """Say whether readers see it or will, itself or in the place of another."""
    return image.stands_in_for.exists() or any(places.is_needed(image, at) for places in _places)


def why_it_stays(image: Image) -> str:
    """Return what forbids to delete it, as the end of a sentence; empty where nothing does."""
    reason = next(filter(None, (places.why_it_stays(image) for places in _places)), "")
    return reason or ("es ist das Ersatzbild eines anderen" if image.stands_in_for.exists() else "")


def uses_of(images: Sequence[Image], user: User, at: dt.datetime) -> dict[int, Uses]:
    """Return by number where pictures are used, as far as this person may know."""
    prefetch_related_objects(images, "stands_in_for")
    found = [places.uses_of(images, user, at) for places in _places]
    return {
        image.pk: Uses(
            [use for uses in found for use in uses[image.pk].rows] + _leaning(image),
            sum(uses[image.pk].hidden for uses in found),
        )
        for image in images
    }


def _leaning(image: Image) -> list[Use]:
    return [
        Use("Ersatzbild", other.title, "dieses Bild steht für es ein", address(other))
        for other in image.stands_in_for.all()
    ]


def address(image: Image) -> str:
    """Return the address of its page in the newsroom."""
    return reverse("admin:images_image_change", args=[image.pk])
