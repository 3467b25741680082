"""The benchmarks' own databases, on the server that the settings name; the shop's is not touched.

There are two, so that a small and a large shop can be measured in turn, minute by minute: the
engine always works on Django's default connection, and that one is exchanged.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper

NAME = "ordercopy_bench"
LARGE = "large"

# Sessions of hand-written SQL plan as the engine does, but are told so only once, on connecting.
HAND_WRITTEN = (
    "-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0 -c jit=off"
)
URL_PARAMETERS = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")

# Vacuuming and analyzing make every prepared statement be planned anew. Here that happens between
# the measurements and never within one.
LEAVE_VACUUMING_TO_US = """
SELECT format('ALTER TABLE %I SET (autovacuum_enabled = off)', relname)
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@dataclass
class BenchDatabase:
    """One of the databases, behind a Django connection of its own."""

    wrapper: DatabaseWrapper

    @contextmanager
    def as_default(self) -> Iterator[None]:
        """Let everything that uses Django's default connection work on this database."""
        before = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self.wrapper
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = before

    def execute(self, sql: str, params: Any = None) -> list[tuple[Any, ...]]:
        """Run a statement of the benchmark's own bookkeeping."""
        with self.wrapper.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

    @property
    def url(self) -> str:
        """What a worker process takes as its DATABASE_URL."""
        params = self.wrapper.get_connection_params()
        account = quote(str(params.get("user", "")), safe="")
        if params.get("password"):
            account += ":" + quote(params["password"], safe="")
        query = urlencode({name: params[name] for name in URL_PARAMETERS if params.get(name)})
        return f"postgresql://{account}@/{quote(params['dbname'])}?{query}"

    def connect(self) -> psycopg.Connection:
        """Open a connection for hand-written SQL, without Django in between."""
        connection = psycopg.connect(self.url, autocommit=True, options=HAND_WRITTEN)
        connection.prepare_threshold = 0
        return connection

    def tidy(self) -> None:
        """Vacuum and write everything out, so that neither happens while something is measured."""
        self.execute("VACUUM (ANALYZE)")
        with suppress(Exception):  # only some accounts may ask for it
            self.execute("CHECKPOINT")


@contextmanager
def bench_database() -> Iterator[BenchDatabase]:
    """An empty database with all tables, which is dropped at the end, however that comes."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    shop = wrapper.settings_dict["NAME"]
    if shop.startswith(NAME):
        raise ImproperlyConfigured(f"{shop} is a name that only the benchmarks' databases have")
    wrapper.settings_dict["TEST"]["NAME"] = NAME
    try:
        wrapper.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        database = BenchDatabase(wrapper)
        for (statement,) in database.execute(LEAVE_VACUUMING_TO_US):
            database.execute(statement)
        yield database
    finally:
        drop(wrapper)
        wrapper.settings_dict["NAME"] = shop


@contextmanager
def large_database(small: BenchDatabase) -> Iterator[BenchDatabase]:
    """A second database, which begins as a copy of the first; nobody may be connected to that."""
    creation = small.wrapper.creation
    small.wrapper.close()
    creation.clone_test_db(LARGE, verbosity=0, autoclobber=True)
    wrapper = small.wrapper.copy()
    wrapper.settings_dict["NAME"] = creation.get_test_db_clone_settings(LARGE)["NAME"]
    try:
        yield BenchDatabase(wrapper)
    finally:
        drop(wrapper)


def drop(wrapper: DatabaseWrapper) -> None:
    """Drop the wrapper's database, together with what is still connected to it.

    The name is looked at once more: the shop's own database is what there was before the first
    step, and it must not be what is dropped should that step fail.
    """
    name = wrapper.settings_dict["NAME"]
    wrapper.close()
    if name.startswith(NAME):
        with wrapper._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {wrapper.ops.quote_name(name)} WITH (FORCE)")
