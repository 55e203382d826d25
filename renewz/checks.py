"""Bad settings, said before the first reader meets them. Run by every ``manage.py`` command."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

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
    """Name a data folder that cannot be written before the first upload fails."""
    folder = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return [Error(f"RENEWZ_DATA_DIR „{folder}“ lässt sich nicht anlegen: {error}", id="renewz.E005")]
    if not os.access(folder, os.W_OK):
        return [Error(f"In RENEWZ_DATA_DIR „{folder}“ darf nicht geschrieben werden.", id="renewz.E006")]
    return []


@register(Tags.security, deploy=True)
def operator_is_named(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name the gaps of the legal pages: without them the site must not go live in Germany."""
    missing = [name for name in REQUIRED_OPERATOR if not settings.OPERATOR[name]]
    if not missing:
        return []
    names = ", ".join(f"RENEWZ_OPERATOR_{name.upper()}" for name in missing)
    return [Warning(f"Für das Impressum fehlen Angaben des Betreibers: {names}", id="renewz.W001")]
