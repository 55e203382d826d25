"""What ``bench/releases.py`` makes of the answers that its readers got."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bench import releases
from bench.releases import Event, Measured, Planned, Sample, Truth

pytestmark = pytest.mark.once

MOMENT = 1_000.0


class Clock:
    """Time goes on only where somebody waits, and by ten milliseconds with each answer."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(MOMENT - 1)
    monkeypatch.setattr(releases, "time", SimpleNamespace(time=clock.time, sleep=clock.sleep))
    return clock


def looked(clock: Clock, answer: Callable[[float], int]) -> Measured:
    """Let a reader look at an article that appears; ``answer`` says what she gets after its moment."""

    def ask(path: str) -> int:
        clock.sleep(0.01)
        return 404 if clock.now < MOMENT else answer(clock.now - MOMENT)

    found = Measured()
    releases.look_at(ask, Event(MOMENT, "Artikel erscheint", "/a-1/", 404, 200), found)
    return found


def test_an_article_that_is_there_at_its_moment_is_in_time(clock: Clock) -> None:
    found = looked(clock, lambda since: 200)
    assert found.late["Artikel erscheint"][0] <= releases._PAUSE + 0.01
    assert releases.report(found)


@pytest.mark.parametrize("meanwhile", [404, 503, 0])
def test_an_article_is_late_for_as_long_as_it_is_not_there_whatever_is(clock: Clock, meanwhile: int) -> None:
    found = looked(clock, lambda since: 200 if since > 1.2 else meanwhile)
    found.answers += 10_000  # so few without a page are no fault by themselves
    assert 1.2 < found.late["Artikel erscheint"][0] < 1.3
    assert not releases.report(found)


def test_an_article_that_never_comes_is_unseen(clock: Clock) -> None:
    found = looked(clock, lambda since: 404)
    assert found.unseen == ["Artikel erscheint: /a-1/"]
    assert not releases.report(found)


def test_who_looks_too_late_is_a_fault_of_the_measurement(clock: Clock) -> None:
    clock.now = MOMENT + 0.5
    found = looked(clock, lambda since: 200)
    assert found.faults == ["Artikel erscheint: /a-1/ zu spät hingesehen"]
    assert found.late == {}
    assert not releases.report(found)


def test_answers_without_a_page_are_judged(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    assert releases.report(Measured(answers=1_000, refused=10))
    assert "1.000 Antworten, 10 davon ohne Seite (1,00 %, höchstens 1)" in capsys.readouterr().out
    assert not releases.report(Measured(answers=1_000, refused=11))


def test_the_longest_time_without_a_page_is_that_of_all_lists() -> None:
    assert Measured(pages=[5.0, 1.0, 1.5, 4.0]).longest_without_a_page() == 2.5


# An article that is to be seen in a list from MOMENT to MOMENT + 20.
TRUTH = Truth([Planned(1, "/a-1/", MOMENT, MOMENT + 20)])


def read(*missing: tuple[float, float]) -> list[Sample]:
    """Return what a reader of a list that is always true gets, but for some seconds around the moment."""
    begins = [MOMENT - 3 + place / 10 for place in range(260)]
    return [
        Sample(begin, begin + 0.05, frozenset({1} if MOMENT <= begin < MOMENT + 20 else ()))
        for begin in begins
        if not any(start <= begin - MOMENT < end for start, end in missing)
    ]


def judged(samples: list[Sample]) -> Measured:
    found = Measured()
    releases.judge("Feed", samples, TRUTH, found)
    return found


def test_a_list_is_judged_at_every_moment() -> None:
    found = judged(read())
    assert (found.late, found.unseen, found.early) == ({"Feed": [0.0, 0.0]}, [], [])


@pytest.mark.parametrize("away", [(-0.6, 0.6), (0.0, 1.2), (-1.1, 0.1), (-9.0, 0.1)])
def test_a_moment_at_which_no_list_came_for_a_second_is_unseen(away: tuple[float, float]) -> None:
    found = judged(read(away))
    assert (found.late, found.unseen) == ({"Feed": [0.0]}, [f"Feed: {MOMENT:.3f}"])


def test_a_list_that_was_old_and_then_away_is_unseen() -> None:
    old = [Sample(MOMENT + 0.2, MOMENT + 0.25, frozenset())]
    found = judged(sorted(read((0.0, 2.0)) + old, key=lambda one: one.began))
    assert (found.late, found.unseen) == ({"Feed": [0.0]}, [f"Feed: {MOMENT:.3f}"])
    assert judged(read((0.3, 2.0))).unseen == []  # somebody had seen the new one already


def test_a_list_that_was_away_when_nothing_changed_is_judged_all_the_same() -> None:
    assert judged(read((5.0, 9.0))).unseen == []


def test_without_any_list_every_moment_is_unseen() -> None:
    assert judged([]).unseen == ["Feed: 1000.000", "Feed: 1020.000"]


def test_an_old_list_is_late_and_a_future_one_early() -> None:
    old = [Sample(MOMENT + 0.7, MOMENT + 0.75, frozenset())]
    late = judged(sorted(read((0.0, 0.8)) + old, key=lambda one: one.began)).late["Feed"]
    assert late == [pytest.approx(0.7), 0.0]
    future = [Sample(MOMENT - 0.5, MOMENT - 0.45, frozenset({1}))]
    assert len(judged(sorted(read() + future, key=lambda one: one.began)).early) == 1
