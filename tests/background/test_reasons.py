"""Why something failed, in words that may be shown to people."""

import errno

import pytest
from django.db import OperationalError

from background.reasons import UnknownTask, WorkerDied, frames_of, reason_of
from images.uploads import BadPicture

SECRET = "postgresql://renewz:geheim@db/renewz"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError(SECRET), "ValueError"),
        (OperationalError(SECRET), "Die Datenbank hat abgelehnt oder nicht geantwortet: OperationalError"),
        (FileNotFoundError(errno.ENOENT, SECRET), "Eine Datei fehlt: FileNotFoundError"),
        (
            PermissionError(errno.EACCES, SECRET),
            "Eine Datei darf nicht gelesen oder geschrieben werden: PermissionError",
        ),
        (OSError(errno.ENOSPC, SECRET), "Der Platz auf dem Speicher ist aus: OSError"),
        (OSError(errno.EROFS, SECRET), "Der Speicher lässt sich nur lesen: OSError"),
        (OSError(SECRET), "OSError"),
        (TimeoutError(SECRET), "Es hat zu lange gedauert: TimeoutError"),
        (MemoryError(), "Der Arbeitsspeicher reicht nicht: MemoryError"),
        # Our own sentences were written to be read.
        (BadPicture("Diese Datei ist leer."), "Diese Datei ist leer."),
        (WorkerDied(), "Der Worker ist mitten in diesem Auftrag gestorben."),
        (UnknownTask(), "Diese Ausgabe der Anwendung kennt die Aufgabe nicht."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)  # fmt: skip
def test_only_what_we_wrote_ourselves_is_repeated(error: BaseException, words: str) -> None:
    assert reason_of(error) == words


def test_it_says_where_in_our_code_but_not_with_what() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        told, frames = reason_of(error), frames_of(error)
    assert told.startswith("ValueError (tests/background/test_reasons.py, Zeile ")
    assert "geheim" not in told + frames
    assert "int(SECRET)" in frames


def test_a_sentence_of_many_lines_is_cut() -> None:
    assert reason_of(BadPicture("Eins.\nZwei.")) == "Eins."
    assert len(reason_of(BadPicture("x" * 999))) == 300
