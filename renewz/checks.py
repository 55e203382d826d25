"""Bad settings, said before the first reader meets them. Run by every ``manage.py`` command."""

import os
import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from renewz.disk import written_to

REQUIRED_OPERATOR = ("name", "address", "representative", "email", "phone", "responsible")
_KNOWN_KEYS = ("nur-fuer-die-entwicklung", "django-insecure", "changeme", "geheim")


@register(Tags.security)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse settings with which production would be open or broken."""
    if settings.ENVIRONMENT != "production":
        return []
    found: list[tuple[str, str, bool]] = [
        ("E001", "DEBUG ist an. In der Produktion muss es aus sein.", settings.DEBUG),
        (
            "E002",
            "SECRET_KEY ist zu kurz oder ein bekannter Wert. Er braucht mindestens 50 zufällige Zeichen.",
            len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith(_KNOWN_KEYS),
        ),
        (
            "E003",
            "RENEWZ_ALLOWED_HOSTS enthält „*“. Nennen Sie die Namen der Seite.",
            "*" in settings.ALLOWED_HOSTS,
        ),
        (
            "E004",
            f"RENEWZ_SITE_URL ist „{settings.SITE_URL}“: "
            "es fehlt https:// oder http://, oder es steht ein Pfad dahinter.",
            not settings.SITE_URL.startswith(("https://", "http://")) or settings.SITE_URL.count("/") != 2,
        ),
    ]
    return [Error(message, id=f"renewz.{code}") for code, message, applies in found if applies]


@register(Tags.files)
def data_can_be_written(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name a folder that cannot be written before the first upload fails."""
    found: list[CheckMessage] = []
    for folder in written_to():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            found.append(Error(f"„{folder}“ lässt sich nicht anlegen: {error}", id="renewz.E005"))
        else:
            if not os.access(folder, os.W_OK):
                found.append(Error(f"In „{folder}“ darf nicht geschrieben werden.", id="renewz.E006"))
    return found


@register(Tags.files)
def pictures_have_a_store(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name what an S3-compatible store still lacks; without any of its settings files lie on this disk."""
    given = settings.MEDIA_S3
    if not any(given.values()):
        return []
    found: list[CheckMessage] = []
    if missing := [name for name in ("bucket", "originals_bucket", "url") if not given[name]]:
        names = ", ".join(f"RENEWZ_MEDIA_S3_{name.upper()}" for name in missing)
        found.append(Error(f"Für Bilder in S3 fehlen Angaben: {names}", id="renewz.E007"))
    if bool(given["access_key"]) != bool(given["secret_key"]):
        found.append(
            Error(
                "RENEWZ_MEDIA_S3_ACCESS_KEY und RENEWZ_MEDIA_S3_SECRET_KEY gehören zusammen: "
                "Es ist nur eines von beiden gesetzt.",
                id="renewz.E008",
            )
        )
    if given["bucket"] and given["bucket"] == given["originals_bucket"]:
        found.append(
            Error(
                "RENEWZ_MEDIA_S3_BUCKET und RENEWZ_MEDIA_S3_ORIGINALS_BUCKET sind derselbe Bucket. "
                "Originale sind privat und brauchen einen eigenen.",
                id="renewz.E009",
            )
        )
    if given["url"] and not _is_address(given["url"]):
        found.append(
            Error(
                f"RENEWZ_MEDIA_S3_URL ist „{given['url']}“: "
                "Sie muss mit https:// beginnen und darf weder „?“ noch „#“ enthalten.",
                id="renewz.E010",
            )
        )
    if find_spec("storages") is None or find_spec("boto3") is None:
        found.append(
            Error(
                "Für Bilder in S3 fehlt ein Paket: "
                "Installieren Sie requirements/s3.txt statt production.txt.",
                id="renewz.E011",
            )
        )
    return found


@register(Tags.caches)
def optional_packages_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name a package that a setting asks for and nobody has installed."""
    asked = {
        "redis": ("REDIS_URL", settings.REDIS_URL, "renewz.E012"),
        "sentry_sdk": ("SENTRY_DSN", settings.SENTRY_DSN, "renewz.E013"),
        "prometheus_client": ("RENEWZ_METRICS_BIND", settings.METRICS_BIND, "renewz.E014"),
    }
    return [
        Error(
            f"{variable} ist gesetzt, aber ein Paket fehlt: "
            "Installieren Sie requirements/all.txt statt production.txt.",
            id=code,
        )
        for package, (variable, value, code) in asked.items()
        if value and find_spec(package) is None
    ]


@register(Tags.caches)
def surrogate_header_is_a_name(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name a header that would break every page."""
    name = settings.SURROGATE_HEADER
    if not name or re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        return []
    return [
        Error(
            f"RENEWZ_SURROGATE_HEADER ist „{name}“: Ein Kopf besteht aus Buchstaben, Ziffern und „-“.",
            id="renewz.E015",
        )
    ]


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not (parts.query or parts.fragment)


@register(Tags.security, deploy=True)
def operator_is_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name the gaps of the legal pages: without them the site must not go live in Germany."""
    missing = [name for name in REQUIRED_OPERATOR if not settings.OPERATOR[name]]
    if not missing:
        return []
    names = ", ".join(f"RENEWZ_OPERATOR_{name.upper()}" for name in missing)
    return [Warning(f"Für das Impressum fehlen Angaben des Betreibers: {names}", id="renewz.W001")]
