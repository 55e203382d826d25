"""``make test`` itself: what is repeated, what is neutral, and what must fail."""

import contextlib
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests import __main__ as runner

pytestmark = pytest.mark.once

SMALL, OPERATION, BROWSER = "Einzelteile", "im Betrieb", "im Browser"
AGAIN = "noch einmal"
PASSED, FAILED, NOTHING_FOUND = 0, 1, 5

Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs all passes, each ending as told; it gives the code and their names."""

    def start(*words: str, otherwise: int = PASSED, **codes: int) -> tuple[int, list[str]]:
        seen: list[str] = []
        ends = {name.replace("_", " "): code for name, code in codes.items()}

        def passed(name: str, arguments: list[str], environment: dict[str, str]) -> runner._Result:
            seen.append(name)
            return runner._Result(name, ends.get(name.partition(": ")[2], otherwise), "", 0)

        monkeypatch.setattr(runner, "_run_pass", passed)
        return runner.main(list(words)), seen

    monkeypatch.setattr(runner, "find_chromium", lambda: "chromium")
    monkeypatch.setattr(runner, "end_in_order_at_sigterm", lambda: None)
    monkeypatch.setattr(runner, "server", lambda: contextlib.nullcontext(SimpleNamespace(url="postgresql:")))
    return start


def test_each_database_gets_each_pass(run: Run) -> None:
    names = [f"{database}: {name}" for database in ("SQLite", "PostgreSQL") for name in runner._PASSES]
    assert run() == (0, names)
    assert len(names) == 6


def test_only_what_failed_in_a_browser_is_repeated(run: Run) -> None:
    code, seen = run(im_Browser=FAILED)
    assert (code, seen.count(f"SQLite: {AGAIN}"), seen.count(f"PostgreSQL: {AGAIN}")) == (0, 1, 1)
    assert runner._ONCE_MORE[:2] == ["-m", runner._PASSES[BROWSER]]
    assert run(im_Browser=FAILED, noch_einmal=FAILED)[0] == 1
    assert run(im_Browser=FAILED, noch_einmal=NOTHING_FOUND)[0] == 1


@pytest.mark.parametrize("name", [SMALL, OPERATION])
def test_all_else_counts_the_first_time(run: Run, name: str) -> None:
    code, seen = run(**{name.replace(" ", "_"): FAILED})
    assert (code, [one for one in seen if AGAIN in one]) == (1, [])


def test_an_empty_pass_fails_the_whole_suite(run: Run) -> None:
    assert run(im_Browser=NOTHING_FOUND)[0] == 1


def test_of_chosen_tests_some_pass_must_hold_one(run: Run) -> None:
    assert run("-k", "markets", otherwise=NOTHING_FOUND, Einzelteile=PASSED)[0] == 0
    assert run("-k", "markets", otherwise=NOTHING_FOUND, Einzelteile=FAILED)[0] == 1
    assert run("-k", "gibtesnicht", otherwise=NOTHING_FOUND)[0] == 1
    code, seen = run("-k", "markets", otherwise=NOTHING_FOUND, im_Browser=FAILED, noch_einmal=PASSED)
    assert (code, seen.count(f"SQLite: {AGAIN}")) == (0, 1)
