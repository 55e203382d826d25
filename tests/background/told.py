"""Does in the application what a test tells it: a line of JSON each way, a program and what it prints."""

import contextlib
import io
import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from background.models import Worker  # noqa: E402
from search.models import Word  # noqa: E402
from tests.background import tasks  # noqa: E402

NAMES = {"json": json, "tasks": tasks, "DBTaskResult": DBTaskResult, "Word": Word, "Worker": Worker}


def main() -> None:
    """Answer until nothing more is told; a program that fails ends it."""
    for line in sys.stdin:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(json.loads(line), dict(NAMES))  # noqa: S102  what this file is for
        sys.stdout.write(json.dumps(out.getvalue().strip()) + "\n")
        sys.stdout.flush()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # unclosed it holds up the end


if __name__ == "__main__":
    main()
