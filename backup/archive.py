"""The one file of a backup: a plain tar that says itself whether it is whole.

    manifest.json         what this is, see ``manifest``
    database.…            the database, packed with gzip
    originals/…, media/…  the files, as they lie
    SHA256SUMS            a line for each of the above; ``sha256sum --check`` reads it
    SEAL                  the checksum of every byte before it

Tar, so that without RENEWZ too everything can be got out of it. Written and read in one go with
constant memory, however many files there are.
"""

import contextlib
import hashlib
import io
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from backup.refusals import Refused

MANIFEST, SUMS, SEAL = "manifest.json", "SHA256SUMS", "SEAL"
DATABASES = ("database.sqlite3.gz", "database.sql.gz")
FOLDERS = ("originals", "media")
# What a member may be called: no way leads out of the folder it belongs to, and none is hidden.
_FILE = re.compile(rf"(?:{'|'.join(FOLDERS)})(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")

_BLOCK = 512
_CHUNK = 1024 * 1024
_END = bytes(2 * _BLOCK)
_DAMAGED = "Diese Sicherung ist beschädigt oder unvollständig"


def is_name(name: str) -> bool:
    """Say whether a file may be in a backup under this name."""
    return len(name) <= 250 and _FILE.fullmatch(name) is not None


# --- Writing -----------------------------------------------------------------------------------


class Writer:
    """Writes members one after the other into a new file."""

    def __init__(self, out: BinaryIO, folder: Path) -> None:
        self._out = out
        self._whole = hashlib.sha256()
        # On the disk: a site has hundreds of thousands of files.
        self._sums = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed in ``finish``

    def add(self, name: str, source: BinaryIO, size: int) -> None:
        """Write a member of exactly this size. Raises Refused where the source has another."""
        self._write(_header(name, size))
        digest = hashlib.sha256()
        left = size
        while left:
            chunk = source.read(min(_CHUNK, left))
            if not chunk:
                raise Refused(f"„{name}“ wurde kürzer, während es gesichert wurde.")
            digest.update(chunk)
            self._write(chunk)
            left -= len(chunk)
        self._write(_padding(size))
        self._sums.write(_line(digest.hexdigest(), name))

    def finish(self) -> None:
        """Write checksums, seal and end."""
        with self._sums as sums:
            size = sums.tell()
            sums.seek(0)
            self._write(_header(SUMS, size))
            while chunk := sums.read(_CHUNK):
                self._write(chunk)
            self._write(_padding(size))
        self._out.write(_tail(self._whole.hexdigest()))

    def _write(self, chunk: bytes) -> None:
        self._out.write(chunk)
        self._whole.update(chunk)


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def _tail(digest: str) -> bytes:
    """Return seal and end of a file whose bytes so far have this checksum."""
    words = f"{digest}\n".encode()
    return _header(SEAL, len(words)) + words + _padding(len(words)) + _END


_TAIL = len(_tail("0" * 64))


# --- Reading -----------------------------------------------------------------------------------


class Member(NamedTuple):
    """One member, to be read before the next."""

    name: str
    size: int
    content: BinaryIO


def check_seal(path: Path) -> None:
    """Read a file once and compare the seal: not a bit may be missing or different. Raises Refused."""
    try:
        with path.open("rb") as file:
            left = os.fstat(file.fileno()).st_size - _TAIL
            digest = hashlib.sha256()
            while left > 0:
                chunk = file.read(min(_CHUNK, left))
                digest.update(chunk)
                left -= len(chunk) or left
            whole = file.read() == _tail(digest.hexdigest())
    except OSError as failure:
        raise Refused(f"„{path}“ lässt sich nicht lesen: {failure.strerror}.") from failure
    if not whole:
        raise Refused(f"{_DAMAGED}: „{path}“. Das Siegel am Ende passt nicht zu dem, was davor steht.")


def members(path: Path) -> Iterator[Member]:
    """Yield manifest, database and files in their order; who went through all of them knows that each
    is what it was. Raises Refused for anything that no backup of ours holds.
    """
    lines = hashlib.sha256()
    place = 0
    with _reading(path) as tar:
        while (entry := tar.next()) is not None:
            tar.members.clear()  # type: ignore[attr-defined]  # it would keep all of them
            if not entry.isreg():
                raise Refused(f"{_DAMAGED}: „{entry.name}“ ist keine Datei.")
            content = _Hashed(tar.extractfile(entry))
            if entry.name == SUMS and place > 1:
                if content.digest() != lines.hexdigest():
                    raise Refused(f"{_DAMAGED}: Die Prüfsummen stimmen nicht.")
                return
            if not _may_stand(entry.name, place):
                raise Refused(f"{_DAMAGED}: „{entry.name}“ gehört dort nicht hinein.")
            yield Member(entry.name, entry.size, io.BufferedReader(content, _CHUNK))
            lines.update(_line(content.digest(), entry.name))
            place += 1
    raise Refused(f"{_DAMAGED}: Es fehlen die Prüfsummen.")


def _may_stand(name: str, place: int) -> bool:
    if place == 0:
        return name == MANIFEST
    return name in DATABASES if place == 1 else is_name(name)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive; what is wrong with it is said in German."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r|", bufsize=_CHUNK) as tar:
            yield tar
    except (tarfile.TarError, EOFError, ValueError) as failure:
        raise Refused(f"{_DAMAGED}: {failure}.") from failure


class _Hashed(io.RawIOBase):
    """Lets content through and takes its checksum."""

    def __init__(self, source: IO[bytes] | None) -> None:
        self._source: Any = source
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        number: int = self._source.readinto(buffer)
        self._digest.update(memoryview(buffer)[:number])
        return number

    def digest(self) -> str:
        """Read whatever nobody has read, and return the checksum of all of it."""
        while self.read(_CHUNK):
            pass
        return self._digest.hexdigest()
