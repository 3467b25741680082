#!/usr/bin/env python
"""The door to every command of ordercopy: `python manage.py help`."""

import os
import sys


def main() -> None:
    """Run one command; what only the operator can mend ends in a sentence, not in a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.env import SettingsRefused
    from config.postgres.errors import DatabaseUnusable

    try:
        execute_from_command_line(sys.argv)
    except (SettingsRefused, DatabaseUnusable) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
