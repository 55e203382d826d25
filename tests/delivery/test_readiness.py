"""Whoever sends readers here learns whether it is worth it, and nothing else."""

import copy
import io
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from delivery import readiness

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_found_out(monkeypatch):
    monkeypatch.setattr(readiness, "_migrated", False)


@pytest.fixture(autouse=True)
def lying_in(settings, tmp_path):
    """Put all that the site writes into a folder."""
    for name in ("media", "originals"):
        (tmp_path / name).mkdir()
    settings.MEDIA_ROOT = tmp_path / "media"
    stores = copy.deepcopy(settings.STORAGES)
    stores["originals"]["OPTIONS"]["location"] = tmp_path / "originals"
    settings.STORAGES = stores
    return tmp_path


def ask(client):
    answer = client.get("/readyz")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code, answer.content.decode()


def test_all_is_well(client):
    assert ask(client) == (200, "ready\n")


def test_migrations_are_looked_up_once(client, django_assert_num_queries):
    ask(client)
    with django_assert_num_queries(1):
        assert ask(client) == (200, "ready\n")


def test_a_database_that_does_not_answer(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError('connection to "10.0.0.5" as "renewz" failed')

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)

    assert ask(client) == (503, "not ready: database\n")


def test_a_database_that_was_not_migrated(client, monkeypatch):
    monkeypatch.setattr(
        "delivery.readiness.MigrationExecutor.migration_plan", lambda self, targets: [("articles", False)]
    )

    assert ask(client) == (503, "not ready: migrations\n")


def test_a_disk_that_is_nearly_full(client, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 10**8))

    assert ask(client) == (503, "not ready: disk\n")


@pytest.mark.parametrize("missing", ["media", "originals"])
def test_a_folder_that_is_not_there(client, lying_in, missing):
    (lying_in / missing).rmdir()

    assert ask(client) == (503, "not ready: disk\n")


def test_the_folder_around_them_may_be_read_only(client, lying_in, monkeypatch):
    """As in a container whose volumes are all that can be written."""
    # Where journeys in the browser are collected too, SQLite is a file.
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: True, raising=False)

    def read_only(dir):
        if Path(dir).parent != lying_in:
            raise OSError(30, "Read-only file system")
        return io.BytesIO()

    monkeypatch.setattr("tempfile.TemporaryFile", read_only)

    assert ask(client) == (200, "ready\n")


def test_a_disk_that_refuses(client, monkeypatch):
    def full(**kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)

    assert ask(client) == (503, "not ready: disk\n")


def test_asking_leaves_nothing_behind(client, lying_in):
    assert ask(client) == (200, "ready\n")
    assert sorted(lying_in.rglob("*")) == [lying_in / "media", lying_in / "originals"]


def test_it_is_only_read(client):
    assert client.post("/readyz").status_code == 405


def test_over_plain_http_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/readyz").status_code == 200
