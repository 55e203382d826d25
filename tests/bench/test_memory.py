"""When ``bench/memory.py`` says that memory grows."""

from types import SimpleNamespace

import pytest

from bench import memory

pytestmark = pytest.mark.once

STEADY = [100.0, 180.0, 101.0, 99.0, 100.0]  # a picture is being drawn in the second


def test_steady_memory_is_well() -> None:
    assert memory.judge([*STEADY, *[100.0] * 100, *STEADY], 0, 0)


def test_what_grows_early_and_stays_is_growth() -> None:
    """Over the first fifth it grows by a third: the middle of that fifth is close to the end already."""
    growing = [100 + place for place in range(35)]
    assert not memory.judge([*growing, *[135.0] * 75], 0, 0)


def test_what_grows_in_the_end_is_growth() -> None:
    assert not memory.judge([*[100.0] * 105, *[112.0] * 5], 0, 0)


def test_few_samples_are_halved() -> None:
    assert not memory.judge([100.0, 112.0], 0, 0)


@pytest.mark.parametrize(("bad", "ended"), [(1, 0), (0, 1)])
def test_bad_answers_and_ended_processes_are_faults(bad: int, ended: int) -> None:
    assert not memory.judge(STEADY, bad, ended)


def test_a_process_that_was_replaced_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    site = SimpleNamespace(machines=[SimpleNamespace(pid=1)])
    monkeypatch.setattr(memory, "children_of", lambda pid: [2, 4])
    assert memory.restarts(site, {1, 2, 4}) == 0
    assert memory.restarts(site, {1, 2, 3}) == 1
