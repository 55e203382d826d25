"""A copy of the database that is used while it is up to date, and never believed when it is not."""

import contextlib
import os
import shutil
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.deploy.running import Running, copied, free_port, started, tell, wait_until_healthy

pytestmark = pytest.mark.deploy


def forge(address: str) -> None:
    """Make the copy tell its pages from those of the original."""
    statement = "UPDATE articles_section SET name = 'Aus der Kopie'"
    if address.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
            database.execute(statement)
            database.commit()
    else:
        with psycopg.connect(address) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def remove(address: str) -> None:
    if address.startswith("sqlite"):
        Path(address.removeprefix("sqlite:///")).write_bytes(b"no database any more" * 1000)
    else:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            name = address.rpartition("/")[2]
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def test_pages_come_from_the_copy_only_while_it_has_the_state_of_the_original(
    application: Running, template: str, folder: Path
) -> None:
    port, data = free_port(), folder / "replicated"
    data.mkdir()
    shutil.copytree(application.data / "static", data / "static")
    with copied(template, data / "renewz.sqlite3") as original:
        environment = dict(application.environment) | {
            "RENEWZ_BIND": f"127.0.0.1:{port}", "RENEWZ_DATA_DIR": str(data), "DATABASE_URL": original,
        }  # fmt: skip
        site = replace(application, port=port, data=data, environment=environment)
        tell(site, "stories.published(headline='Schon lange da'); print()")
        with copied(original, folder / "copy.sqlite3") as copy:
            forge(copy)
            environment["DATABASE_REPLICA_URL"] = copy
            gunicorn = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "renewz.wsgi"]
            with started(gunicorn, port, environment, folder / "replica.log"):
                wait_until_healthy(environment)
                for path in ("/", "/suche/?q=lange", "/impressum/"):
                    assert "Aus der Kopie" in site.over_tls(path).body, path
                login = site.over_tls("/admin/login/")
                assert login.status == 200

                tell(site, "stories.published(headline='Eben erst heraus'); print()")
                time.sleep(0.2)  # two tenths: the generation is read ten times in a second
                for _ in range(10):
                    front = site.over_tls("/").body
                    assert "Eben erst heraus" in front
                    assert "Aus der Kopie" not in front

                remove(copy)
                for path in ("/", "/impressum/", "/suche/?q=eben", "/korrekturen/"):
                    assert site.over_tls(path).status == 200, path
