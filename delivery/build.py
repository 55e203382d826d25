"""Which build of RENEWZ answers: pages of another build are other pages."""

import functools
import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings


def build() -> str:
    """Return a name for the program as it is: the same in every process and on every machine."""
    # In development templates change under a running process.
    return _digest() if settings.DEBUG else _digest_once()


def _digest() -> str:
    """Put code, templates, names of static files, libraries and what the settings print into a word."""
    root: Path = settings.BASE_DIR
    folders = {Path(config.path) for config in apps.get_app_configs()} | {root / "renewz"}
    sources = [path for folder in folders if folder.parent == root for path in folder.rglob("*.py")]
    sources += (root / "templates").rglob("*.html")
    sources += [root / "requirements" / "production.txt", Path(settings.STATIC_ROOT) / "staticfiles.json"]
    digest = hashlib.blake2b(repr((settings.SITE_URL, settings.OPERATOR)).encode(), digest_size=8)
    for path in sorted(sources):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


_digest_once = functools.cache(_digest)
