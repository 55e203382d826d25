"""Backup, wipe, restore: readers see the same, and what is not whole is refused."""

import dataclasses
import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Edition, Section
from backup import archive, database, making, manifest, restoring
from backup.archive import Writer
from backup.refusals import Refused
from delivery.models import SiteState
from tests import stories
from tests.backup.conftest import content_of_site, files_below, readers_see, wipe
from tests.stories import NOON

pytestmark = pytest.mark.usefixtures("small_site")


@pytest.fixture
def backup(folders: Path) -> Path:
    return making.make(folders).path


def test_after_backup_wipe_and_restore_every_public_address_is_the_same(backup, settings):
    data = Path(settings.MEDIA_ROOT).parent
    numbers = list(Article.objects.values_list("pk", flat=True))
    before, files = readers_see(numbers), files_below(data)
    assert {status for status, *_ in before.values() if isinstance(status, int)} == {200, 301, 404, 410}
    assert sum(address.startswith("/media/") for address in before) > 5
    assert sum("?vor=" in address for address in before) >= 1
    wipe(settings)
    assert readers_see(numbers) != before

    call_command("restore", backup)

    assert readers_see(numbers) == before
    assert files_below(data) == files


def test_a_restored_site_is_whole(backup, settings):
    seen = SiteState.objects.get().generation
    people = list(User.objects.order_by("pk").values_list("username", "password"))
    SiteState.objects.update(generation=seen + 10**9)  # what caches saw after the backup
    stories.published(headline="Nach der Sicherung")
    Session.objects.create(session_key="heute", session_data="", expire_date=timezone.now())

    call_command("restore", backup, replace=True)

    assert SiteState.objects.get().generation > seen + 10**9
    assert list(User.objects.order_by("pk").values_list("username", "password")) == people
    assert Session.objects.count() == 0
    assert Article.objects.filter(headline="Nach der Sicherung").count() == 0
    assert call_command("rebuild_search", verbosity=0) is None
    stories.published(headline="Nach dem Zurückspielen")  # every guard and trigger lets it through
    with pytest.raises(DatabaseError):
        Edition.objects.update(headline="anders")


def test_the_number_of_an_article_that_is_lost_is_given_to_no_other(backup, client):
    lost = stories.published(headline="Nach der Sicherung")
    address = lost.editions.get().get_absolute_url()

    call_command("restore", backup, replace=True)
    call_command("restore", backup, replace=True)  # what it has done once it does not take back
    new = stories.published(headline="Nach dem Zurückspielen")

    assert new.pk > lost.pk
    assert client.get(address).status_code == 404
    assert stories.published(headline="Noch einer").pk == new.pk + 1


def test_sessions_are_not_in_a_backup(folders):
    Session.objects.create(session_key="schluessel-von-heute", session_data="", expire_date=timezone.now())
    path = making.make(folders).path
    with tarfile.open(path) as tar:
        dumped = gzip.decompress(tar.extractfile(database.means().member).read())
    assert b"schluessel-von-heute" not in dumped
    assert stories.HEADLINE.encode() in dumped


def test_a_site_that_is_not_empty_is_replaced_only_when_asked_to(backup, tmp_path):
    stories.published(headline="Nach der Sicherung")
    before = content_of_site(tmp_path)
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", backup)
    assert content_of_site(tmp_path) == before


def test_a_damaged_file_is_written_anew_and_a_strange_one_stays(backup, settings):
    data = Path(settings.MEDIA_ROOT).parent
    files = files_below(data)
    damaged = next(path for path in data.rglob("*") if path.suffix == ".avif")
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    (data / "media/fremd.webp").write_bytes(b"fremd")

    restored = restoring.restore(backup, replace=True)

    assert restored.written == 1
    assert files_below(data).keys() - files.keys() == {"media/fremd.webp"}
    assert files.items() <= files_below(data).items()


# --- What is not whole ---------------------------------------------------------------------------


@pytest.mark.once
def test_a_file_cut_off_anywhere_is_refused(backup, tmp_path):
    content, cut = backup.read_bytes(), tmp_path / "cut.tar"
    lengths = {0, 1, 511, 512, 513, *range(len(content) - 3000, len(content), 97)}
    lengths |= set(range(0, len(content), len(content) // 60))
    for length in sorted(lengths):
        cut.write_bytes(content[:length])
        with pytest.raises(Refused):
            making.check(cut)
    cut.write_bytes(content + b"\0")
    with pytest.raises(Refused):
        making.check(cut)


@pytest.mark.once
def test_a_single_bit_anywhere_is_noticed(backup, tmp_path):
    content, flipped = bytearray(backup.read_bytes()), tmp_path / "flipped.tar"
    places = [*range(0, len(content), len(content) // 150), *range(len(content) - 2048, len(content), 37)]
    for number, place in enumerate(places):
        content[place] ^= 1 << number % 8
        flipped.write_bytes(content)
        content[place] ^= 1 << number % 8
        with pytest.raises(Refused):
            making.check(flipped)
    flipped.write_bytes(content)
    assert making.check(flipped).site == "http://127.0.0.1:8000"


def forged(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a backup with right checksums and seal whose members somebody has changed."""
    members = contents(path)
    change(members)
    return written(path, members)


def contents(path: Path) -> dict[str, bytes]:
    return {member.name: member.content.read() for member in archive.members(path)}


def written(path: Path, members: dict[str, bytes]) -> Path:
    target = path.with_name("forged.tar")
    with target.open("wb") as out:
        writer = Writer(out, path.parent)
        for name, content in members.items():
            writer.add(name, io.BytesIO(content), len(content))
        writer.finish()
    return target


def said(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()

    return change


def named(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: b"boese"})


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(name if name in members else database.means().member)


def holding(content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({database.means().member: content})


OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]


UNFIT = [
    (said(format=2), "Format 2, dieses RENEWZ kennt Format 1"),
    (said(migrations=["articles.9999_morgen"]), "articles.9999_morgen"),
    (said(database=OTHER), "zieht eine Sicherung nicht um"),
    (said(files_in_s3=True), "enthält keine Bilder"),
    (said(unbekannt=1), "keine Sicherung von RENEWZ"),
    (named("originals/../../draussen"), "gehört dort nicht hinein"),
    (named("/etc/draussen"), "gehört dort nicht hinein"),
    (named("media/a/../b.webp"), "gehört dort nicht hinein"),
    (named("media/.versteckt"), "gehört dort nicht hinein"),
    (named("static/js/site.js"), "gehört dort nicht hinein"),
    (named("database.anders"), "gehört dort nicht hinein"),
    (without("manifest.json"), "gehört dort nicht hinein"),
    (without("the database"), "gehört dort nicht hinein"),
    (holding(b"kein gzip"), "nicht auspacken"),
    (holding(gzip.compress(b"keine Datenbank; SELECT 1/0;" * 1000)), "beschädigt|gescheitert"),
]


def test_what_does_not_fit_is_refused_and_the_site_stays(backup, tmp_path, subtests):
    stories.published(headline="Nach der Sicherung")
    before = content_of_site(tmp_path)
    for number, (change, reason) in enumerate(UNFIT):
        with subtests.test(reason, number=number):
            bad = forged(backup, change)
            with pytest.raises(CommandError, match=reason):
                call_command("restore", bad, replace=True)
            bad.unlink()
            assert content_of_site(tmp_path) == before


def test_a_forgery_that_changes_nothing_is_brought_back(backup):
    """So the table above refuses for the reasons it names."""
    restoring.restore(forged(backup, lambda members: None), replace=True)


@pytest.mark.once
def test_a_link_is_refused(backup):
    with backup.with_name("link.tar").open("wb") as out:
        writer = Writer(out, backup.parent)
        for member in archive.members(backup):
            writer.add(member.name, member.content, member.size)
        link = tarfile.TarInfo("media/link.webp")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        writer._write(link.tobuf(tarfile.GNU_FORMAT))
        writer.finish()
    with pytest.raises(Refused, match="keine Datei"):
        making.check(backup.with_name("link.tar"))


@pytest.mark.once
def test_checksums_that_do_not_fit_are_refused_though_the_seal_is_right(backup, monkeypatch):
    members = contents(backup)
    monkeypatch.setattr(archive, "_line", lambda digest, name: f"{'0' * 64}  {name}\n".encode())
    wrong = written(backup, members)
    monkeypatch.undo()
    archive.check_seal(wrong)
    with pytest.raises(Refused, match="Prüfsummen stimmen nicht"):
        making.check(wrong)


def test_a_restore_that_fails_at_the_database_leaves_the_old_one(backup, monkeypatch):
    section = Section.objects.get()
    section.name = "Nach der Sicherung"
    section.save()
    means = database.means()

    def fails(path: Path) -> None:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])  # a disk that loses what it was given
        means.load(path)

    monkeypatch.setattr(restoring, "means", lambda: means._replace(load=fails))
    with pytest.raises(Refused, match="nicht auspacken"):
        restoring.restore(backup, replace=True)
    assert Section.objects.get().name == "Nach der Sicherung"


def test_a_missing_file_is_said_in_german(tmp_path):
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        call_command("restore", tmp_path / "gibt-es-nicht.tar")


def test_the_manifest_says_what_it_is(backup):
    found = making.check(backup)
    assert found == dataclasses.replace(
        manifest.of_this_site(), made_at=found.made_at, migrations=found.migrations
    )
    assert found.made_at.startswith(f"{NOON:%Y-%m-%d}")
    assert "articles.0001_initial" in found.migrations
