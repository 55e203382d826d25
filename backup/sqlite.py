"""SQLite: copied page by page while people write, and back in one transaction.

Going back is a copy into the open database too, not another file in its place: whoever has it open
sees the old content until the last page is there, then the new, and nobody writes into a file that
is no longer the site's.
"""

import contextlib
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from backup.refusals import Refused

_CHUNK = 1024 * 1024
# Sessions are keys: in a backup they could be used by whoever reads it, and after it by who was signed in.
_SESSIONS = "django_session"


def dump(target: Path) -> None:
    """Write the database as it is at this moment, without sessions. Raises Refused for a damaged one."""
    copy = target.with_suffix(".copy")
    connection.ensure_connection()
    try:
        copy.touch(mode=0o600)
        with _opened(copy) as out:
            connection.connection.backup(out)
            out.execute("PRAGMA journal_mode=DELETE")
            out.execute("PRAGMA secure_delete=ON")
            if _SESSIONS in connection.introspection.table_names():
                out.execute(f"DELETE FROM {_SESSIONS}")  # noqa: S608  a constant
            out.commit()
            _check(out)
        with copy.open("rb") as source, gzip.open(target, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(source, packed, _CHUNK)
    except sqlite3.Error as failure:
        raise Refused(f"Die Datenbank ließ sich nicht kopieren: {failure}.") from failure
    finally:
        copy.unlink(missing_ok=True)


def load(source: Path) -> None:
    """Bring a database back: unpacked, checked and migrated beside the old one, then copied over it."""
    copy = source.with_suffix(".copy")
    try:
        with gzip.open(source, "rb") as packed, copy.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, _CHUNK)
        with _opened(copy) as restored:
            _check(restored)
        _migrate(copy)
        with _opened(copy) as restored:
            connection.ensure_connection()
            restored.backup(connection.connection)
    except sqlite3.Error as failure:
        raise Refused(f"Die Datenbank der Sicherung ließ sich nicht zurückspielen: {failure}.") from failure
    finally:
        for leaving in copy.parent.glob(f"{copy.name}*"):
            leaving.unlink()


def last(table: str) -> int:
    """Return the last number that a row of a table was given, there still or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        return cursor.fetchone()[0] or 0


def skip(table: str, number: int) -> None:
    """Let a table give its next rows higher numbers than this one."""
    highest = max(last(table), number)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, highest])


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path)) as opened:
        yield opened


def _check(opened: sqlite3.Connection) -> None:
    """Let SQLite look at every page. Raises Refused."""
    try:
        found = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as failure:
        found = str(failure)
    if found != "ok":
        raise Refused(f"Die Datenbank ist beschädigt: {found}.")


def _migrate(path: Path) -> None:
    """Bring a database that is not the site's yet to the state of this code, in a process of its own.

    Raises Refused.
    """
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{quote(str(path.resolve()))}"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--noinput", "--verbosity=0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["ohne Angabe"]
        raise Refused(f"Die Migrationen sind an dieser Sicherung gescheitert: {lines[-1]}")
