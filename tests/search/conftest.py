"""Search reads what was committed; the tests' transactions never are, so they index by hand."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from search import index, query, results
from tests.stories import NOON


def indexed() -> None:
    """Bring the index up to date, as the signal does after a commit."""
    list(index.add_missing())


@pytest.fixture
def found() -> Callable[..., list[str]]:
    """Return the headlines that a question finds, best first."""

    def find(words: str, at=NOON, **options) -> list[str]:
        indexed()
        answer = results.find(query.read(words), at, **options)
        return [hit.edition.headline for number in range(answer.pages) for hit in answer.page(number + 1, at)]

    return find


@pytest.fixture
def asked() -> Callable[..., str]:
    """Return the search page as readers get it."""

    def get(words: str, at=NOON, status: int = 200, **more: str) -> str:
        indexed()
        with time_machine.travel(at, tick=False):
            answer = Client().get("/suche/", {"q": words, **more})
        assert answer.status_code == status
        return answer.content.decode()

    return get
