"""The files of a site that belong into a backup: originals and public sizes on this disk."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import storages

from backup.archive import FOLDERS, is_name
from renewz.lib.folders import flush

_CHUNK = 1024 * 1024
_STORAGES = {"originals": "originals", "media": "default"}


def folders() -> dict[str, Path]:
    """Return where the files of each folder of the archive lie."""
    return {name: Path(storages[_STORAGES[name]].location) for name in FOLDERS}  # type: ignore[attr-defined]


def walk() -> Iterator[tuple[str, Path]]:
    """Yield name in the archive and place on the disk of every file, in a fixed order.

    What begins with a dot, is half written or is no plain file is none of ours.
    """
    for name, folder in folders().items():
        yield from _walk(name, folder)


def _walk(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    with contextlib.suppress(FileNotFoundError):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            inner = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(inner, Path(entry.path))
            elif entry.is_file(follow_symlinks=False) and is_name(inner) and not inner.endswith(".part"):
                yield inner, Path(entry.path)


def place_of(name: str) -> Path:
    """Return where a file of the archive belongs; ``is_name`` has been asked."""
    folder, _, rest = name.partition("/")
    return folders()[folder] / rest


def put(name: str, content: BinaryIO, size: int) -> bool:
    """Write a file whole or not at all; one that lies there with the same bytes stays. Say if written."""
    place = place_of(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    digest = hashlib.sha256()
    try:
        with part.open("wb") as out:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                out.write(chunk)
        if _is_the_same(place, size, digest.hexdigest()):
            return False
        flush(part)
        part.chmod(0o644)  # settings.FILE_UPLOAD_PERMISSIONS
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return True


def _is_the_same(place: Path, size: int, digest: str) -> bool:
    if not place.is_file() or place.stat().st_size != size:
        return False
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
