"""Makes a backup: a new file, whole and read back, or nothing at all."""

import contextlib
import datetime as dt
import errno
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from backup import files, manifest
from backup.archive import MANIFEST, Writer, check_seal, members
from backup.database import means
from backup.refusals import Refused
from images.models import ImageAction, ImageEvent
from renewz.lib.folders import Taken, alone_in, flush

_NAME = "renewz-{:%Y%m%dT%H%M%SZ}.tar"
_PATTERN = "renewz-????????T??????Z.tar"
_PART = "sicherung.part"
_ATTEMPTS = 3
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Made:
    """A backup and what there is to say about it."""

    path: Path
    size: int
    files: int
    vanished: int  # pictures that somebody deleted meanwhile: in the database, but not in the files
    without_files: bool
    removed: list[Path]


def make(folder: Path, keep: int | None = None) -> Made:
    """Write a backup into a folder and check it; older ones are not touched, unless ``keep`` says how many
    are to stay. Raises Refused.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone_in(folder):
            return _make(folder, keep)
    except Taken:
        raise Refused(f"Im Ordner „{folder}“ wird schon gesichert oder zurückgespielt.") from None
    except DatabaseError as failure:
        raise Refused(f"Die Datenbank antwortet nicht: {failure}") from failure
    except OSError as failure:
        if failure.errno in _FULL:
            raise Refused(
                f"In „{folder}“ ist nicht genug Platz. Frühere Sicherungen sind unverändert."
            ) from failure
        raise Refused(f"Die Sicherung ist gescheitert: {failure}. Frühere sind unverändert.") from failure


def _make(folder: Path, keep: int | None) -> Made:
    for leaving in folder.glob(f"{_PART}*"):
        leaving.unlink()  # of a process that was killed: nobody else is at work here
    part = folder / _PART
    try:
        for _ in range(_ATTEMPTS):
            number, vanished = _write(part)
            if not vanished:
                break
        flush(part)
        check(part, read_anew=True)
        path = _free_name(folder)
        part.rename(path)
        flush(folder)
    finally:
        part.unlink(missing_ok=True)
    in_s3 = bool(settings.MEDIA_S3["bucket"])
    return Made(path, path.stat().st_size, number, vanished, in_s3, _remove_old(folder, keep, path))


def _write(part: Path) -> tuple[int, int]:
    """Write the database, then the files: each that a row names was there before the row.

    Return how many files it holds, and how many pictures were deleted while we were at it.
    """
    begun, number = timezone.now(), 0
    said = manifest.of_this_site()
    with open(part, "wb", opener=_private) as out:
        writer = Writer(out, part.parent)
        writer.add(MANIFEST, io.BytesIO(said.to_bytes()), len(said.to_bytes()))
        _add_database(writer, part.with_name(f"{_PART}.database"))
        if manifest.of_this_site().migrations != said.migrations:
            raise Refused("Während der Sicherung lief eine Migration. Bitte noch einmal.")
        for name, place in files.walk() if not said.files_in_s3 else ():
            # Deleted since we saw its name: its picture is counted below.
            with contextlib.suppress(FileNotFoundError), place.open("rb") as source:
                writer.add(name, source, os.fstat(source.fileno()).st_size)
                number += 1
        writer.finish()
    return number, ImageEvent.objects.filter(action=ImageAction.DELETED, at__gte=begun).count()


def _private(path: str, flags: int) -> int:
    """Open for ourselves alone: accounts and unpublished texts are in it."""
    return os.open(path, flags, 0o600)


def _add_database(writer: Writer, dumped: Path) -> None:
    """Write the database by way of a file: a member says its size before its content."""
    try:
        os.close(os.open(dumped, os.O_CREAT | os.O_EXCL, 0o600))
        means().dump(dumped)
        with dumped.open("rb") as source:
            writer.add(means().member, source, dumped.stat().st_size)
    finally:
        dumped.unlink(missing_ok=True)


def check(path: Path, *, read_anew: bool = False) -> manifest.Manifest:
    """Read a backup from the first byte to the last. Raises Refused if anything is wrong with it."""
    if read_anew:  # from the disk, not from what the system still has in memory
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    check_seal(path)
    said = None
    for member in members(path):
        if member.name == MANIFEST:
            said = manifest.read(member.content)
    if said is None:
        raise Refused("Das ist keine Sicherung von RENEWZ: Ihr Verzeichnis fehlt.")
    return said


def _free_name(folder: Path) -> Path:
    """Return a name that no backup has; two in one second stand beside each other."""
    at = timezone.now().astimezone(dt.UTC)
    while (path := folder / _NAME.format(at)).exists():
        at += dt.timedelta(seconds=1)
    return path


def all_in(folder: Path) -> Iterator[Path]:
    """Yield the backups in a folder, the newest first."""
    yield from sorted(folder.glob(_PATTERN), reverse=True)


def _remove_old(folder: Path, keep: int | None, made: Path) -> list[Path]:
    """Remove all but so many, and never the one just made: the clock may have been set back."""
    old = [path for path in all_in(folder) if path != made][keep - 1 :] if keep else []
    for path in old:
        path.unlink()
    return old


def default_folder() -> Path:
    """Return where backups go unless somebody says otherwise."""
    return Path(settings.BACKUP_DIR)
