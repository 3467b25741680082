#!/usr/bin/env python
"""The door to every command of ordercopy: `python manage.py help`."""

import os
import sys


def main() -> None:
    """Run one command; what only the operator can mend ends in a sentence, not in a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import ProgrammingError
    from psycopg.errors import UndefinedTable

    from config.env import SettingsRefused
    from config.postgres.errors import DatabaseUnusable

    try:
        execute_from_command_line(sys.argv)
    except (SettingsRefused, DatabaseUnusable) as error:
        sys.exit(f"Error: {error}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        sys.exit("Error: The database is not set up yet. Run `manage.py migrate` first.")


if __name__ == "__main__":
    main()
