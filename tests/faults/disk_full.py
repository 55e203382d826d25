"""The disk is full, then it has room again: that of the database, of the data folder. That of nginx
never is: nobody else writes there, and itself it keeps no more than it may.

Each part gets a small disk of its own (tmpfs), which only root may mount.
"""

import contextlib
import itertools
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from tests.faults.outcome import Outcome, missing, saves_were_refused, under_load
from tests.faults.people import Person
from tests.faults.pictures import jpeg
from tests.faults.site import Site, prepared, running, start_machine, start_nginx
from tests.postgres import cluster

_FULL = 8.0
# Megabytes that nginx may keep, on a disk of twice as many: it looks only every ten seconds what is too
# much, and so many pages of 25 kB a second are about as much as it may keep, in that time.
_KEPT, _LOOKS_AGAIN = 12, 11.0
_PAGES_A_SECOND = 45


def outcomes() -> Iterator[Outcome]:
    """Fill one disk after the other, then take the right to write."""
    if not _may_mount():
        yield missing("Platten voll", "Kleine Platten (tmpfs) darf hier niemand einhängen: als root starten.")
        return
    with (
        _disk(160) as disk,
        cluster(disk / "data", synchronous_commit="on", fsync="on", max_wal_size="32MB") as own,
        running(cluster=own) as site,
    ):
        yield under_load("Platte der Datenbank voll", site, lambda: _fill(disk), saves_were_refused)
    with _disk(96) as disk, prepared(data=disk / "data") as site:
        start_machine(site)
        start_nginx(site)
        yield _uploads("Platte der Bilder voll", site, lambda: _filled(disk))
    with _disk(96) as disk, prepared(data=disk / "data") as site:
        start_machine(site)
        start_nginx(site)
        yield _uploads("Ordner der Daten nur noch lesbar", site, lambda: _read_only(disk))
    with _disk(2 * _KEPT) as disk, prepared() as site:
        start_machine(site)
        start_nginx(site, run=disk, pages=f"{_KEPT}m")
        told: list[int] = []
        outcome = under_load(
            "Mehr Seiten, als nginx behalten kann",
            site,
            lambda: told.extend(_read_everything(site)),
            lambda outcome: outcome.expect("Antworten auf alles, was es zu lesen gibt", set(told), {200}),
        )
        kept = _kept_at_last(disk)
        outcome.expect(f"behält am Ende {kept:.1f} von {_KEPT} MB", _KEPT / 2 < kept <= _KEPT, True)
        yield outcome
    with _disk(200) as disk, running(sqlite=True, data=disk / "data") as site:
        outcome = under_load("Platte von SQLite voll", site, lambda: _fill(disk), saves_were_refused)
        outcome.expect("SQLite sagt zu seiner Datei", site.newsroom("intact"), "ok")
        yield outcome


def _may_mount() -> bool:
    """Try it: in many containers not even root may."""
    try:
        with _disk(1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextlib.contextmanager
def _disk(megabytes: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="renewz-disk-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", name], check=True)  # noqa: S603, S607
        Path(name).chmod(0o777)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)  # noqa: S603, S607


@contextlib.contextmanager
def _filled(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        yield
    finally:
        ballast.unlink()


def _fill(disk: Path) -> None:
    with _filled(disk):
        end = time.monotonic() + _FULL
        while time.monotonic() < end:  # what is freed meanwhile is taken too
            with contextlib.suppress(OSError), (disk / "ballast").open("ab", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
            time.sleep(0.2)


def _read_everything(site: Site) -> Iterator[int]:
    """Read all articles, and the section from each of them on, packed in every way: some 40 MB.

    Yield the status of each answer.
    """
    articles = site.content["articles"]
    older = [f"{site.content['section']}?vor={path.rstrip('/').rpartition('-')[2]}" for path in articles[:-1]]
    began = time.monotonic()
    for number, (coding, path) in enumerate(itertools.product(("identity", "gzip", "br"), articles + older)):
        yield site.ask(path, Accept_Encoding=coding).status
        time.sleep(max(0.0, began + number / _PAGES_A_SECOND - time.monotonic()))


def _kept_at_last(disk: Path) -> float:
    """Return how many megabytes nginx keeps when it has looked what is too much."""
    time.sleep(_LOOKS_AGAIN)
    return sum(file.stat().st_blocks * 512 for file in disk.glob("pages/**/*") if file.is_file()) / 1024**2


@contextlib.contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)  # noqa: S603, S607
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)  # noqa: S603, S607


def _uploads(name: str, site: Site, broken: Callable[[], contextlib.AbstractContextManager[None]]) -> Outcome:
    """Upload while there is no room, and once more when there is."""
    person = Person(site, "kaiser")
    told: list[int] = []

    def fault() -> None:
        with broken():
            for number in range(3):
                answer = person.upload("/admin/images/image/add/", f"{number}.jpg", jpeg(number))
                told.append(answer.status)
                time.sleep(1)

    outcome = under_load(
        name,
        site,
        fault,
        lambda outcome: outcome.expect("Antworten auf Bilder, für die kein Platz ist", set(told), {503}),
    )
    answer = person.upload("/admin/images/image/add/", "0.jpg", jpeg(0))
    outcome.expect("dasselbe Bild danach", answer.status, HTTPStatus.FOUND.value)
    return outcome
