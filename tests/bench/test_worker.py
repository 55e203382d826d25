"""The process that calls the pages: it saves as a person does, and counts the same queries at any time."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import corpus, scale

pytestmark = [pytest.mark.deploy, pytest.mark.once]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[scale.Site]:
    site = scale.Site(corpus.own_database(folder, 60))
    yield site
    site.close()


def test_saving_is_committed_each_time(site: scale.Site, folder: Path) -> None:
    asked = 2
    for _ in range(asked):
        site.ask(page="Speichern")
    with sqlite3.connect(folder / "renewz.sqlite3") as database:
        versions, leads = database.execute(
            "SELECT count(*), count(DISTINCT json_extract(content, '$.lead')) FROM articles_revision "
            "WHERE article_id = (SELECT article_id FROM articles_transition WHERE note = 'corpus:7')"
        ).fetchone()
    assert leads == 2
    assert versions >= 1 + 2 * asked  # each time one call that warms, at least, and the one that counts


def test_the_question_for_the_state_is_counted_always(site: scale.Site) -> None:
    counted = []
    for _ in range(5):
        site.ask(page="Startseite")  # asks for the state, in the same tenth of a second
        counted.append(site.ask(page="Startseite", count=True)["queries"])
    assert counted == [3] * 5
