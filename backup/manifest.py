"""What a backup says about itself, and whether this site can bring it back."""

import json
import tomllib
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from backup.refusals import Refused
from delivery.build import build

FORMAT = 1
_MOST_BYTES = 1024 * 1024
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Manifest:
    """The first member of a backup."""

    made_at: str
    site: str
    renewz: str
    build: str
    database: str  # „sqlite“ or „postgresql“
    database_version: str
    files_in_s3: bool  # then originals and media are not in the backup
    migrations: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Return it as it stands in the backup."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n").encode()


def of_this_site() -> Manifest:
    """Describe the site as it is now."""
    connection.ensure_connection()
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return Manifest(
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        site=settings.SITE_URL,
        renewz=project["project"]["version"],
        build=build(),
        database=connection.vendor,
        database_version=".".join(map(str, connection.get_database_version())),
        files_in_s3=bool(settings.MEDIA_S3["bucket"]),
        migrations=[
            f"{app}.{name}" for app, name in sorted(MigrationRecorder(connection).applied_migrations())
        ],
    )


def read(source: BinaryIO) -> Manifest:
    """Read a manifest. Raises Refused for one of another format, or none."""
    try:
        said = json.loads(source.read(_MOST_BYTES))
        number = said["format"]
        if number == FORMAT:
            return Manifest(**said)
    except (ValueError, TypeError, KeyError) as failure:
        raise Refused("Das ist keine Sicherung von RENEWZ: Ihr Verzeichnis ist nicht zu lesen.") from failure
    raise Refused(
        f"Diese Sicherung hat das Format {number}, dieses RENEWZ kennt Format {FORMAT}. "
        "Nehmen Sie die Fassung von RENEWZ, mit der sie entstand."
    )


def check_it_fits(said: Manifest) -> None:
    """Refuse what this site cannot bring back, before anything is touched. Raises Refused."""
    here = connection.vendor
    if said.database != here:
        raise Refused(
            f"Diese Sicherung ist aus {_DATABASES.get(said.database, said.database)}, "
            f"diese Seite läuft mit {_DATABASES[here]}. "
            "Von einer Datenbank zur anderen zieht eine Sicherung nicht um."
        )
    if said.files_in_s3 and not settings.MEDIA_S3["bucket"]:
        raise Refused(
            "Diese Sicherung enthält keine Bilder, weil sie in S3 liegen; "
            "diese Seite hat ihre auf der Platte. "
            "Setzen Sie die Variablen RENEWZ_MEDIA_S3_… wie damals."
        )
    if settings.MEDIA_S3["bucket"] and not said.files_in_s3:
        raise Refused(
            "Diese Sicherung enthält Bilder, diese Seite hat ihre in S3. "
            "Nehmen Sie zum Zurückspielen die Variablen RENEWZ_MEDIA_S3_… heraus und ziehen Sie danach um."
        )
    loader = MigrationLoader(None)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    known = {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}
    if unknown := sorted(set(said.migrations) - known):
        raise Refused(
            "Diese Sicherung ist von einer neueren Fassung von RENEWZ als dieser. "
            f"Hier fehlen die Migrationen {', '.join(unknown)}."
        )
