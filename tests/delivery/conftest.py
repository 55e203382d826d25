"""What the tests of delivery share."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest

from delivery import pages
from tests.stories import NOON


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at noon; tests move it on."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the addresses of the pages that are rendered."""
    made: list[str] = []
    make = pages._make

    def counted(request: HttpRequest, *rest: Any) -> object:
        made.append(request.path)
        return make(request, *rest)

    monkeypatch.setattr(pages, "_make", counted)
    return made
