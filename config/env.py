"""Reading the environment: every variable has a type; a bad value is refused in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import environs
from django.core.exceptions import ImproperlyConfigured

DATABASE_SCHEMES = ("postgres", "postgresql")

env = environs.Env()


class SettingsRefused(ImproperlyConfigured):
    """What the environment asks for cannot be had; the message says what to change."""


@contextmanager
def refusing_bad_values() -> Iterator[None]:
    """Turn the reader's complaint about a variable into ours, which ends a command in one line."""
    try:
        yield
    except environs.EnvValidationError as error:
        variable, _, _ = str(error).partition(" invalid: ")
        raise SettingsRefused(f"{variable}: {' '.join(error.error_messages)}") from error


def parse_database_url(url: str) -> dict[str, Any]:
    """Answer Django's description of the server that `url` names.

    >>> parse_database_url("postgresql://ann:pw@db.example:5433/shop")["HOST"]
    'db.example'
    """
    try:
        parts = urlsplit(url)
        database = dj_database_url.parse(url) if parts.scheme in DATABASE_SCHEMES else None
    except ValueError as error:
        raise SettingsRefused("DATABASE_URL is not a valid URL.") from error
    if database is None or not database["NAME"]:
        # The value itself is not repeated: it holds a password.
        raise SettingsRefused(
            "DATABASE_URL must look like postgresql://user:password@host:5432/database."
        )
    return dict(database)
