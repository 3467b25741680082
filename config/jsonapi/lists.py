"""Lists: first the keys of a page, from the narrowest table that knows them, then its rows.

What a list is filtered and sorted by never drags along what its rows look like, so the database
reads that for one page only. And the rows of a page are fetched by one statement for each resource,
whatever was asked: it is written and planned once. Writing it anew for every request would take
Django longer than the database takes to answer.

What is kept here depends on the caller and the question alone; whatever else a declaration looks
at, it has to leave to the database.
"""

import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol, cast

from django.core.exceptions import EmptyResultSet, FieldError
from django.db import connection
from django.db.models import Field, Lookup, QuerySet
from django.db.models.base import ModelState

from config.jsonapi.caller import Caller
from config.jsonapi.filters import filtered
from config.jsonapi.resource import Resource
from config.jsonapi.rows import key_rows, rows_of
from config.jsonapi.sorting import sort
from config.postgres.base import DatabaseWrapper

Filters = tuple[tuple[str, str], ...]
LARGEST_OFFSET = 2**62


class Listed(Protocol):
    """What pages are cut from."""

    def page(self, start: int, size: int) -> tuple[int, list[Any]]:
        """How many rows there are in all, and those of one page."""
        ...


class ThoseRows:
    """The rows of a queryset that somebody else has put together."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows

    def page(self, start: int, size: int) -> tuple[int, list[Any]]:
        count = self.rows.count()
        return count, list(self.rows[start : start + size]) if start < count else []


class AllRows:
    """The rows of a resource that a caller asks for."""

    def __init__(self, keys: "Keys", reader: "Reader") -> None:
        self.keys = keys
        self.reader = reader

    def page(self, start: int, size: int) -> tuple[int, list[Any]]:
        count, keys = self.keys.page(start, size)
        return count, self.reader.read(keys)


def listed(
    resource: Resource,
    caller: Caller,
    *,
    filters: Iterable[tuple[str, str]],
    order: str | None,
    wanted: frozenset[str] | None,
) -> Listed:
    """All rows that a question is about, with what their wanted attributes look at."""
    return AllRows(_keys(resource, caller, tuple(filters), order), reader(resource, caller, wanted))


class Keys:
    """The primary keys of a list in their order, and how many they are."""

    def __init__(self, rows: QuerySet[Any], *, is_filtered: bool) -> None:
        self.is_filtered = is_filtered
        self.ordered: str | None
        try:
            self.ordered = _finished(*rows.values("pk").query.sql_with_params())
            self.counted = _finished(*rows.order_by().values("pk").query.sql_with_params())
        except EmptyResultSet:
            self.ordered = None

    def page(self, start: int, size: int) -> tuple[int, list[str]]:
        if self.ordered is None:
            return 0, []
        # The server works out the keys when it comes to them, and so not at all for an empty page.
        keys = f"ARRAY({self.ordered} LIMIT {size:d} OFFSET {min(start, LARGEST_OFFSET):d})"
        sql = (
            f"SELECT rows.count, CASE WHEN rows.count > {start:d} THEN {keys} ELSE '{{}}' END"  # noqa: S608
            f"  FROM (SELECT count(*) FROM ({self.counted}) AS found) AS rows"
        )
        # Of filters and later pages there are too many to keep a plan for each.
        is_usual = not self.is_filtered and start == 0
        with _database().prepared_cursor() if is_usual else connection.cursor() as cursor:
            cursor.execute(sql)
            count, keys = cursor.fetchone()
        return int(count), keys


@lru_cache(maxsize=512)
def _keys(resource: Resource, caller: Caller, filters: Filters, order: str | None) -> Keys:
    def keys_of(rows: QuerySet[Any]) -> Keys:
        rows = sort(filtered(rows, filters, resource, caller), order, resource)
        return Keys(rows, is_filtered=bool(filters))

    try:
        return keys_of(key_rows(resource, caller))
    except FieldError:  # something is asked that only the resource's own table knows
        return keys_of(rows_of(resource, caller))


# Reading rows by their keys


@Field.register_lookup
class IsAnyOf(Lookup):
    """``= ANY`` with one parameter for all values, however many they are."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY (%s::varchar[])", (*params, self.rhs)


class Reader:
    """Reads rows, as instances of their model, by their primary keys.

    Rows that are not ``is_plain`` bring others along, which is for Django to put together.
    """

    def __init__(self, rows: QuerySet[Any], *, unread: Iterable[str], is_plain: bool) -> None:
        self.rows = rows.order_by().defer(*unread)
        self.model = rows.model
        self.alias = connection.alias
        self.is_plain = is_plain
        # The keys are the only parameter: a constant that stands both in SELECT and in GROUP BY
        # would not be the same expression to the server as two parameters.
        mark = secrets.token_hex()
        compiler = self.rows.filter(id__any_of=mark).query.get_compiler(connection=connection)
        written = _finished(*compiler.as_sql()).replace("%", "%%")
        self.sql = written.replace(f"'{mark}'", "%s")
        columns = [column for column, _, _ in compiler.select]
        self.converters = compiler.get_converters(columns)
        left = set(unread)
        self.names = [
            *(each.attname for each in self.model._meta.concrete_fields if each.name not in left),
            *rows.query.annotation_select,
        ]

    def read(self, keys: Sequence[str]) -> list[Any]:
        """The rows in the order of their keys; those that are gone by now are left out."""
        if not keys:
            return []
        rows = self._instances(keys) if self.is_plain else self.rows.filter(id__any_of=keys)
        by_key = {row.pk: row for row in rows}
        return [by_key[key] for key in keys if key in by_key]

    def one(self, key: str) -> Any:
        """The row with that key, or None."""
        found = self.read([key])
        return found[0] if found else None

    def _instances(self, keys: Sequence[str]) -> Iterable[Any]:
        with _database().prepared_cursor() as cursor:
            cursor.execute(self.sql, [list(keys)])
            return [self._instance(list(values)) for values in cursor.fetchall()]

    def _instance(self, values: list[Any]) -> Any:
        """A row as ``Model.from_db`` makes it, without what that asks and tells for each one."""
        for position, (converters, expression) in self.converters.items():
            for convert in converters:
                values[position] = convert(values[position], expression, connection)
        row: Any = object.__new__(self.model)
        row.__dict__.update(zip(self.names, values, strict=True))
        row._state = ModelState()
        row._state.adding, row._state.db = False, self.alias
        return row


@lru_cache(maxsize=256)
def reader(resource: Resource, caller: Caller, wanted: frozenset[str] | None) -> Reader:
    """What reads rows of a resource, with what their wanted attributes (None: all) look at."""
    return Reader(
        resource.prepare(rows_of(resource, caller), wanted),
        unread=resource.unread,
        is_plain=not resource.brings_along(wanted),
    )


def _finished(sql: str, params: Sequence[Any]) -> str:
    """A statement with its parameters written into it, as a client would send it."""
    connection.ensure_connection()
    written: str = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
    return written


def _database() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connection)
