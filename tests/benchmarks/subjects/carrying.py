"""Which columns a copy has from its source: the models' own copy plans say so, for everybody."""

from functools import cache

from django.db import models


@cache
def carried_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The attributes of a model that a copy carries, foreign keys by their ids."""
    carry = model.copy_plan.carry  # type: ignore[attr-defined]
    fields = model._meta.local_concrete_fields
    return tuple(field.attname for field in fields if field.name in carry)


def carries_tags(model: type[models.Model]) -> bool:
    return "tags" in model.copy_plan.carry  # type: ignore[attr-defined]
