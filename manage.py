#!/usr/bin/env python3
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run administrative commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renewz.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    finally:
        # The pool's threads would hold the end of a command up for many seconds.
        for connection in connections.all(initialized_only=True):
            if connection.vendor == "postgresql":
                connection.close_pool()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
