"""What only processes of their own can show: killed in the middle, and people who write meanwhile."""

# ruff: noqa: S603  fixed commands without a shell

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.backup.conftest import files_below
from tests.deploy.running import copied

pytestmark = pytest.mark.deploy

_STOPS = """
import time
from {module} import {name} as its
def stops(*args, **more):
    print("in der Mitte", flush=True)
    time.sleep(600)
its.{method} = stops
"""
_WRITES = """
from articles.models import Section
from django.db import transaction
number = 0
while True:
    with transaction.atomic():
        for half in "ab":
            Section.objects.create(name=f"{number}{half}", slug=f"s{number}{half}", position=number)
    number += 1
    if number == 5:
        print("schreibt", flush=True)
"""
_LATER = """
from articles.models import Section
for half in "ab":
    Section.objects.create(name=half, slug=half, position=1)
"""
_COUNTS = """
from articles.models import Section
from django.db.models import Count
pairs = Section.objects.values("position").annotate(number=Count("pk"))
print(len(pairs), {each["number"] for each in pairs})
"""


class Site:
    """A site with a folder and a database of its own, used through manage.py alone."""

    def __init__(self, folder: Path, database: str) -> None:
        self.backups = folder / "data/backups"
        self.environment = {
            **os.environ,
            "RENEWZ_ENV": "demo",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "RENEWZ_DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database,
        }

    def manage(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], env=self.environment, cwd=settings.BASE_DIR,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, program: str) -> "subprocess.Popen[str]":
        """Start a program inside Django and wait until it has said something."""
        lines = f"import django; django.setup()\n{program}"
        process = subprocess.Popen(
            [sys.executable, "-c", lines], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "renewz.settings"},
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() != ""
        return process

    def kill_in_the_middle(self, module: str, name: str, method: str, *command: str) -> None:
        stops = _STOPS.format(module=module, name=name, method=method)
        call = f"from django.core.management import call_command\ncall_command{command!r}"
        process = self.start(stops + call)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def counted(self) -> str:
        return self.manage("shell", "--no-imports", "--command", _COUNTS).splitlines()[-1]


@pytest.fixture
def site(template: str, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "data/media/ab").mkdir(parents=True)
    (tmp_path / "data/media/ab/bild-480.webp").write_bytes(bytes(range(256)) * 100)
    with copied(template, tmp_path / "data/renewz.sqlite3") as database:
        yield Site(tmp_path, database)


def test_killed_in_the_middle_it_leaves_the_old_ones_and_the_next_clears_up(site):
    site.manage("backup")
    before = files_below(site.backups)

    site.kill_in_the_middle("backup.archive", "Writer", "finish", "backup")

    left = files_below(site.backups)
    assert left.keys() - before.keys() == {"sicherung.part"}
    assert before.items() <= left.items()
    assert "1 Dateien" in site.manage("backup")
    assert sorted(path.suffix for path in site.backups.iterdir()) == [".tar", ".tar"]


def test_a_restore_killed_in_the_middle_leaves_the_old_database(site):
    site.manage("backup")
    (backup,) = site.backups.iterdir()
    site.manage("shell", "--no-imports", "--command", _LATER)

    # PostgreSQL has begun its transaction, SQLite has everything beside the old database.
    postgres = site.environment["DATABASE_URL"].startswith("postgres")
    place = ("backup.postgres", "gzip", "open") if postgres else ("backup", "sqlite", "_migrate")
    site.kill_in_the_middle(*place, "restore", str(backup), "--replace")

    assert site.counted() == "1 {2}"
    site.manage("restore", str(backup), "--replace")
    assert site.counted() == "0 set()"
    assert [path.name for path in site.backups.iterdir()] == [backup.name]


def test_a_backup_holds_one_moment_while_people_write(site):
    writer = site.start(_WRITES)
    try:
        for _ in range(2):
            site.manage("backup")
    finally:
        writer.kill()
        writer.communicate()
    written = int(site.counted().split()[0])
    newest = max(site.backups.iterdir())
    assert "Mit --replace wird sie" in site.manage("restore", str(newest), code=1)

    site.manage("restore", str(newest), "--replace")

    number, halves = site.counted().split(maxsplit=1)
    assert halves == "{2}"
    assert 5 <= int(number) <= written
