"""Statements of the set-based core: prepared, on Django's own connection and transaction.

With a generic plan, what a statement costs depends on the rows it touches. Left to itself the
planner sees the length of an array parameter and goes over to reading whole tables as they grow,
so every connection is made with generic plans for what is prepared (``config.postgres``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection

Observer = Callable[[str], None]
_observers: list[Observer] = []


def execute(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run one prepared statement and return its rows (an empty list when it has none).

    Keep the text constant and pass sets as arrays: every new text is planned anew. Raises
    Django's own database errors.
    """
    for observe in _observers:
        observe(sql)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, params, prepare=True)
        # A result of no columns has rows all the same, and no description.
        return [] if cursor.rownumber is None else cursor.fetchall()


def first_look(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Like ``execute``, for what a request reads before all else: it tests the connection as well.

    A connection that was kept and is gone by now (the server restarted, say) is made anew and the
    statement sent again; one that answers needs no further test, which would be a statement more.
    """
    try:
        rows = execute(sql, params)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        rows = execute(sql, params)
    connection.health_check_done = True  # type: ignore[attr-defined]
    return rows


@contextmanager
def observed(observe: Observer) -> Iterator[None]:
    """Call ``observe`` with the text of every statement that runs meanwhile.

    Prepared statements bypass Django's query log; tests count and explain them through this.
    """
    _observers.append(observe)
    try:
        yield
    finally:
        _observers.remove(observe)
