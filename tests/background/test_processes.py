"""Real workers: one is killed in the middle, one is told to stop, and many take orders side by side."""

# ruff: noqa: S603  fixed commands without a shell

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.running import ROOT, copied

pytestmark = pytest.mark.deploy

# Where a test waits for it, a worker counts as dead after so many seconds; else after half a minute.
SOON = "3"
SECONDS = 60
# The command itself, without the one entry of the timetable that asks strangers.
WORKER = """
import sys, django
django.setup()
from django.core.management import call_command
from background import timetable
del timetable.entries["quotes"]
call_command("worker", *sys.argv[1:])
"""


class Workers:
    """Starts workers of one site, and talks to its database as the application would."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.running: list[subprocess.Popen[bytes]] = []
        self._told: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORKER, *options]
        with self.log(len(self.running)).open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        self.running.append(process)
        return process

    def log(self, number: int) -> Path:
        return self.folder / f"worker-{number}.log"

    def events(self, number: int) -> list[str]:
        lines = self.log(number).read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["event"] for line in lines]

    def tell(self, program: str) -> str:
        """Run a few lines in the application; return what they print."""
        if self._told is None:
            self._told = subprocess.Popen(
                [sys.executable, "-m", "tests.background.told"],
                env=self.environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        assert self._told.stdin is not None and self._told.stdout is not None
        self._told.stdin.write(json.dumps(program) + "\n")
        self._told.stdin.flush()
        answer = self._told.stdout.readline()
        assert answer, "daran ist das Programm gescheitert, das es ausführen sollte"
        return json.loads(answer)

    def end(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()
        if self._told is not None:
            self._told.communicate(timeout=SECONDS)

    def orders(self) -> list[list[object]]:
        """Return the standing and the number of attempts of each order of the tests."""
        rows = "DBTaskResult.objects.filter(task_path__startswith='tests.')"
        return json.loads(self.tell(f"print(json.dumps([[r.status, len(r.worker_ids)] for r in {rows}]))"))

    def lines(self, name: str) -> int:
        path = self.folder / name
        return len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not holds():
            logs = "".join(self.log(number).read_text() for number in range(len(self.running)))
            assert time.monotonic() < end, logs
            time.sleep(0.1)


@pytest.fixture
def workers(template: str, tmp_path: Path) -> Iterator[Workers]:
    with copied(template, tmp_path / "renewz.sqlite3") as database:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "renewz.settings",
            "RENEWZ_ENV": "development",
            "RENEWZ_DATA_DIR": str(tmp_path),
            "RENEWZ_TASKS": "worker",
            "DATABASE_URL": database,
        }
        site = Workers(environment, tmp_path)
        try:
            yield site
        finally:
            site.end()


def test_what_a_killed_worker_was_at_is_done_by_the_other_with_one_effect(workers: Workers) -> None:
    workers.tell(f"tasks.slow.enqueue({str(workers.folder)!r})")
    killed = workers.start("--dead-after", SOON)
    workers.until(lambda: workers.lines("begun") == 1)
    workers.start("--dead-after", SOON)
    workers.until(lambda: "worker started" in workers.events(1))
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    workers.until(lambda: workers.lines("begun") == 2)
    (workers.folder / "go").touch()
    workers.until(lambda: workers.orders() == [["SUCCESSFUL", 2]])

    assert workers.lines("ended") == 1
    assert workers.tell("print(Word.objects.filter(word='wirkung').count(), Worker.objects.count())") == "1 1"
    assert [event for event in workers.events(1) if event in {"worker died", "order given back"}] == [
        "worker died", "order given back",
    ]  # fmt: skip
    beats = int(workers.tell("print(Worker.objects.get().beat)"))
    # Nobody gives it back once more.
    workers.until(lambda: int(workers.tell("print(Worker.objects.get().beat)")) > beats + 7)
    assert (workers.orders(), workers.lines("begun")) == ([["SUCCESSFUL", 2]], 2)


def test_two_workers_side_by_side_do_each_order_once(workers: Workers) -> None:
    path = str(workers.folder / "line")
    workers.tell("".join(f"tasks.write_line.enqueue({path + str(n)!r})\n" for n in range(60)))
    for _ in range(2):
        workers.start()
    workers.until(lambda: workers.orders() == [["SUCCESSFUL", 1]] * 60)

    assert [workers.lines(f"line{number}") for number in range(60)] == [1] * 60
    # Each entry of the timetable that was due was ordered by one of them.
    assert (
        workers.tell(
            "rows = DBTaskResult.objects.exclude(task_path__startswith='tests.')\n"
            "print(sorted({r.task_path.rpartition('.')[2] for r in rows}), len(rows))"
        )
        == "['complete_renditions', 'complete_search'] 2"
    )


def test_told_to_stop_it_finishes_and_signs_off(workers: Workers) -> None:
    workers.tell(f"tasks.slow.enqueue({str(workers.folder)!r})")
    process = workers.start()
    workers.until(lambda: workers.lines("begun") == 1)
    process.terminate()
    workers.until(lambda: workers.tell("print(Worker.objects.get().is_stopping)") == "True")
    path = str(workers.folder / "line")
    workers.tell(f"tasks.write_line.enqueue({path!r})")
    (workers.folder / "go").touch()

    assert process.wait(timeout=SECONDS) == 0
    assert sorted(workers.orders()) == [["READY", 0], ["SUCCESSFUL", 1]]
    assert workers.tell("print(Worker.objects.count())") == "0"
    assert workers.events(0)[-1] == "worker stopped"


def test_what_takes_longer_than_it_may_after_the_signal_is_given_back(workers: Workers) -> None:
    workers.tell(f"tasks.slow.enqueue({str(workers.folder)!r})")
    process = workers.start("--grace=1")
    workers.until(lambda: workers.lines("begun") == 1)
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=SECONDS) == 0
    assert workers.orders() == [["READY", 0]]
    assert workers.tell("print(Worker.objects.count())") == "0"


def test_one_that_was_frozen_leaves_to_the_other_what_it_lost(workers: Workers) -> None:
    workers.tell(f"tasks.slow.enqueue({str(workers.folder)!r})")
    frozen = workers.start("--dead-after", SOON)
    workers.until(lambda: workers.lines("begun") == 1)
    frozen.send_signal(signal.SIGSTOP)
    workers.start("--dead-after", SOON)
    workers.until(lambda: workers.lines("begun") == 2)
    (workers.folder / "go").touch()
    workers.until(lambda: workers.orders() == [["SUCCESSFUL", 2]])
    frozen.send_signal(signal.SIGCONT)
    workers.until(lambda: "order was given to somebody else" in workers.events(0))

    assert workers.orders() == [["SUCCESSFUL", 2]]
    workers.until(lambda: workers.tell("print(Worker.objects.count())") == "2")
