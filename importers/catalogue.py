"""What imported articles refer to: sections, authors, topics and pictures, made as needed."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Model

from accounts.models import User
from articles.models import Section, Tag
from authors.models import Author
from images import uploads
from images.models import Image, Licence
from renewz.lib.text import clean_line, fold, slugify

CREDIT = "Corpus"
Entry = dict[str, Any]


class BadEntry(ValueError):
    """An entry that cannot be used; ``str()`` is the reason in German."""


class Catalogue:
    """Finds by slug, else makes; remembers what it has seen."""

    def __init__(self, user: User, images: Path | None) -> None:
        self.user = user
        self.images = images
        self._sections: dict[str, Section] = {}
        self._authors: dict[str, Author] = {}
        self._tags: dict[str, Tag] = {}
        self._images: dict[str, Image] = {}

    def section(self, entry: Entry) -> Section:
        """Return the section; a new one stands last in the menu."""
        name, slug = _name_and_slug(entry, "category")
        if slug not in self._sections:
            last = Section.objects.aggregate(last=Max("position"))["last"]
            section = Section.objects.filter(slug=slug).first() or Section.objects.filter(name=name).first()
            self._sections[slug] = section or _made(
                Section(name=name, slug=slug, position=(last or 0) + 1), "category"
            )
        return self._sections[slug]

    def author(self, entry: Entry) -> Author:
        """Return the author."""
        name, slug = _name_and_slug(entry, "author")
        if slug not in self._authors:
            author = Author.objects.filter(slug=slug).first()
            self._authors[slug] = author or _made(Author(name=name, slug=slug), "author", "sort_key")
        return self._authors[slug]

    def tag(self, entry: Entry) -> Tag:
        """Return the topic; another spelling of one that is there is the same one."""
        name, slug = _name_and_slug(entry, "tags")
        if slug not in self._tags:
            tag = Tag.objects.filter(slug=slug).first() or Tag.objects.filter(key=fold(name)).first()
            self._tags[slug] = tag or _made(Tag(name=name, slug=slug), "tags", "key")
        return self._tags[slug]

    def image(self, entry: Entry) -> Image | None:
        """Return the picture of that file, described as where it was used first."""
        if self.images is None:
            return None
        name = entry.get("file")
        if not isinstance(name, str) or Path(name).name != name or "\0" in name:
            raise BadEntry("„image.file“ ist kein Dateiname.")
        if name not in self._images:
            self._images[name] = self._stored(self.images / name, entry)
        return self._images[name]

    def _stored(self, path: Path, entry: Entry) -> Image:
        about = {
            name: clean_line(str(entry.get(name, "")))[:length]
            for name, length in (("alt", 300), ("caption", 400))  # of their columns
        }
        try:
            with path.open("rb") as file:
                return uploads.store(
                    file,
                    title=clean_line(path.name),
                    user=self.user,
                    credit=CREDIT,
                    licence=Licence.OWN,
                    **about,
                )
        except OSError:
            raise BadEntry(f"Das Bild „{path.name}“ lässt sich nicht lesen.") from None
        except uploads.BadPicture as error:
            raise BadEntry(f"Bild „{path.name}“: {error}") from None


def _name_and_slug(entry: Entry, field: str) -> tuple[str, str]:
    name, slug = entry.get("name"), entry.get("slug")
    if not isinstance(name, str) or not clean_line(name):
        raise BadEntry(f"„{field}“ hat keinen Namen.")
    if slug is not None and not isinstance(slug, str):
        raise BadEntry(f"„{field}“: „slug“ ist kein Text.")
    return clean_line(name), slug or slugify(name)


def _made[M: Model](thing: M, field: str, *computed: str) -> M:
    """Save something new if its fields are as forms would have them."""
    try:
        thing.full_clean(exclude=computed)
    except ValidationError as error:
        raise BadEntry(f"„{field}“: {' '.join(error.messages)}") from None
    thing.save()
    return thing
