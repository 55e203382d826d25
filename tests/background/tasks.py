"""Tasks for these tests. Real processes know them by this module's name too."""

import time
from pathlib import Path

from django.tasks import task

from background import queue
from background.policies import policy
from background.worker import called
from search.models import Word


def work() -> list[BaseException | None]:
    """Do what waits, as a worker would; return what each order raised."""
    done = []
    while order := queue.claim("w1"):
        done.append(called(order))
        queue.done(order) if done[-1] is None else queue.failed(order, done[-1])
    return done


CALLS: list[object] = []
FAULTS: list[BaseException] = []


@task
def note(*words: object, **more: object) -> None:
    """Remember the call; fail as long as faults are at hand."""
    CALLS.append((*words, *more.values()))
    if FAULTS:
        raise FAULTS.pop(0)


@policy("Glocke läuten", attempts=2)
@task(priority=5)
def ring() -> None:
    CALLS.append("ring")


@task(takes_context=True)
def number(context: object) -> None:
    CALLS.append(context.task_result.id)


@task
def write_line(path: str) -> None:
    """Leave a line, whoever does it."""
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("x\n")


@task
def slow(folder: str) -> None:
    """Act under a key, and then take until a file is there."""
    Word.objects.get_or_create(word="wirkung", defaults={"stem": "wirk"})
    with Path(folder, "begun").open("a", encoding="utf-8") as file:
        file.write("x\n")
    while not Path(folder, "go").exists():
        time.sleep(0.05)
    with Path(folder, "ended").open("a", encoding="utf-8") as file:
        file.write("x\n")
