"""One event, one line: whatever a person or an attacker put into it."""

import json
import logging
import sys

import pytest

from renewz.lib.logs import JsonFormatter

pytestmark = pytest.mark.once


def line_of(message: str, *args: object, exc_info: object = None, **extra: object) -> str:
    record = logging.getLogger("articles").makeRecord(
        "articles", logging.WARNING, __file__, 1, message, args, exc_info, extra=extra
    )
    record.created = 1_777_888_999.25
    return JsonFormatter().format(record)


def test_an_event_says_when_how_bad_where_and_what():
    assert json.loads(line_of("article %s saved", 7)) == {
        "time": "2026-05-04T10:03:19.250+00:00",
        "level": "warning",
        "logger": "articles",
        "event": "article 7 saved",
    }


def test_extra_fields_become_keys_of_their_own():
    event = json.loads(line_of("article saved", article=7, version=2, user=3))

    assert {key: event[key] for key in ("article", "version", "user")} == {
        "article": 7,
        "version": 2,
        "user": 3,
    }


def test_line_breaks_cannot_forge_a_second_event():
    line = line_of('x"}\n{"level": "info"', note="a\r\nb")

    assert line.count("\n") == line.count("\r") == 0
    assert json.loads(line)["event"] == 'x"}\n{"level": "info"'


def test_umlauts_stay_readable_and_unknown_things_are_said_in_words():
    line = line_of("Größe", thing=object)

    assert "Größe" in line
    assert json.loads(line)["thing"] == "<class 'object'>"


def test_an_exception_stands_in_the_same_line():
    try:
        raise ValueError("kaputt")
    except ValueError:
        line = line_of("failed", exc_info=sys.exc_info())

    assert "\n" not in line
    assert json.loads(line)["exception"].endswith("ValueError: kaputt")


def test_the_request_of_django_is_not_written_out():
    assert "request" not in json.loads(line_of("Not Found", request="<WSGIRequest>"))
