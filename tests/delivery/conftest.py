"""What the tests of delivery share."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.stories import NOON


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at noon; tests move it on."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
