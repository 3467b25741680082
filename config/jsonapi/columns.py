"""What the columns behind attributes can hold."""

from collections.abc import Iterator

from django.core.validators import BaseValidator
from django.db.models import CharField, Field

from config.jsonapi.resource import Resource


def column_of(resource: Resource, name: str) -> Field | None:
    """The column of an attribute or of a to-one relationship, if it is one."""
    column = resource.columns.get(name, name)
    return next(
        (field for field in resource.model._meta.concrete_fields if field.name == column), None
    )


def longest_text(column: Field) -> int | None:
    """How many characters fit in, where that is limited."""
    return column.max_length if isinstance(column, CharField) else None


def limits(column: Field) -> Iterator[tuple[BaseValidator, int]]:
    """The least and the largest whole number, each with what checks it."""
    for check in column.validators:
        limit = getattr(check, "limit_value", None)
        if isinstance(check, BaseValidator) and isinstance(limit, int):
            yield check, limit
