"""A request has a number that is found again in the log, and nothing of its sender."""

import io
import json
import logging
import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import journal
from renewz.lib.logs import JsonFormatter
from tests import stories

NUMBER = "0123456789abcdef" * 2


@pytest.fixture
def lines(monkeypatch):
    """What is written to the log, as events."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    watched = [logging.getLogger(name) for name in ("delivery", "django.request", "articles")]
    for logger in watched:
        logger.addHandler(handler)
        monkeypatch.setattr(logger, "level", logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger in watched:
        logger.removeHandler(handler)


@pytest.fixture
def broken(monkeypatch, db):
    """A section that logs and then fails."""

    def fail(*args, **kwargs):
        logging.getLogger("articles").info("on the way")
        raise ValueError("kaputt")

    stories.section("Wirtschaft")
    monkeypatch.setattr("articles.views.page_of", fail)
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_a_fault_is_found_again_by_its_number(broken, lines, settings):
    settings.BEHIND_PROXY = True
    answer = broken.get("/wirtschaft/?q=geheim", headers={"x-request-id": NUMBER})

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == NUMBER
    assert f"Kennung: {NUMBER}" in answer.content.decode()
    assert [line["event"] for line in lines()] == [
        "on the way", "Internal Server Error: /wirtschaft/", "request failed"
    ]  # fmt: skip
    assert {line["id"] for line in lines()} == {NUMBER}
    told = lines()[-1]
    assert (told["method"], told["path"], told["status"]) == ("GET", "/wirtschaft/", 500)
    assert told["queries"] > 0
    assert "geheim" not in json.dumps(lines())


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "x", NUMBER + "0", NUMBER.upper(), 'a"}\n{"b'])
def test_only_a_number_like_ours_is_taken_over(client, settings, given):
    settings.BEHIND_PROXY = True
    answer = client.get("/healthz", headers={"x-request-id": given})

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


@pytest.mark.django_db
def test_without_a_proxy_nobody_may_choose_the_number(client, settings):
    settings.BEHIND_PROXY = False
    answers = [client.get("/healthz", headers={"x-request-id": NUMBER}) for _ in range(2)]
    numbers = {answer.headers["X-Request-ID"] for answer in answers}

    assert len(numbers - {NUMBER}) == 2


@pytest.mark.django_db
def test_a_page_for_everybody_says_no_number(client, kept_pages):
    first, second = client.get("/impressum/"), client.get("/impressum/")

    assert "X-Request-ID" not in first.headers
    assert "X-Request-ID" not in second.headers


@pytest.mark.django_db
def test_a_slow_request_is_told_and_a_quick_one_is_not(client, lines, monkeypatch):
    client.get("/impressum/?q=geheim")
    assert lines() == []
    monkeypatch.setattr(journal, "_SLOW", 0)
    with CaptureQueriesContext(connection) as asked:
        client.get("/impressum/?q=geheim", REMOTE_ADDR="203.0.113.77")

    (told,) = lines()
    assert {key: told[key] for key in ("event", "level", "method", "path", "status", "queries")} == {
        "event": "request slow", "level": "warning", "method": "GET", "path": "/impressum/",
        "status": 200, "queries": len(asked),
    }  # fmt: skip
    assert "203.0.113" not in json.dumps(told)


@pytest.mark.django_db
def test_who_is_signed_in_stands_in_no_line(lines, monkeypatch):
    monkeypatch.setattr(journal, "_SLOW", 0)
    client = Client()
    editor = stories.editor()
    client.force_login(editor)
    client.get("/admin/")

    written = json.dumps(lines(), ensure_ascii=False)
    assert '"path": "/admin/"' in written
    for personal in (editor.username, editor.last_name, editor.email or "@", "127.0.0.1"):
        assert personal not in written


def test_outside_a_request_lines_have_no_number(lines):
    logging.getLogger("articles").info("by itself")

    assert "id" not in lines()[0]


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_503_with_a_number(monkeypatch, lines):
    def away(*args, **kwargs):
        raise OperationalError("weg")

    monkeypatch.setattr("articles.views.page_of", away)
    stories.section("Wirtschaft")
    answer = Client(raise_request_exception=False).get("/wirtschaft/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert f"Kennung: {answer.headers['X-Request-ID']}" in answer.content.decode()
