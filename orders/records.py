"""Ordinary records (catalogue, customers, settings) written by people: what changed, and by whom.

The API writes the same audit entries; both name a resource by the type that the API gives it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import PROTECT, Model, QuerySet

from config.jsonapi import registry
from orders.audit import AuditEntry, Who, as_json, record_audit
from orders.models import EventStore

# Written by the database or by nobody's choice: not worth telling.
UNTOLD = {"id", "mode", "created_at", "updated_at", "password"}


@dataclass(frozen=True)
class Use:
    """So many rows of a kind that cannot do without a record."""

    what: type[Model]
    count: int


def resource_type_of(row: Model) -> str | None:
    """What the API calls a record; None for what is not a resource of its own."""
    # Resources are known once they are declared, which a script may ask for before any request.
    import orders.api.urls  # noqa: F401, PLC0415

    found = (each for each in registry.registered("orders") if each.describes(row))
    return next((each.type for each in found), None)


def values_of(row: Model) -> dict[str, Any]:
    """The columns of a record that an audit entry may tell, as JSON has them."""
    return {
        field.name: as_json(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in UNTOLD
    }


def record_created(row: Model, names: Iterable[str], *, who: Who) -> None:
    """Tell that a record is there, with what was said of it (``names``)."""
    after = values_of(row)
    _record(row, EventStore.What.CREATE, {name: (None, after[name]) for name in names}, who)


def record_updated(row: Model, changes: Mapping[str, tuple[Any, Any]], *, who: Who) -> None:
    """Tell what is different now, ``{column: (from, to)}``; nothing where nothing is."""
    if changes:
        _record(row, EventStore.What.UPDATE, changes, who)


def delete_record(row: Any, *, who: Who) -> None:
    """Delete a record and tell of it; ProtectedError where something needs it."""
    with transaction.atomic():
        key = row.pk
        row.delete()
        row.pk = key
        _record(row, EventStore.What.DESTROY, {}, who)


def uses_of(row: Model) -> list[Use]:
    """What keeps a record from being deleted, in numbers; empty where nothing does."""
    uses = []
    for relation in row._meta.related_objects:
        if getattr(relation, "on_delete", None) is not PROTECT:
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: row.pk})
        if count := rows.count():
            uses.append(Use(relation.related_model, count))
    return uses


def disable(rows: QuerySet[Any], *, who: Who, at: datetime) -> int:
    """Put records out of use; answer how many were in use until now."""
    return _switch(rows.filter(disabled_at=None), at, who)


def enable(rows: QuerySet[Any], *, who: Who) -> int:
    """Put records to use again; answer how many were not."""
    return _switch(rows.exclude(disabled_at=None), None, who)


def _switch(rows: QuerySet[Any], at: datetime | None, who: Who) -> int:
    with transaction.atomic():
        found = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))
        entries = []
        for row in found:
            was, row.disabled_at = row.disabled_at, at
            row.save(update_fields=["disabled_at", "updated_at"])
            changes = {"disabled_at": (as_json(was), as_json(at))}
            entries.append(_entry(row, EventStore.What.UPDATE, changes))
        record_audit([entry for entry in entries if entry], who=who)
    return len(found)


def _record(row: Model, event: str, changes: Mapping[str, tuple[Any, Any]], who: Who) -> None:
    if entry := _entry(row, event, changes):
        record_audit([entry], who=who)


def _entry(row: Any, event: str, changes: Mapping[str, tuple[Any, Any]]) -> AuditEntry | None:
    resource_type = resource_type_of(row)
    if resource_type is None or not hasattr(row, "mode"):
        return None
    return AuditEntry(row.mode, resource_type, row.pk, event, changes)
