"""Where the application writes."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection


def written_to() -> list[Path]:
    """Return the folders of this disk in which the application writes, which may be mounts of their own.

    None for pictures that lie in S3, none for a database that is a server.
    """
    folders = []
    if not settings.MEDIA_S3["bucket"]:
        folders = [Path(storages[name].location) for name in ("default", "originals")]  # type: ignore[attr-defined]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        folders.append(Path(connection.settings_dict["NAME"]).parent)
    return folders
