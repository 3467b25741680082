"""Django's development server, which without this hides a missing database behind a traceback."""

import os

from whitenoise.runserver_nostatic.management.commands import runserver

from config.postgres.errors import DatabaseUnusable


class Command(runserver.Command):
    def check_migrations(self) -> None:
        """Look for missing migrations; without a database, say so and end."""
        try:
            super().check_migrations()
        except DatabaseUnusable as error:
            self.stderr.write(f"Error: {error}")
            os._exit(1)  # we are in a thread, where nothing gentler ends the process
