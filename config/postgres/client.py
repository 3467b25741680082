"""`manage.py dbshell`: a terminal on the same database that the program uses."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.client import DatabaseClient as PostgresClient

from config.postgres.cluster import USER
from config.postgres.embedded import EmbeddedServer
from config.postgres.programs import folder_of_programs
from config.postgres.tuning import PORT


class DatabaseClient(PostgresClient):
    """Leads to the embedded server by the `psql` that came with it; none need be installed."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Answer the command line and its environment."""
        folder = settings_dict.get("EMBEDDED_FOLDER")
        if folder is None:
            return super().settings_to_cmd_args_env(settings_dict, parameters)
        server = EmbeddedServer(Path(folder))
        server.ensure_running()
        address = {"HOST": str(server.socket_directory), "PORT": PORT, "USER": USER}
        arguments, environment = super().settings_to_cmd_args_env(
            settings_dict | address, parameters
        )
        return [str(folder_of_programs(server.data) / arguments[0]), *arguments[1:]], environment
