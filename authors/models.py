"""Bylines: the names that readers see. An author is not a login, but may belong to one."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from images.models import Image, public_fields
from renewz.lib.text import clean_line, clean_text, fold, slugify


class Author(models.Model):
    """A person or an agency that stands in a byline."""

    name = models.CharField("Name", max_length=120)
    slug = models.SlugField(
        "Adresse", max_length=80, unique=True, blank=True, help_text="Leer lassen: aus dem Namen (ä wird ae)."
    )
    sort_key = models.CharField(max_length=250, editable=False, db_index=True)
    role_title = models.CharField("Funktion", max_length=120, blank=True)
    portrait = models.ForeignKey(
        Image,
        verbose_name="Porträt",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="portrait_of",
    )
    biography = models.TextField("Biografie", blank=True, max_length=2000)
    email = models.EmailField("E-Mail", blank=True)
    is_agency = models.BooleanField("Agentur", default=False)
    is_former = models.BooleanField("ehemalig", default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="Konto",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
    )

    class Meta:
        verbose_name = "Autor/in"
        verbose_name_plural = "Autorinnen und Autoren"
        ordering = ("sort_key", "pk")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Tidy the texts and find a free address."""
        self.name = clean_line(self.name)
        self.biography = clean_text(self.biography)
        self.slug = self.slug or slugify(self.name)
        if Author.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": f"Die Adresse „{self.slug}“ gehört schon zu jemand anderem."})

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or slugify(self.name)
        self.sort_key = sort_key(self.name, is_agency=self.is_agency)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return f"/autoren/{self.slug}/"  # as ``reverse`` says it, see ``address_of``


def byline_fields(path: str) -> list[str]:
    """Return the columns of the author at ``path`` that a byline with portrait needs, for ``only``."""
    named = [f"{path}__{name}" for name in ("name", "slug", "role_title", "is_agency")]
    return named + public_fields(f"{path}__portrait")


class AuthorLink(models.Model):
    """One way to reach an author or to read more of her."""

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="links")
    label = models.CharField("Bezeichnung", max_length=60)
    url = models.URLField("Adresse", max_length=300)

    class Meta:
        verbose_name = "Verweis"
        verbose_name_plural = "Verweise"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValidationError({"url": "Nur Adressen mit https:// oder http://."})


def sort_key(name: str, *, is_agency: bool = False) -> str:
    """Return the key for lists of persons (DIN 5007-2, ä = ae): last name first."""
    if is_agency:
        return fold(name)
    first, _, last = name.rpartition(" ")
    return fold(f"{last} {first}".strip())
