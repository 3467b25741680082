"""Rows of one table that are to be as the file says: made, changed, or left as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from orders.models.base import Resource

Stored = TypeVar("Stored", bound=Resource)

CREATED, UPDATED, UNCHANGED = "create", "update", ""


@dataclass(frozen=True)
class Placed(Generic[Stored]):
    """A row, what happened to it, and which values changed from what to what."""

    row: Stored
    event: str
    changes: Mapping[str, tuple[Any, Any]]


class Shelf(Generic[Stored]):
    """The rows of one table that a batch is about, by key.

    They are locked: between looking and writing, nobody else's change can be lost.
    """

    def __init__(self, rows: QuerySet[Stored], *, key: str, fields: Sequence[str]) -> None:
        self.model = rows.model
        self.fields = fields
        locked = rows.order_by("id").select_for_update(no_key=True)
        self.there = {getattr(row, key): row for row in locked}
        self._new: list[Stored] = []
        self._changed: list[Stored] = []

    def place(
        self, key: str, values: Mapping[str, Any], identity: Mapping[str, Any]
    ) -> Placed[Stored]:
        """See to it that the row has these values; ``identity`` is what a new one needs besides."""
        row = self.there.get(key)
        if row is None:
            row = self.there[key] = self.model(**identity, **values)
            self._new.append(row)
            return Placed(row, CREATED, {name: (None, value) for name, value in values.items()})
        changes = {
            name: (getattr(row, name), value)
            for name, value in values.items()
            if getattr(row, name) != value
        }
        if not changes:
            return Placed(row, UNCHANGED, changes)
        for name, (_, value) in changes.items():
            setattr(row, name, value)
        self._changed.append(row)
        return Placed(row, UPDATED, changes)

    def write(self, now: datetime) -> None:
        rows = self.model._default_manager
        rows.bulk_create(self._new)
        for row in self._changed:
            row.updated_at = now
        rows.bulk_update(self._changed, [*self.fields, "updated_at"])
