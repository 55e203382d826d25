"""Sentry and Prometheus: not there without being asked for, and discreet when they are."""

# ruff: noqa: S603  fixed commands without a shell

import json
import os
import re
import subprocess
import sys

import pytest
import time_machine
from django.conf import settings as project

from renewz import checks, metrics
from tests.background.tasks import note
from tests.stories import HOUR, NOON

IMPORTED = """
import sys, django
django.setup()
import renewz.wsgi
print(sorted(name for name in ("redis", "sentry_sdk", "prometheus_client") if name in sys.modules))
"""
# A fault of a section's page, reported to a transport that keeps what it is given.
FAULT = """
import json, django
from django.conf import settings
from django.db import IntegrityError
secret = "ge" "heim"  # lines of our code are sent, too
def fault(*args):
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise IntegrityError(f'duplicate key\\nDETAIL:  Key (email)=({secret}@host) exists.') from error
django.setup()
from sentry_sdk.transport import Transport
from renewz import faults
sent = []
class Kept(Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items if item.type == "event")
faults.report("https://key@sentry.invalid/1", transport=Kept)
from django.core.management import call_command
call_command("migrate", verbosity=0)
from unittest import mock
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from articles.models import Section
Section.objects.create(name="Wirtschaft", slug="wirtschaft")
settings.DEBUG = False
ask = RequestFactory(REMOTE_ADDR="203.0.113.7", SERVER_NAME="127.0.0.1", SERVER_PORT="80")
asked = ask.get("/wirtschaft/?q=geheim", headers={"cookie": "a=geheim", "user-agent": "geheim"})
answered = []
with mock.patch("articles.views.page_of", fault):
    list(WSGIHandler()(asked.environ, lambda status, headers: answered.append((status, dict(headers)))))
((status, headers),) = answered
import logging
logging.getLogger("fremd").critical("failed for %s", secret, extra={"account": secret})
print(json.dumps([status, headers["X-Request-ID"], sent], default=str))
"""


def run(program: str, **environment: str) -> str:
    given = os.environ | {"DATABASE_URL": "sqlite:///:memory:", "RENEWZ_LOG_LEVEL": "CRITICAL"} | environment
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.BASE_DIR, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.once
def test_what_nobody_asked_for_is_not_loaded():
    assert run(IMPORTED) == "[]"


@pytest.mark.once
def test_what_is_asked_for_is_loaded(tmp_path):
    assert run(
        IMPORTED,
        SENTRY_DSN="https://key@sentry.invalid/1",
        RENEWZ_METRICS_BIND="127.0.0.1:9108",
        PROMETHEUS_MULTIPROC_DIR=str(tmp_path),
    ) == "['prometheus_client', 'sentry_sdk']"  # fmt: skip


@pytest.mark.once
def test_sentry_learns_what_broke_and_nothing_about_the_reader():
    status, number, sent = json.loads(run(FAULT))

    assert status == "500 Internal Server Error"
    event, logged = sent
    chain = [(each["type"], each["value"]) for each in event["exception"]["values"]]
    place = re.fullmatch(r"(.*) \((articles/views\.py, Zeile \d+)\)", chain[1][1])
    assert chain[0] == ("KeyError", "")
    assert place[1] == "Die Datenbank hat abgelehnt oder nicht geantwortet: IntegrityError"
    assert logged["logentry"] == {"message": "failed for %s"}
    assert event["request"] == {"method": "GET", "url": "http://127.0.0.1/wirtschaft/"}
    assert event["tags"]["id"] == number
    assert event.keys().isdisjoint({"user", "breadcrumbs", "server_name", "extra"})
    for personal in ("geheim", "203.0.113", "wirtschaft/?"):
        assert personal not in json.dumps(sent)


@pytest.mark.django_db
@pytest.mark.usefixtures("worker_is_configured")
def test_an_order_counts_as_due_when_its_moment_has_come():
    note.using(run_after=NOON + HOUR).enqueue()
    due = []
    for moment in (NOON, NOON + HOUR):
        with time_machine.travel(moment, tick=False):
            due.append(metrics.GAUGES["renewz_orders_due"][1]())

    assert due == [0, 1]


@pytest.mark.once
@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("REDIS_URL", "redis://127.0.0.1", "renewz.E012"),
        ("SENTRY_DSN", "https://key@sentry.invalid/1", "renewz.E013"),
        ("METRICS_BIND", "127.0.0.1:9108", "renewz.E014"),
    ],
)
def test_a_missing_package_is_named(settings, monkeypatch, setting, value, code):
    assert checks.optional_packages_are_there(None) == []
    setattr(settings, setting, value)
    assert checks.optional_packages_are_there(None) == []
    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    (message,) = checks.optional_packages_are_there(None)
    assert message.id == code
    assert "requirements/all.txt" in message.msg
