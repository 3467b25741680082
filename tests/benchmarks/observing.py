"""Looking on while statements run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from orders.statements import observed


@contextmanager
def all_statements() -> Iterator[list[str]]:
    """Collect the statements that run meanwhile, Django's and the prepared ones."""
    seen: list[str] = []

    def look(execute: Any, sql: str, *args: Any) -> Any:
        seen.append(sql)
        return execute(sql, *args)

    with observed(seen.append), connection.execute_wrapper(look):
        yield seen
