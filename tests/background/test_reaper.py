"""Who counts as dead, and what becomes of what it was at."""

import pytest
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import queue
from background.heartbeat import Work, say_alive
from background.models import Worker
from background.reaper import Reaper
from tests.background.tasks import note
from tests.stories import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker_is_configured")]


class Clock:
    """A steady clock that goes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def worker(name: str) -> Worker:
    now = timezone.now()
    return Worker.objects.create(name=name, host="h", pid=1, started_at=now, seen_at=now)


def beat(name: str) -> None:
    Worker.objects.filter(pk=name).update(beat=F("beat") + 1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reaper(clock: Clock) -> Reaper:
    worker("me")
    return Reaper("me", dead_after=30, clock=clock)


def looked(reaper: Reaper, clock: Clock, seconds: int, *alive: str) -> None:
    """Look every five seconds for so long, while these go on living."""
    for _ in range(seconds // 5):
        for name in alive:
            beat(name)
        reaper.look()
        clock.now += 5


def at_work(name: str) -> DBTaskResult:
    note.enqueue(name)
    order = queue.claim(name)
    assert order is not None
    return order


def statuses() -> dict[str, str]:
    return {row.args_kwargs["args"][0]: row.status for row in DBTaskResult.objects.all()}


def test_the_orders_of_a_worker_that_stands_still_are_given_back_and_no_others(
    reaper: Reaper, clock: Clock
) -> None:
    for name in ("dead", "alive"):
        worker(name)
        at_work(name)
    at_work("me")
    looked(reaper, clock, 30, "alive")
    assert statuses() == {"dead": "RUNNING", "alive": "RUNNING", "me": "RUNNING"}
    looked(reaper, clock, 5, "alive")
    assert statuses() == {"dead": "READY", "alive": "RUNNING", "me": "RUNNING"}
    assert set(Worker.objects.values_list("name", flat=True)) == {"me", "alive"}


def test_a_wrong_clock_of_another_machine_kills_nobody(reaper: Reaper, clock: Clock) -> None:
    worker("alive")
    Worker.objects.filter(pk="alive").update(seen_at=timezone.now() - 9 * DAY)
    looked(reaper, clock, 120, "alive")
    assert Worker.objects.filter(pk="alive").exists()


def test_who_was_away_itself_judges_nobody_by_that_time(reaper: Reaper, clock: Clock) -> None:
    """A database that stood still for a minute: both come back, one is faster."""
    worker("alive")
    at_work("alive")
    looked(reaper, clock, 20, "alive")
    clock.now += 60
    looked(reaper, clock, 30)
    assert statuses() == {"alive": "RUNNING"}
    looked(reaper, clock, 5)
    assert statuses() == {"alive": "READY"}


def test_one_that_beats_in_the_last_moment_lives(
    reaper: Reaper, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker("late")
    order = at_work("late")
    looked(reaper, clock, 30)
    beat("late")  # after the reaper has read, before it buries
    reaper._bury("late", 0, [order])
    assert statuses() == {"late": "RUNNING"}
    assert Worker.objects.filter(pk="late").exists()


def test_an_order_whose_worker_nobody_knows_is_given_back_at_once(reaper: Reaper) -> None:
    at_work("unknown")
    reaper.look()
    assert statuses() == {"unknown": "READY"}


def test_two_who_find_the_same_dead_give_it_back_once(reaper: Reaper, clock: Clock) -> None:
    worker("dead")
    at_work("dead")
    other = Reaper("other", dead_after=30, clock=clock)
    worker("other")
    for _ in range(7):
        for each, name in ((reaper, "me"), (other, "other")):
            beat(name)
            each.look()
        clock.now += 5
    order = DBTaskResult.objects.get()
    assert (order.status, order.worker_ids) == ("READY", ["dead"])


def test_one_that_was_buried_alive_comes_back_with_its_next_heartbeat() -> None:
    work = Work(worker("alive"), grace=1)
    say_alive(work)
    Worker.objects.all().delete()
    say_alive(work)
    say_alive(work)
    assert list(Worker.objects.values_list("name", "beat", "is_stopping")) == [("alive", 1, False)]
