"""Static files and pictures of the edition: those that pages name, and no other."""

import os
import shutil
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage, storages

from emergency.links import file_for, files_in_file

_NAMES_OTHERS = {".css", ".js", ".webmanifest"}
_PACKED = (".gz", ".br")


class Copies:
    """The files that were named so far."""

    def __init__(self, site: Path) -> None:
        self.number = 0
        self._site = site
        self._seen: set[str] = set()

    def add(self, address: str) -> None:
        """Put a file into the edition, and those that it names itself."""
        if address in self._seen:
            return
        self._seen.add(address)
        name = file_for(address)
        source = _source_of(unquote(address)) if name else None
        if source is None:
            return
        target = self._site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, target)
        self.number += 1
        for ending in _PACKED:
            packed = source.with_name(source.name + ending)
            if packed.is_file():
                _copy(packed, target.with_name(target.name + ending))
        if source.suffix in _NAMES_OTHERS:
            for each in files_in_file(address, source.read_text("utf-8")):
                self.add(each)


def _source_of(path: str) -> Path | None:
    """Return where a file lies on this disk; pictures in S3 stay there, pages name them there."""
    if path.startswith(settings.MEDIA_URL):
        if not isinstance(storages["default"], FileSystemStorage):
            return None
        found = Path(settings.MEDIA_ROOT, path.removeprefix(settings.MEDIA_URL))
    else:
        name = path.removeprefix(settings.STATIC_URL)
        found = Path(settings.STATIC_ROOT, name)
        if not found.is_file():
            found = Path(finders.find(name) or found)
    return found if found.is_file() else None


def _copy(source: Path, target: Path) -> None:
    """Give a file a second name where the disk is the same: it is never written again, only replaced."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
