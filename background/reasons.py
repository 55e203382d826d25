"""Why an order failed, in words that may be shown: nothing of what a stranger's message may hold.

Messages of other people's exceptions name addresses, passwords or rows. They go to the log of the
machine alone; what is stored and shown is the kind of fault, and where in our code it happened.
"""

import errno
import traceback
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import Error

# The first that fits; the narrower kinds before the wider ones.
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (FileNotFoundError, "Eine Datei fehlt"),
    (PermissionError, "Eine Datei darf nicht gelesen oder geschrieben werden"),
    (TimeoutError, "Es hat zu lange gedauert"),
    (ConnectionError, "Keine Verbindung"),
    (Error, "Die Datenbank hat abgelehnt oder nicht geantwortet"),
    (MemoryError, "Der Arbeitsspeicher reicht nicht"),
)
_NUMBERS = {
    errno.ENOSPC: "Der Platz auf dem Speicher ist aus",
    errno.EDQUOT: "Der Platz auf dem Speicher ist aus",
    errno.EROFS: "Der Speicher lässt sich nur lesen",
    errno.EIO: "Der Speicher hat einen Fehler",
}
_MOST = 300  # signs


class WorkerDied(Exception):
    """The worker ended in the middle of the order."""

    def __init__(self) -> None:
        super().__init__("Der Worker ist mitten in diesem Auftrag gestorben.")


class UnknownTask(Exception):
    """The order names a task that this release does not have."""

    def __init__(self) -> None:
        super().__init__("Diese Ausgabe der Anwendung kennt die Aufgabe nicht.")


def reason_of(error: BaseException) -> str:
    """Return the fault in one line."""
    place = _place(error)
    return f"{_fault(error)} ({place})" if place else _fault(error)


def _fault(error: BaseException) -> str:
    if is_ours(error):
        return str(error).partition("\n")[0][:_MOST]
    kind = type(error).__name__
    known = _NUMBERS.get(error.errno or 0) if isinstance(error, OSError) else None
    known = known or next((words for fits, words in _KINDS if isinstance(error, fits)), None)
    return f"{known}: {kind}" if known else kind


def is_ours(error: BaseException) -> bool:
    """Say whether we wrote its message ourselves."""
    config = apps.get_containing_app_config(type(error).__module__)
    return config is not None and Path(config.path).parent == settings.BASE_DIR


def _place(error: BaseException) -> str:
    """Return the last line of our own code that it went through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts:
            return f"{path.relative_to(settings.BASE_DIR)}, Zeile {frame.lineno}"
    return ""


def frames_of(error: BaseException) -> str:
    """Return where it happened, without any value or message."""
    return "".join(traceback.format_tb(error.__traceback__))
