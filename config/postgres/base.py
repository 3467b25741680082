"""Django's PostgreSQL backend, with the embedded server behind it and clear words when it fails."""

from contextlib import suppress
from functools import cached_property
from typing import Any

import psycopg
from django.db import NotSupportedError
from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe
from psycopg.types.datetime import TimestamptzLoader

from config.postgres.client import DatabaseClient
from config.postgres.cluster import USER
from config.postgres.embedded import EmbeddedServer
from config.postgres.errors import DatabaseTooOld, DatabaseUnreachable
from config.postgres.tuning import PORT

CONNECT_TIMEOUT = 10
# How each side notices that the other's machine is gone: after 10 s of silence it asks, three
# times, 5 s apart. A server that notices lets go of the rows which the lost client held.
IDLE, INTERVAL, COUNT = 10, 5, 3
CLIENT_KEEPALIVES = {
    "keepalives_idle": IDLE,
    "keepalives_interval": INTERVAL,
    "keepalives_count": COUNT,
}
SERVER_KEEPALIVES = f"""
SELECT set_config('tcp_keepalives_idle', '{IDLE}', false),
       set_config('tcp_keepalives_interval', '{INTERVAL}', false),
       set_config('tcp_keepalives_count', '{COUNT}', false)
"""
# Only the statements of the set-based core are prepared, and they need generic plans: a planner
# that sees how long an array is goes over to reading whole tables as they grow. Told at the start
# of a connection, it costs no statement later. A hash table that outgrows the processor's cache is
# slower than the merge of two indexes, which the planner does not know: it gets no more memory for
# one than for a sort.
PLANS = (
    "-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0 -c jit=off"
    " -c hash_mem_multiplier=1"
)
# And in the middle of a long statement, where the server would not look otherwise.
LOOK_FOR_CLIENT = "SELECT set_config('client_connection_check_interval', '250ms', false)"


class PreparedCursor(psycopg.Cursor[tuple[Any, ...]]):
    """Prepares whatever it executes, so that the server plans it once for each connection."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        # Sessions are in UTC, so what Django does to every time in Python changes nothing: the
        # driver's own reading, which is compiled, takes a quarter of the time.
        self.adapters.register_loader("timestamptz", TimestamptzLoader)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{"prepare": True, **options})


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server that DATABASE_URL names, or else to our own.

    Our own is started by the first connection, not by the first import: commands that need no
    database start nothing. It is looked after on every new connection that fails.
    """

    client_class = DatabaseClient

    @cached_property
    def embedded(self) -> EmbeddedServer | None:
        """Our own server, where the settings name no other."""
        folder = self.settings_dict.get("EMBEDDED_FOLDER")
        return None if folder is None else EmbeddedServer(folder)

    def get_connection_params(self) -> dict[str, Any]:
        """Answer where to connect to; the job queue's own connections ask here as well."""
        params: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT, **CLIENT_KEEPALIVES}
        params |= super().get_connection_params()
        params["options"] = f"{PLANS} {params.get('options', '')}".strip()
        if self.embedded is not None:
            if not self.embedded.has_socket:
                self.embedded.ensure_running()
            params |= {"host": str(self.embedded.socket_directory), "port": PORT, "user": USER}
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; wake up our own server if that is why it failed."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            if self.embedded is None:
                raise DatabaseUnreachable(self._unreachable(error)) from error
        self.embedded.ensure_running()
        return super().get_new_connection(conn_params)

    def prepared_cursor(self) -> Any:
        """Answer a cursor for statements whose text is always the same, with generic plans."""
        self.ensure_connection()
        return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined]

    def init_connection_state(self) -> None:
        """Ask a server that is not our own to notice when this client is gone."""
        super().init_connection_state()
        if self.embedded is None:
            with self.connection.cursor() as cursor:
                cursor.execute(SERVER_KEEPALIVES)
                # Some systems that a server may run on cannot look; it says so, and does without.
                with suppress(psycopg.errors.InvalidParameterValue):
                    cursor.execute(LOOK_FOR_CLIENT)

    def check_database_version_supported(self) -> None:
        """Refuse a server that is too old, in words of ours."""
        try:
            super().check_database_version_supported()
        except NotSupportedError as error:
            needed, *_ = self.features.minimum_database_version or ("a newer release",)
            found = ".".join(map(str, self.get_database_version()))
            raise DatabaseTooOld(
                f"The database server is PostgreSQL {found}, and ordercopy needs {needed} or later."
            ) from error

    def _unreachable(self, error: psycopg.OperationalError) -> str:
        """Say it in one line, which never holds the password."""
        reason = " ".join(str(error).split())
        return f"DATABASE_URL names a server that cannot be used: {reason}"
