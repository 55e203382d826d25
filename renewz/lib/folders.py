"""Where the site writes, folders that one process at a time may write to, files that survive a power cut."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection


class Taken(Exception):
    """Somebody else is at work in this folder."""


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


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder for oneself; the system lets go of it when the process ends, however it ends.

    Raises Taken.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken(str(folder)) from None
        yield
    finally:
        os.close(handle)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
