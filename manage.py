#!/usr/bin/env python3
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run administrative commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renewz.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
