"""`manage.py embedded_postgres start|stop|status`: a hand on the server that starts itself."""

from argparse import ArgumentParser
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.postgres.base import DatabaseWrapper
from config.postgres.embedded import EmbeddedServer

NOT_RUNNING = 3  # what pg_ctl and init scripts answer, too


class Command(BaseCommand):
    help = "Start or stop the embedded PostgreSQL, or tell how it is."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["start", "stop", "status"])

    def handle(self, *args: Any, act: str, **options: Any) -> str:
        server = cast("DatabaseWrapper", connection).embedded
        if server is None:
            raise CommandError("DATABASE_URL names another server, which is not ours to manage.")
        if act == "start":
            server.ensure_tuned()
        if act == "stop":
            return "Stopped." if server.stop() else "It was not running."
        return self._describe(server)

    def _describe(self, server: EmbeddedServer) -> str:
        if server.pid is None:
            raise CommandError(f"Not running (data in {server.data}).", returncode=NOT_RUNNING)
        lines = [
            f"Running as process {server.pid}.",
            f"Data: {server.data}",
            f"Address: {server.socket_directory}",
        ]
        if not server.is_tuned:
            lines.append("Its settings are out of date: `embedded_postgres start` renews them.")
        return "\n".join(lines)
