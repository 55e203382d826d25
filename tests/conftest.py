"""Starts Django for the tests and gives every test the newsroom's roles.

The environment is decided here, before Django reads it: neither a .env file nor the shell may
change a result. Only DATABASE_URL is taken from outside: the same suite runs on both databases.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_DATA_DIR = tempfile.mkdtemp(prefix="renewz-test-data-")
Path(_DATA_DIR, "static").mkdir()  # WhiteNoise warns where it is missing
for _name in ("media", "originals"):  # as every command makes them, see renewz/checks.py
    Path(_DATA_DIR, _name).mkdir()
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "renewz.settings",
        "RENEWZ_ENV": "development",
        "RENEWZ_DATA_DIR": _DATA_DIR,
        "RENEWZ_SITE_URL": "http://127.0.0.1:8000",
        "RENEWZ_ALLOWED_HOSTS": "",
        "RENEWZ_FOUR_EYES": "on",
        "RENEWZ_TASKS": "immediate",
        "RENEWZ_LOG_LEVEL": "WARNING",
        "SECRET_KEY": "",
    }
)
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

import django  # noqa: E402

django.setup()

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.storage import storages  # noqa: E402
from django.db import OperationalError  # noqa: E402
from django.test.signals import setting_changed  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402
from hypothesis import HealthCheck  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402

from accounts import roles  # noqa: E402
from accounts.models import User  # noqa: E402
from delivery import pages, parts, state  # noqa: E402
from delivery.line import Line  # noqa: E402
from images.models import Image  # noqa: E402
from tests import stories  # noqa: E402
from tests.deploy.running import empty_database, run  # noqa: E402

# Where xdist starts a worker, the settings were read before this file and name the controller's folder:
# all workers would write into one, and see each other's files.
settings.DATA_DIR = Path(_DATA_DIR)
settings.MEDIA_ROOT = settings.DATA_DIR / "media"
settings.STORAGES["originals"]["OPTIONS"]["location"] = settings.DATA_DIR / "originals"
# The model holds its storage since Django started, and Django keeps those that it has made.
setting_changed.send(object, setting="STORAGES", value=settings.STORAGES, enter=True)
Image._meta.get_field("original").storage = storages["originals"]  # type: ignore[union-attr]

# Argon2 is slow on purpose; no test is about its strength.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The same examples every time and on every machine: a test that fails now and then proves nothing.
# HYPOTHESIS_PROFILE=search looks for new ones.
_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
hypothesis_settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=_QUIET, print_blob=False
)
hypothesis_settings.register_profile(
    "search", deadline=None, max_examples=2_000, suppress_health_check=_QUIET, print_blob=True
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_unconfigure() -> None:
    shutil.rmtree(_DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Make a database, whichever tests were chosen, and write the roles into it once.

    pytest-django's own makes none where no chosen test asks for one by name: tests that share what
    their file has published do not. Of its options those about databases have no effect.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
        roles.sync()
    yield
    # A test may have left the server asleep in a question; with the server its databases go too.
    with django_db_blocker.unblock(), contextlib.suppress(OperationalError):
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """Migrate one database, which tests that start processes copy: each copy costs a moment only."""
    with tempfile.TemporaryDirectory() as folder, empty_database(Path(folder)) as address:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "RENEWZ_ENV": "development",
            "RENEWZ_DATA_DIR": folder,
            "DATABASE_URL": address,
        }
        run(["python", "manage.py", "migrate", "--verbosity", "0"], environment)
        yield address


@pytest.fixture(autouse=True)
def no_page_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the site between tests, and ask for its generation each time.

    Only tests about keeping pages keep any (``kept_pages``).
    """
    monkeypatch.setattr(state, "_known", None)
    monkeypatch.setattr(state, "_line", Line(patience=1.0, pause=1.0))
    monkeypatch.setattr(state, "_tenth_of", lambda at: object())
    monkeypatch.setattr(pages.store, "max_bytes", 0)
    pages.store.clear()
    parts.forget()


@pytest.fixture
def kept_pages(no_page_is_kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep pages as a running site does."""
    monkeypatch.setattr(pages.store, "max_bytes", 8 * 1024 * 1024)


@pytest.fixture
def page_costs(django_assert_num_queries: Callable) -> Callable:
    """Count the queries of a page in a process that knows the state of the site, as it mostly does."""

    @contextlib.contextmanager
    def counted(number: int) -> Iterator[None]:
        state.current(timezone.now())
        with django_assert_num_queries(number):
            yield

    return counted


@pytest.fixture
def worker_is_configured(settings: Any) -> None:
    """Leave orders to a worker; ``tests.background.tasks.work`` does them."""
    settings.TASKS_RUN = "worker"
    settings.TASKS = {"default": {"BACKEND": "background.queue.WorkerBackend"}}


@pytest.fixture
def writer(db: None) -> User:
    """Anna Weber, Autor/in."""
    return stories.writer()


@pytest.fixture
def editor(db: None) -> User:
    """Bernd Kaiser, Redaktion."""
    return stories.editor()


@pytest.fixture
def chief(db: None) -> User:
    """Clara Vogt, Chefin vom Dienst."""
    return stories.chief()
