"""The index: written once, complete, by signal and by command."""

import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from articles.models import Edition
from search import index, query, results
from search.models import Entry, Word
from search.tasks import complete_search
from tests import stories
from tests.background.tasks import work
from tests.stories import DAY, HOUR, NOON

pytestmark = pytest.mark.django_db


def numbers(words: str) -> int:
    return len(results.find(query.read(words), NOON))


def test_a_release_is_found_after_its_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = stories.published(at=NOON - DAY)
        assert numbers("Kursziel") == 0
    assert numbers("Kursziel") == 1

    with django_capture_on_commit_callbacks(execute=True):
        stories.revised(article, at=NOON - HOUR, headline="Ganz anders")
    assert numbers("Kursziel") == 0
    assert numbers("anders") == 1


def test_nothing_that_was_released_is_missing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = stories.published(at=NOON - DAY)
        stories.revised(article, at=NOON - HOUR)
        stories.scheduled(at=NOON - DAY, live_from=NOON + DAY)
        planned = stories.scheduled(at=NOON - DAY, live_from=NOON + DAY)
        stories.act(planned, "reschedule", at=NOON, live_from=NOON + 2 * DAY)
        stories.withdrawn(stories.published(at=NOON - DAY), at=NOON)

    assert Edition.objects.count() == 7
    assert not Edition.objects.filter(search_entry=None).exists()


def command(*arguments: str) -> str:
    said = io.StringIO()
    call_command("rebuild_search", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_takes_in_what_is_missing_as_often_as_one_likes():
    stories.bulk(index.BATCH + 5, newest=NOON - HOUR, lead="Alle Wetter")
    one = stories.published(at=NOON - HOUR)

    assert command() == f"{index.BATCH + 6} Fassungen in die Suche aufgenommen.\n"
    assert command() == "0 Fassungen in die Suche aufgenommen.\n"
    assert numbers("Meldung") == 200
    before = [numbers("Kursziel"), numbers("kurs"), Word.objects.count()]
    assert before[:2] == [1, 1]
    assert command("--all") == f"{index.BATCH + 6} Fassungen in die Suche aufgenommen.\n"
    assert [numbers("Kursziel"), numbers("kurs"), Word.objects.count()] == before
    assert Entry.objects.get(edition__article=one)


def test_what_is_there_is_not_written_again():
    stories.published(at=NOON - HOUR)
    editions = list(Edition.objects.all())

    assert index.add(editions) == 1
    assert index.add(editions) == 0
    assert index.add([]) == 0
    assert numbers("Kursziel") == 1


def test_a_batch_is_written_in_a_fixed_number_of_queries(django_assert_num_queries):
    few = stories.bulk(3, newest=NOON - HOUR)
    many = stories.bulk(50, newest=NOON - HOUR)

    # savepoint, known, topics, bylines, texts (on SQLite and entries), known words, new words, release
    number = 9 if connection.vendor == "sqlite" else 8
    for made in (few, many):
        Word.objects.all().delete()
        editions = list(Edition.objects.filter(pk__in=[edition.pk for edition in made]))
        with django_assert_num_queries(number):
            index.add(editions)


def test_a_fault_of_the_search_does_not_spoil_a_release(
    monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def broken(editions):
        raise DatabaseError("no")

    monkeypatch.setattr(index, "add", broken)
    with django_capture_on_commit_callbacks(execute=True):
        stories.published(at=NOON - HOUR)

    assert "search not written" in caplog.text
    monkeypatch.undo()
    command()
    assert numbers("Kursziel") == 1


@pytest.mark.usefixtures("worker_is_configured")
def test_what_a_release_could_not_write_comes_with_the_timetable_and_only_once(monkeypatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(index, "add", lambda editions: 0)
        stories.published(at=NOON - HOUR)
    for _ in range(2):
        complete_search.enqueue()
        assert work() == [None]
        assert numbers("Kursziel") == 1


def test_very_long_texts_and_words():
    body = "<p>" + " ".join(f"wort{number} {'lang' * 30}{number}" for number in range(9_000)) + "</p>"
    edition = stories.bulk(1, newest=NOON - HOUR, plain_text=body)[0]

    assert index.add([edition]) == 1
    assert numbers("wort1") == 1
    assert numbers("lang" * 60) == 1
