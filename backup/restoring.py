"""Brings a backup back: everything is checked before anything is touched."""

import gzip
import io
import shutil
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection

from articles.models import Article
from backup import files, manifest
from backup.archive import DATABASES, MANIFEST, members
from backup.database import means
from backup.making import check, default_folder
from backup.refusals import Refused
from delivery import state
from delivery.models import SiteState
from renewz.lib.folders import Taken, alone_in

_CHUNK = 1024 * 1024
_FOLDER = "restore-"
# A site in which none of these has a row is empty.
_CONTENT = ("accounts.User", "articles.Section", "articles.Article", "authors.Author", "images.Image")


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    manifest: manifest.Manifest
    files: int
    written: int  # those that were not there already with the same bytes


def restore(path: Path, *, replace: bool = False) -> Restored:
    """Bring a backup back. Raises Refused; then the site is what it was.

    Files come first and the database last: until its one transaction ends, pages show the old
    content, and the files of the backup lie unused beside the old ones.
    """
    said = check(path)
    try:
        manifest.check_it_fits(said)
        empty = is_empty()
    except DatabaseError as failure:
        raise Refused(f"Die Datenbank antwortet nicht: {failure}") from failure
    if not replace and not empty:
        raise Refused(
            "Auf dieser Seite ist schon etwas. Mit --replace wird sie durch die Sicherung ersetzt: "
            "Was seither dazukam, ist danach fort."
        )
    work = default_folder()
    try:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone_in(work):
            return _restore(path, said, work)
    except Taken:
        raise Refused("Auf dieser Seite wird schon gesichert oder zurückgespielt.") from None
    except OSError as failure:
        raise Refused(f"Zurückspielen ist gescheitert: {failure}. Es gilt der alte Stand.") from failure


def _restore(path: Path, said: manifest.Manifest, work: Path) -> Restored:
    for leaving in work.glob(f"{_FOLDER}*"):
        shutil.rmtree(leaving)  # of a process that was killed
    seen, given, number, written = _generation(), _last_article(), 0, 0
    with tempfile.TemporaryDirectory(prefix=_FOLDER, dir=work) as folder:
        dumped = Path(folder) / "database"
        for member in members(path):
            if member.name in DATABASES:
                with dumped.open("wb") as out:
                    shutil.copyfileobj(member.content, out, _CHUNK)
            elif member.name != MANIFEST:
                number += 1
                written += files.put(member.name, member.content, member.size)
        try:
            means().load(dumped)
        except (gzip.BadGzipFile, EOFError, zlib.error) as failure:
            raise Refused(f"Die Datenbank der Sicherung ließ sich nicht auspacken: {failure}.") from failure
    _bring_up_to_date(seen, given)
    return Restored(said, number, written)


def _bring_up_to_date(seen: int, given: int) -> None:
    """Do what a release does, and tell every cache that all pages are others now.

    The numbers of articles that are lost now are not given to others: their addresses are out in the world,
    and would lead to these. Raises Refused. All of it may be done again.
    """
    try:
        call_command("migrate", interactive=False, verbosity=0)
        for step in ("sync_roles", "rebuild_search"):
            call_command(step, stdout=io.StringIO())
        if given:
            means().skip(Article._meta.db_table, given)
        state.changed(beyond=seen)
    except DatabaseError as failure:
        raise Refused(
            "Die Sicherung ist zurückgespielt, danach ist ein Schritt gescheitert. "
            f"Bitte noch einmal zurückspielen: {failure}"
        ) from failure


def is_empty() -> bool:
    """Say whether nobody has put anything into this site yet."""
    tables = set(connection.introspection.table_names())
    models = [apps.get_model(label) for label in _CONTENT]
    return not any(model._default_manager.exists() for model in models if model._meta.db_table in tables)


def _last_article() -> int:
    """Return the last number that an article was given, lost ones too."""
    table = Article._meta.db_table
    return means().last(table) if table in connection.introspection.table_names() else 0


def _generation() -> int:
    """Return the generation that caches have seen last."""
    if SiteState._meta.db_table not in connection.introspection.table_names():
        return 0
    return SiteState.objects.values_list("generation", flat=True).first() or 0
