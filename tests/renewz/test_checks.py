"""Bad settings are said before the first reader meets them; good ones in silence."""

import copy
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings as project
from django.core.checks.registry import registry
from django.db import connection

from renewz import checks, disk

pytestmark = pytest.mark.once

KEY = "k" * 60


def lies_in(settings, folder):
    """Put all that the site writes into a folder."""
    settings.MEDIA_ROOT = folder / "media"
    stores = copy.deepcopy(settings.STORAGES)
    stores["originals"]["OPTIONS"]["location"] = folder / "originals"
    settings.STORAGES = stores


@pytest.fixture
def production(settings, tmp_path):
    """Settings with which production may start."""
    settings.ENVIRONMENT = "production"
    settings.DEBUG = False
    settings.SECRET_KEY = KEY
    settings.ALLOWED_HOSTS = ["renewz.de"]
    settings.SITE_URL = "https://renewz.de"
    lies_in(settings, tmp_path)
    settings.OPERATOR = dict.fromkeys(project.OPERATOR, "RENEWZ GmbH")
    return settings


def found(settings):
    every = (checks.production_is_safe, checks.data_can_be_written, checks.operator_is_named)
    return [message.id for check in every for message in check(None)]


def test_good_settings_are_passed_in_silence(production):
    assert found(production) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DEBUG", True, "renewz.E001"),
        ("SECRET_KEY", "x" * 49, "renewz.E002"),
        ("SECRET_KEY", "nur-fuer-die-entwicklung" + "x" * 50, "renewz.E002"),
        ("SECRET_KEY", "django-insecure-" + "x" * 50, "renewz.E002"),
        ("SECRET_KEY", "changeme" * 10, "renewz.E002"),
        ("ALLOWED_HOSTS", ["renewz.de", "*"], "renewz.E003"),
        ("SITE_URL", "renewz.de", "renewz.E004"),
        ("SITE_URL", "ftp://renewz.de", "renewz.E004"),
        ("SITE_URL", "https://renewz.de/nachrichten", "renewz.E004"),
    ],
)
def test_each_bad_setting_is_named(production, name, value, code):
    setattr(production, name, value)

    assert found(production) == [code]


def test_outside_production_a_known_key_may_stay(production):
    production.ENVIRONMENT = "development"
    production.SECRET_KEY = "geheim"
    production.DEBUG = True

    assert found(production) == []


def test_a_folder_that_cannot_be_made_is_named(production, tmp_path):
    (tmp_path / "datei").write_text("")
    lies_in(production, tmp_path / "datei")

    assert found(production) == ["renewz.E005", "renewz.E005"]


@pytest.mark.parametrize("name", ["media", "originals"])
def test_a_folder_that_cannot_be_written_is_named(production, monkeypatch, tmp_path, name):
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path / name)

    assert found(production) == ["renewz.E006"]


def test_the_folder_around_them_may_be_read_only(production, monkeypatch, tmp_path):
    """As in a container whose volumes are all that can be written."""
    # Where journeys in the browser are collected too, SQLite is a file.
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: True, raising=False)
    monkeypatch.setattr(os, "access", lambda path, mode: path.parent == tmp_path)

    assert found(production) == []


def test_the_folder_of_a_database_in_a_file_is_written_too(production, monkeypatch, tmp_path):
    monkeypatch.setattr(disk, "connection", Mock(vendor="sqlite", settings_dict={"NAME": "/db/site"}))
    disk.connection.is_in_memory_db.return_value = False

    assert disk.written_to() == [tmp_path / "media", tmp_path / "originals", Path("/db")]


def test_pictures_in_s3_and_a_database_that_is_a_server_need_no_folder(production, monkeypatch):
    monkeypatch.setattr(disk, "connection", Mock(vendor="postgresql"))
    production.MEDIA_S3 = {**production.MEDIA_S3, "bucket": "renewz-media"}

    assert disk.written_to() == []


def test_each_gap_of_the_imprint_is_named(production):
    production.OPERATOR = {**production.OPERATOR, "name": "", "email": ""}

    [warning] = checks.operator_is_named(None)

    assert warning.id == "renewz.W001"
    assert warning.msg.endswith("RENEWZ_OPERATOR_NAME, RENEWZ_OPERATOR_EMAIL")


def test_what_the_law_does_not_ask_for_may_be_missing(production):
    production.OPERATOR = {**production.OPERATOR, "vat_id": "", "register": ""}

    assert found(production) == []


def test_the_checks_are_registered():
    always = {checks.production_is_safe, checks.data_can_be_written, checks.pictures_have_a_store}
    assert always <= registry.registered_checks
    assert checks.operator_is_named in registry.deployment_checks


def start(code: str = "import renewz.settings", **environment: str) -> str:
    """Read the settings in a process of its own; return what it says."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", code],
        cwd=project.BASE_DIR, env=kept | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"RENEWZ_SITE_URL": "https://renewz.de"}, "SECRET_KEY fehlt"),
        ({"SECRET_KEY": KEY}, "RENEWZ_SITE_URL fehlt"),
        ({"RENEWZ_ENV": "staging", "SECRET_KEY": KEY}, "RENEWZ_ENV ist „staging“"),
        ({"RENEWZ_ENV": "demo"}, "SECRET_KEY fehlt"),
    ],
    ids=["no key", "no address", "unknown kind", "demo without key"],
)
def test_the_start_stops_at_what_is_missing(environment, complaint):
    assert complaint in start(**environment)


def test_production_starts_with_key_and_address():
    assert start(SECRET_KEY=KEY, RENEWZ_SITE_URL="https://renewz.de") == ""
