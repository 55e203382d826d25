"""Asking a database that may be away: nobody waits long, and nobody asks in vain again and again."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import InterfaceError, OperationalError

from delivery.line import Away, Line

pytestmark = pytest.mark.once


def refuse():
    raise OperationalError("connection refused")


def test_the_answer_comes_back():
    line = Line(patience=1, pause=1)

    assert line.ask(lambda: 7) == 7
    assert not line.is_broken()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_refusal_is_told_and_not_asked_again_for_a_while(error):
    line, asked = Line(patience=1, pause=60), []

    def question():
        asked.append(1)
        raise error("away")

    for _ in range(3):
        with pytest.raises(Away):
            line.ask(question)

    assert asked == [1]
    assert line.is_broken()


def test_after_the_pause_it_asks_again():
    line = Line(patience=1, pause=0)
    with pytest.raises(Away):
        line.ask(refuse)

    assert line.ask(lambda: 7) == 7
    assert not line.is_broken()


def test_a_fault_of_ours_is_no_absence():
    line = Line(patience=1, pause=60)
    with pytest.raises(ZeroDivisionError):
        line.ask(lambda: 1 / 0)

    assert line.ask(lambda: 7) == 7


def test_a_frozen_database_holds_up_one_and_tells_the_others():
    line, thaw, asking = Line(patience=0.2, pause=0), threading.Event(), threading.Event()

    def frozen():
        asking.set()
        thaw.wait(10)
        return "late"

    def try_it(_):
        with pytest.raises(Away):
            line.ask(lambda: "never")
        return True

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(line.ask, frozen)
        assert asking.wait(10)
        begin = time.monotonic()
        assert all(pool.map(try_it, range(8)))
        waited = time.monotonic() - begin
        begin = time.monotonic()
        assert line.is_broken()
        assert try_it(0)  # by now it is known: at once
        at_once = time.monotonic() - begin
        thaw.set()
        assert first.result(10) == "late"

    assert 0.1 < waited < 5
    assert at_once < 0.1
    assert line.ask(lambda: 7) == 7
    assert not line.is_broken()


def test_it_is_said_once_that_it_went_and_once_that_it_came_back(caplog):
    line = Line(patience=1, pause=0)
    with caplog.at_level(logging.INFO, "delivery.line"):
        for _ in range(3):
            with pytest.raises(Away):
                line.ask(refuse)
        for _ in range(3):
            line.ask(lambda: 7)

    assert [record.message for record in caplog.records] == ["database away", "database back"]
