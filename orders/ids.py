"""Identifiers: ten letters and digits, the same in a URL, a log line, an error and ``psql``.

Rows made by Python get their id in Python (``bulk_create`` does not bring text keys back from the
database); rows made by ``INSERT … SELECT`` get it from the SQL function ``new_id()``.
"""

import secrets
import string
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Func

ID_LENGTH = 10
ALPHABET = string.ascii_letters + string.digits
# Base 64 makes twelve characters of nine bytes, which is the least that an id can be cut from.
BYTES_DRAWN, CHARACTERS_DRAWN = 9, 12
# What stands for the two characters of base 64 that are no letters; the SQL function does the same.
NO_OTHERS = b"Zz"


def new_id() -> str:
    """Return a fresh random identifier (59 bits)."""
    return next(new_ids(1))


def new_ids(at_a_time: int) -> Iterator[str]:
    """Return fresh identifiers without end, so many drawn ``at_a_time``.

    Those of one draw ascend: rows that are written in this order come to lie beside each other in
    every index by id, and their references to each other are found there as fast. Never keep the
    iterator over a fork: both processes would go on alike.
    """
    while True:
        drawn = secrets.token_bytes(BYTES_DRAWN * at_a_time)
        letters = b64encode(drawn, altchars=NO_OTHERS).decode("ascii")
        starts = range(0, len(letters), CHARACTERS_DRAWN)
        yield from sorted(letters[start : start + ID_LENGTH] for start in starts)


def new_token() -> str:
    """Return a fresh order token: 32 hexadecimal digits."""
    return secrets.token_hex(16)


class DatabaseFunction(Func):
    """A call without arguments of one of the SQL functions that the first migration makes."""

    template = "%(function)s()"
    arity = 0

    def __init__(self, function: str, output_field: models.Field | None = None) -> None:
        super().__init__(function=function, output_field=output_field or models.CharField())

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return "orders.ids.DatabaseFunction", (self.extra["function"],), {}


class IdField(models.CharField):
    """The primary key of every resource.

    The explicit column type keeps Django from adding a second ``…_like`` index to the key and to
    every foreign key that points at it; the "C" collation makes comparisons cheap.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs["max_length"] = ID_LENGTH
        kwargs["editable"] = False
        kwargs["db_collation"] = "C"
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("db_default", DatabaseFunction("new_id"))
        super().__init__(**kwargs)

    def db_type(self, connection: Any) -> str:
        return f"character varying({ID_LENGTH})"
