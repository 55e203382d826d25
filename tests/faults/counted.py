"""The application, which notes each rendering of the front page in a file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from renewz.wsgi import application  # noqa: F401  gunicorn asks for it

# Only now: Django is set up.
from frontpage import views  # isort: skip

_FILE = Path(os.environ["COUNT_FILE"])


def _counted(compose: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any) -> Any:
        with _FILE.open("a", encoding="ascii") as file:
            file.write("x")  # one byte: two processes cannot tear it
        return compose(*args)

    return wrapped


views.compose = _counted(views.compose)
