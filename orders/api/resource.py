"""What the shop's resources have in common: meta, sight, and plain writes with an audit entry."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.db.models import CharField, Expression, Model, QuerySet
from django.utils import timezone

from config.jsonapi import registry
from config.jsonapi.caller import Caller as AnyCaller
from config.jsonapi.errors import Invalid, Problem, invalid
from config.jsonapi.resource import Change, Resource, Trigger
from orders.api import narrowing, permissions
from orders.api.caller import Caller
from orders.audit import AuditEntry, as_json, record_audit
from orders.models import EventStore, Tag
from orders.obstacles import Obstacle, Obstructed

# What every resource of the contract may have and this product has no use for.
NOT_OURS = {
    "attachments": "files belong to a feature outside of this product",
    "links": "links belong to a feature outside of this product",
    "notifications": "notifications belong to a feature outside of this product",
    "versions": "event_stores tell the same story",
    "circuit_state": "this resource calls nobody",
    "circuit_failure_count": "this resource calls nobody",
    "_reset_circuit": "this resource calls nobody",
    "jwt_custom_claim": "tokens carry no custom claims",
    "jwt_customer": "tokens carry no customer",
    "jwt_markets": "tokens carry no markets beside the client's own",
    "jwt_stock_locations": "tokens carry no stock locations",
    "stock_reservations": "stock is taken when an order is placed, and never reserved",
    "stock_transfers": "stock transfers are outside of this product",
}
NO_RULES = "rules of prices are outside of this product"
CODES = {"missing": "blank"}


def left_out(*names: str, **reasons: str) -> dict[str, str]:
    """Reasons for what a resource does not have; well-known names come with theirs."""
    return {name: NOT_OURS[name] for name in names} | reasons


class ShopResource(Resource):
    """A resource of the shop; one that is a plain record needs nothing else for being written."""

    def kinds(self, action: str) -> Sequence[str]:
        return permissions.kinds_that_may(action, self.type)

    def meta(self, caller: AnyCaller) -> dict[str, Any]:
        return {
            "mode": caller.mode,
            "organization_id": cast(Caller, caller).organization_id,
        }

    def visible(self, rows: QuerySet[Any], caller: AnyCaller) -> QuerySet[Any]:
        return narrowing.visible(rows, caller=cast(Caller, caller), resource=self.type)

    def create(self, change: Change) -> str:
        caller = cast(Caller, change.caller)
        row = self.model(mode=caller.mode, **self.where)
        given = self.assign(row, change)
        row.save(force_insert=True)
        self.assign_many(row, change)
        narrowing.remember(caller, self.type, row.pk)
        self.record(
            row, EventStore.What.CREATE, {name: (None, given[name]) for name in given}, change
        )
        return str(row.pk)

    def update(self, row: Any, change: Change) -> None:
        before = {
            name: _plain(self.value(row, name))
            for name in change.attributes
            if name not in self.write_only
        }
        before |= {name: _plain(getattr(row, f"{name}_id", None)) for name in change.references}
        after = self.assign(row, change)
        changed = {
            name: (before.get(name), value)
            for name, value in after.items()
            if before.get(name) != value
        }
        if changed:
            row.save(update_fields=[*self._columns(changed), "updated_at"])
        self.assign_many(row, change)
        if changed:
            self.record(row, EventStore.What.UPDATE, changed, change)

    def delete(self, row: Any, caller: AnyCaller) -> None:
        pk = row.pk
        row.delete()
        row.pk = pk
        self.record(row, EventStore.What.DESTROY, {}, Change(caller))

    # Steps, for resources that do more

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        """Set what is given, and answer it for the audit trail."""
        given = {}
        for name, value in change.attributes.items():
            if name not in self.write_only:
                setattr(row, self.columns.get(name, name), value)
                given[name] = _plain(value)
        for name, referred in change.references.items():
            if not self.relationships[name].many:
                setattr(row, name, referred)
                given[name] = referred.pk if referred else None
        return given

    def assign_many(self, row: Any, change: Change) -> None:
        for name, referred in change.references.items():
            if self.relationships[name].many:
                getattr(row, name).set(referred)

    def value(self, row: Any, name: str) -> Any:
        return getattr(row, self.columns.get(name, name), None)

    def _columns(self, names: Iterable[str]) -> list[str]:
        """The columns that stand for attributes and relationships."""
        own = {field.name for field in self.model._meta.concrete_fields}
        return [name for name in (self.columns.get(each, each) for each in names) if name in own]

    def record(
        self, row: Model, event: str, changes: dict[str, tuple[Any, Any]], change: Change
    ) -> None:
        """Write the audit entry."""
        caller = cast(Caller, change.caller)
        record_audit([AuditEntry(caller.mode, self.type, row.pk, event, changes)], who=caller.who)


def refuse(obstacles: Iterable[Obstacle], resource: Resource) -> None:
    """Answer obstacles of the domain, if there are any, as validation errors."""
    problems = [as_problem(obstacle, resource) for obstacle in obstacles]
    if problems:
        raise Invalid(*problems)


@contextmanager
def refusing(resource: Resource, **names: str) -> Iterator[None]:
    """Answer what obstructs the domain; ``names`` says how the client called it."""
    try:
        yield
    except Obstructed as error:
        called = (replace(each, key=names.get(each.key, each.key)) for each in error.obstacles)
        refuse(called, resource)


def as_problem(obstacle: Obstacle, resource: Resource) -> Problem:
    where = "attributes"
    if obstacle.key in resource.contract.relationships:
        where = "relationships"
    elif obstacle.key not in resource.contract.attributes:
        where = "base"
    error = CODES.get(obstacle.code, obstacle.code)
    return invalid(obstacle.key, obstacle.message, error=error, where=where)


def add_tags(row: Any, value: str, change: Change) -> None:
    """``_add_tags``: comma-separated names; one that is new is made."""
    row.tags.add(*_tags(value, change, make=True))


def remove_tags(row: Any, value: str, change: Change) -> None:
    """``_remove_tags``: names that nobody knows take nothing away."""
    row.tags.remove(*_tags(value, change, make=False))


def switches(resource_type: str) -> dict[str, Trigger]:
    """``_disable`` and ``_enable`` of a resource with ``disabled_at``."""

    def disable(row: Any, _value: Any, change: Change) -> None:
        """Put it out of use from now on; what is disabled already keeps its time."""
        set_disabled_at(row, row.disabled_at or timezone.now(), change)

    def enable(row: Any, _value: Any, change: Change) -> None:
        """Put it to use again."""
        set_disabled_at(row, None, change)

    def set_disabled_at(row: Any, at: datetime | None, change: Change) -> None:
        resource = cast(ShopResource, registry.get(resource_type))
        ShopResource.update(resource, row, Change(change.caller, {"disabled_at": at}))

    return {"_disable": disable, "_enable": enable}


def _tags(value: str, change: Change, *, make: bool) -> list[Tag]:
    names = list(dict.fromkeys(filter(None, (name.strip() for name in value.split(",")))))
    longest = cast(CharField, Tag._meta.get_field("name")).max_length
    if longest is not None and any(len(name) > longest for name in names):
        problem = invalid(
            "_add_tags", f"is too long (maximum is {longest} characters)", error="too_long"
        )
        raise Invalid(problem)
    mode = change.caller.mode
    if make:
        Tag.objects.bulk_create(
            [Tag(mode=mode, name=name) for name in names], ignore_conflicts=True
        )
    return list(Tag.objects.filter(mode=mode, name__in=names))


def _plain(value: Any) -> Any:
    """The value as JSON has it; what the database will decide is not known yet."""
    return None if isinstance(value, Expression) else as_json(value)
