"""PostgreSQL: its own programs, one snapshot out and one transaction in."""

import contextlib
import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, cast

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from backup.refusals import Refused

_CHUNK = 1024 * 1024
_DUMP = (
    "pg_dump", "--format=plain", "--compress=6", "--no-owner", "--no-privileges", "--no-comments",
    # Sessions are keys: in a backup they could be used by whoever reads it, and after it by who was
    # signed in.
    "--exclude-table-data=django_session",
)  # fmt: skip
_LOAD = ("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-")
# Said by us and not by an option of psql: if we are killed, the last line never comes and nothing has
# happened. A process that holds a table for long is named, not waited for.
_BEGIN = """BEGIN;
SET LOCAL lock_timeout = '20s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public{owner};
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
_COMMIT = "\nCOMMIT;\n"


def dump(target: Path) -> None:
    """Write the database as it is at this moment, without sessions. Raises Refused."""
    with target.open("wb") as out:
        _run(_DUMP, stdout=out)


def load(source: Path) -> None:
    """Replace everything in the database in one transaction. Raises Refused; then nothing has changed."""
    begin = _BEGIN.format(owner=f" AUTHORIZATION {_owner()}")
    connection.close()
    with tempfile.TemporaryFile() as said, _started(_LOAD, said) as psql:
        # It ends early where it fails, and then says why.
        with contextlib.suppress(BrokenPipeError), cast("IO[bytes]", psql.stdin) as statements:
            statements.write(begin.encode())
            with gzip.open(source, "rb") as packed:
                shutil.copyfileobj(packed, statements, _CHUNK)
            statements.write(_COMMIT.encode())
        _expect_success("psql", psql.wait(), said)


def last(table: str) -> int:
    """Return the last number that a row of a table was given, there still or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id'))", [table])
        return cursor.fetchone()[0] or 0


def skip(table: str, number: int) -> None:
    """Let a table give its next rows higher numbers than this one."""
    highest = max(last(table), number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, highest])


def _owner() -> str:
    """Return who owns the schema, as it stands in SQL; the new one is to be hers too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(pg_get_userbyid(nspowner)) FROM pg_namespace WHERE nspname = 'public'"
        )
        return str(cursor.fetchone()[0])


def _run(command: tuple[str, ...], stdout: IO[bytes]) -> None:
    with (
        tempfile.TemporaryFile() as said,
        _started(command, said, stdin=subprocess.DEVNULL, stdout=stdout) as run,
    ):
        _expect_success(command[0], run.wait(), said)


def _started(command: tuple[str, ...], said: IO[bytes], **how: IO[bytes] | int) -> "subprocess.Popen[bytes]":
    """Start a program of PostgreSQL on this site's database; the password is in no list of processes."""
    where, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    environment = {**os.environ, **(secrets or {})}
    program = shutil.which(command[0])
    if program is None:
        raise Refused(
            f"Das Programm {command[0]} fehlt. Es gehört zu den Client-Programmen von PostgreSQL und darf "
            "nicht älter sein als die Datenbank; im Abbild aus dem Dockerfile ist es enthalten."
        )
    # The address comes without the name of the program in front.
    arguments = [program, *command[1:], *where[1:]]
    return subprocess.Popen(arguments, env=environment, stderr=said, **({"stdin": subprocess.PIPE} | how))  # type: ignore[call-overload, no-any-return]  # noqa: S603


def _expect_success(name: str, code: int, said: IO[bytes]) -> None:
    if code == 0:
        return
    said.seek(0)
    lines = said.read(_CHUNK).decode(errors="replace").strip().splitlines() or [f"Ende mit {code}"]
    raise Refused(f"{name} ist gescheitert: {' '.join(lines[:3])}")
