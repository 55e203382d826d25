from collections.abc import Iterator

import pytest
import time_machine

from tests.background import tasks
from tests.stories import NOON


@pytest.fixture(autouse=True)
def nothing_called() -> Iterator[None]:
    yield
    tasks.CALLS.clear()
    tasks.FAULTS.clear()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
