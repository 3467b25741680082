"""How many characters a field of the database takes, so that the file is refused by column."""

from django.db import models


def longest(model: type[models.Model], field: str) -> int:
    column = model._meta.get_field(field)
    if not isinstance(column, models.CharField) or column.max_length is None:
        raise TypeError(f"{model.__name__}.{field} has no bound")
    return column.max_length
