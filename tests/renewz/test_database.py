"""Nobody waits for a PostgreSQL that says nothing, and commands wait as long as it takes."""

import time

import psycopg
import pytest
from django.db import connection

from renewz import database
from renewz.database import PatientConnection, Silent, limit_web_process, patience


@pytest.fixture
def server(db) -> str:
    if connection.vendor != "postgresql":
        pytest.skip("nur für PostgreSQL")
    given = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: given[name] for name in ("host", "user", "dbname") if given.get(name)}
    )


@pytest.fixture
def in_a_hurry():
    waits = patience.set(0.3)
    yield
    patience.reset(waits)


def test_patience_ends_and_the_connection_with_it(server, in_a_hurry):
    with PatientConnection.connect(server) as one:
        began = time.monotonic()
        with pytest.raises(Silent):
            one.execute("SELECT pg_sleep(20)")
        assert time.monotonic() - began < 2
        assert one.closed


def test_without_a_limit_it_takes_as_long_as_it_takes(server):
    with PatientConnection.connect(server) as one:
        assert one.execute("SELECT pg_sleep(0.4), 1").fetchone()[1] == 1


def test_a_dead_connection_is_not_a_silent_server(server, in_a_hurry, monkeypatch):
    monkeypatch.setattr(database, "_silent_until", {})
    one, other = PatientConnection.connect(server), PatientConnection.connect(server)
    one.close()
    with pytest.raises(psycopg.OperationalError):
        database._is_alive(one)
    database._is_alive(other)
    other.close()


def test_a_connection_that_just_answered_is_not_asked_until_a_second_later(server, monkeypatch):
    asked = []
    monkeypatch.setattr(database.ConnectionPool, "check_connection", asked.append)
    with PatientConnection.connect(server) as one:
        one.execute("SELECT 1")
        database._is_alive(one)
        assert asked == []
        one.answered_at -= 1
        database._is_alive(one)
        assert asked == [one]


def test_one_that_the_server_has_ended_since_is_found_out_at_once(server, in_a_hurry, monkeypatch):
    monkeypatch.setattr(database, "_silent_until", {})
    with PatientConnection.connect(server, autocommit=True) as other:
        one = PatientConnection.connect(server, autocommit=True)
        one.execute("SELECT 1")
        other.execute("SELECT pg_terminate_backend(%s, 1000)", [one.info.backend_pid])
        assert time.monotonic() - one.answered_at < database._FRESH
        with pytest.raises(psycopg.OperationalError):
            database._is_alive(one)


def test_when_one_was_silent_the_others_are_not_asked(server, monkeypatch):
    with PatientConnection.connect(server) as one:
        monkeypatch.setattr(database, "_silent_until", {one.info.dsn: time.monotonic() + 60})
        with pytest.raises(Silent):
            database._is_alive(one)


def test_a_web_process_has_limits_and_keeps_what_was_set():
    given = {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"options": "-c search_path=own", "pool": {"max_size": 3, "timeout": 5}},
    }
    limit_web_process(given)

    assert given["OPTIONS"]["options"] == (
        "-c statement_timeout=5s -c lock_timeout=1500ms -c idle_in_transaction_session_timeout=30s "
        "-c search_path=own"
    )
    assert given["OPTIONS"]["pool"] == {
        "max_size": 3, "timeout": 1.2, "connection_class": PatientConnection, "check": database._is_alive,
    }  # fmt: skip


def test_sqlite_is_left_as_it_is():
    given = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"timeout": 10}}
    limit_web_process(given)

    assert given["OPTIONS"] == {"timeout": 10}
