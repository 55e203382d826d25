"""What counts as a fault that happened, and what as a promise kept."""

import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.faults import __main__ as faults
from tests.faults import disk_full, outcome, programs
from tests.faults.load import SAVES, SEEN, Hit, Written
from tests.faults.outcome import Outcome, saves_were_refused, under_load
from tests.faults.programs import Program

pytestmark = pytest.mark.once

BEGAN, ENDED = 100.0, 110.0


def hits(kind: str, *statuses: int) -> list[Hit]:
    """Return questions, one a second from the beginning of the fault on, and one that is well after it."""
    asked = [Hit(kind, "/", BEGAN + place, 0.1, status, True) for place, status in enumerate(statuses)]
    return [*asked, Hit(kind, "/", ENDED + 1, 0.1, 200, False)]


def test_refusals_are_counted_by_kind() -> None:
    found = Outcome("Störung")
    outcome._judge_answers(found, hits(SAVES, *[503] * 10) + hits(SEEN, 200), BEGAN, ENDED)
    assert found.told == {SAVES: 10, SEEN: 0}
    assert found.breaches == []


def test_a_fault_of_which_no_save_was_refused_did_not_happen() -> None:
    happened, nothing = Outcome("weg", told={SAVES: 1}), Outcome("da", told={SAVES: 0})
    for found in (happened, nothing):
        saves_were_refused(found)
    assert happened.breaches == []
    assert nothing.breaches == ["Speichern mit 503: 0 statt mindestens 1"]


def test_the_effect_of_every_fault_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoPeople:
        def __init__(self, site: Any) -> None:
            self.written, self.hits = Written(), []

        def __enter__(self) -> "NoPeople":
            return self

        def __exit__(self, *args: object) -> None:
            self.hits += [
                Hit(SEEN, "/", outcome.time.time(), 0.1, 200, False),
            ]

        def wait_until_all_are_served(self, since: float) -> None:
            pass

    class Site:
        @staticmethod
        def newsroom(*words: object) -> dict[str, Any]:
            return {"versions": {}, "articles": {}, "gaps": []}

    monkeypatch.setattr(outcome, "Load", NoPeople)
    monkeypatch.setattr(outcome.time, "sleep", lambda seconds: None)
    done: list[str] = []
    found = under_load(
        "nichts", Site(), lambda: done.append("fault"), lambda found: found.at_least("Neustarts", 0)
    )
    assert done == ["fault"]
    assert found.breaches == ["Neustarts: 0 statt mindestens 1"]


def test_no_restart_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watcher may be faster than the end of the constructor."""

    class AtOnce(threading.Thread):
        def start(self) -> None:
            self._target()

    class Restarted(Program):
        def _watch(self) -> None:
            self._process.wait()
            self.restarts += 1

    monkeypatch.setattr(programs.threading, "Thread", AtOnce)
    assert Restarted(["true"], {"PATH": "/usr/bin:/bin"}, tmp_path / "log").restarts == 1


def test_who_may_not_mount_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(command: list[str], **options: object) -> None:
        raise subprocess.CalledProcessError(32, command)

    monkeypatch.setattr(disk_full.subprocess, "run", refuse)
    (found,) = disk_full.outcomes()
    assert found.breaches == ["Kleine Platten (tmpfs) darf hier niemand einhängen: als root starten."]


def test_who_has_no_nginx_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "end_in_order_at_sigterm", lambda: None)
    monkeypatch.setattr(faults.shutil, "which", lambda name, path="": None)
    with pytest.raises(SystemExit, match="nginx fehlt"):
        faults.main(["commit_cut"])
