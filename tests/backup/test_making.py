"""A backup is there whole or not at all, and the old ones are never touched."""

import os
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from backup import files, making
from backup.refusals import Refused
from images.models import ImageAction, ImageEvent
from renewz.lib.folders import alone_in
from tests.backup.conftest import files_below

pytestmark = pytest.mark.usefixtures("small_site")


def test_a_backup_is_for_its_owner_alone_and_can_be_checked(folders, capsys):
    call_command("backup")
    (path,) = folders.iterdir()
    assert path.name == "renewz-20260504T100000Z.tar"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folders.stat().st_mode) == 0o700
    assert capsys.readouterr().out.startswith(f"Gesichert und geprüft: {path}")

    call_command("backup", check=path)
    assert capsys.readouterr().out.startswith(f"In Ordnung: {path}")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError, match="beschädigt oder unvollständig"):
        call_command("backup", check=path)


def test_two_backups_in_one_second_stand_beside_each_other(folders):
    assert making.make(folders).path != making.make(folders).path
    assert len(list(folders.iterdir())) == 2


def test_old_ones_go_only_where_somebody_says_how_many_stay(folders):
    made = [making.make(folders).path for _ in range(3)]
    (folders / "notizen.tar").touch()
    (folders / "renewz-alt.tar").touch()
    assert making.make(folders).removed == []

    last = making.make(folders, keep=2)

    assert set(last.removed) == set(made)
    assert len(list(making.all_in(folders))) == 2
    assert {"notizen.tar", "renewz-alt.tar"} <= {path.name for path in folders.iterdir()}
    with pytest.raises(CommandError):
        call_command("backup", "--keep", "0")


def test_the_one_just_made_stays_when_the_clock_was_set_back(folders):
    older = making.make(folders).path
    later = older.rename(folders / "renewz-20270101T000000Z.tar")
    latest = making.make(folders).path.rename(folders / "renewz-20270102T000000Z.tar")

    last = making.make(folders, keep=2)

    assert (last.removed, set(making.all_in(folders))) == ([later], {last.path, latest})
    assert making.make(folders, keep=1).path.exists()
    assert len(list(making.all_in(folders))) == 1


def test_a_full_disk_leaves_the_old_ones_and_no_half_file(folders, settings, small_disk):
    making.make(folders)
    before = files_below(folders)
    (Path(settings.MEDIA_ROOT) / "gross.webp").write_bytes(bytes(6_000_000))
    with small_disk(5_000_000), pytest.raises(Refused, match="nicht genug Platz"):
        making.make(folders)
    assert files_below(folders) == before


def test_what_cannot_be_read_back_does_not_become_a_backup(folders, monkeypatch):
    def damaged(part: Path, *, read_anew: bool) -> None:
        with part.open("r+b") as file:
            file.seek(part.stat().st_size // 2)
            file.write(b"\1\2\3")
        check(part)

    check = making.check
    monkeypatch.setattr(making, "check", damaged)
    with pytest.raises(Refused, match="beschädigt"):
        making.make(folders)
    assert list(folders.iterdir()) == []


def test_only_one_at_a_time(folders):
    folders.mkdir()
    with alone_in(folders), pytest.raises(Refused, match="schon gesichert oder zurückgespielt"):
        making.make(folders)


def test_what_is_none_of_ours_is_left_out(folders, settings, tmp_path):
    media = Path(settings.MEDIA_ROOT)
    known = [name for name, _ in files.walk()]
    (media / ".DS_Store").touch()
    (media / "halb.webp.1234.part").touch()
    (media / "mit leerzeichen.webp").touch()
    (tmp_path / "anderswo").mkdir()
    (media / "verweis").symlink_to(tmp_path / "anderswo")
    os.mkfifo(media / "rohr.webp")
    assert [name for name, _ in files.walk()] == known


def test_a_picture_deleted_meanwhile_makes_it_begin_again(folders, monkeypatch):
    add, times = making._add_database, []

    def delete_then_add(*args: object) -> None:
        add(*args)
        times.append(1)
        if len(times) == 1:
            ImageEvent.objects.create(title="Weg", action=ImageAction.DELETED, at=timezone.now())
        else:
            ImageEvent.objects.all().delete()

    monkeypatch.setattr(making, "_add_database", delete_then_add)
    assert (making.make(folders).vanished, len(times)) == (0, 2)


def test_a_file_that_vanishes_is_left_out(folders, monkeypatch, tmp_path):
    known = list(files.walk())
    monkeypatch.setattr(files, "walk", lambda: [("media/fort.webp", tmp_path / "fort.webp"), *known])
    assert making.make(folders).files == len(known)


def test_pictures_in_s3_are_not_in_it_and_that_is_said(folders, settings, capsys):
    settings.MEDIA_S3 = settings.MEDIA_S3 | {"bucket": "renewz-media"}
    call_command("backup")
    assert "Bilder liegen in S3 und sind nicht darin" in capsys.readouterr().out
    (path,) = making.all_in(folders)
    assert making.check(path).files_in_s3
    settings.MEDIA_S3 = settings.MEDIA_S3 | {"bucket": ""}
    with pytest.raises(CommandError, match="enthält keine Bilder"):
        call_command("restore", path, replace=True)


def test_a_missing_program_is_named(folders, monkeypatch, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite braucht kein Programm")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="Das Programm pg_dump fehlt"):
        call_command("backup")
    assert list(folders.iterdir()) == []
