"""What becomes of each column of a model when an order is copied.

Declared once, next to the model, as its ``copy_plan``. The copy engine compiles its statements
from it, and a system check refuses to start while a column is missing from its plan, so that a
new column can never be lost in copies silently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db.models import Expression, F, Field


class Given(Expression):
    """A value that the engine computes for each new row, used in a plan's ``set``."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return connection.ops.quote_name(self.name), ()


@dataclass(frozen=True)
class CopyPlan:
    """The four words of a plan; every column and every many-to-many stands under exactly one.

    ``carry``: the copy has the source's value.
    ``reset``: the copy starts with the column's own default (or null).
    ``set``: an expression over the source row and what the engine computes for the new one.
    ``mapped``: the id of another new row, under the name that the engine gives it.
    """

    carry: frozenset[str] = frozenset()
    reset: frozenset[str] = frozenset()
    set: Mapping[str, Expression | F] = field(default_factory=lambda: MappingProxyType({}))
    mapped: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        names = [*self.carry, *self.reset, *self.set, *self.mapped]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"decided twice: {', '.join(twice)}")

    def decided(self) -> frozenset[str]:
        """The names of all columns that the plan speaks about."""
        return frozenset([*self.carry, *self.reset, *self.set, *self.mapped])


# What every copied resource has from its base classes.
RESOURCE_CARRIED = frozenset({"mode", "metadata"})
RESOURCE_RESET = frozenset({"reference", "reference_origin", "created_at", "updated_at"})
