"""Second connections and other processes, for tests of what happens at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def second_connection() -> Iterator[psycopg.Connection]:
    """A connection of its own to the test's database, in a transaction that is rolled back."""
    parameters = connection.get_connection_params()
    keys = ("host", "user", "port", "password")
    wanted = {key: parameters[key] for key in keys if parameters.get(key)}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **wanted) as other:
        try:
            yield other
        finally:
            other.rollback()
