"""Can this process do its work? Asked by whoever sends it readers, not by readers."""

import logging
import shutil
import tempfile
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from renewz.disk import written_to

logger = logging.getLogger(__name__)

# Less than this, and the next pictures do not fit.
_ENOUGH_BYTES = 200 * 1024 * 1024

_migrated = False


def obstacles() -> list[str]:
    """Return in a word each what is in the way: nothing that a stranger could use."""
    found = []
    if not _database_answers():  # who has waited for it once need not wait again for its migrations
        found.append("database")
    elif not _is_migrated():
        found.append("migrations")
    if not _can_write():
        found.append("disk")
    if found:
        logger.warning("not ready", extra={"obstacles": found})
    return found


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def _is_migrated() -> bool:
    """Say whether the database has all that this release needs; once it has, that stays so."""
    global _migrated  # noqa: PLW0603  found out once in the life of a process
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except (DatabaseError, InterfaceError):
            return False
    return _migrated


def _can_write() -> bool:
    """Write indeed: a full or read-only disk tells nothing beforehand."""
    try:
        return all(_takes_more(folder) for folder in written_to())
    except OSError:
        return False


def _takes_more(folder: Path) -> bool:
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(b"x" * 4096)
        probe.flush()
    return shutil.disk_usage(folder).free >= _ENOUGH_BYTES
