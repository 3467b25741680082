"""Events and audit entries, written for whole sets of resources in one statement each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from psycopg.types.json import Jsonb

from config.jsonapi.values import write_datetime
from orders.statements import execute

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Who:
    """Who did something: a person, an API client, a management command or a worker.

    ``as_json`` is what ``event_stores`` show: application and owner, or worker.
    """

    kind: str
    name: str
    id: str | None = None

    @classmethod
    def user(cls, user: Any) -> "Who":
        """A person in the admin."""
        return cls("user", user.get_username(), str(user.pk))

    @classmethod
    def command(cls, name: str) -> "Who":
        """A management command that an operator ran."""
        return cls("command", name)

    @classmethod
    def worker(cls, name: str) -> "Who":
        """A worker process, on behalf of nobody."""
        return cls("worker", name)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Who":
        """The same again from what ``as_json`` has said."""
        if owner := said.get("owner"):
            return cls("user", owner["name"], owner["id"])
        if application := said.get("application"):
            return cls("client", application["name"], application["id"])
        ((kind, name),) = said.items()
        return cls(kind, name)

    def as_json(self) -> dict[str, Any]:
        if self.kind == "user":
            return {"owner": {"type": "User", "id": self.id, "name": self.name}}
        if self.kind == "client":
            return {"application": {"id": self.id, "name": self.name}}
        return {self.kind: self.name}


@dataclass(frozen=True)
class Happening:
    """An event that is to be recorded: ``order_copies.complete`` of one copy, say."""

    mode: str
    name: str
    resource_type: str
    resource_id: str


@dataclass(frozen=True)
class AuditEntry:
    """One create, update or destroy; ``changes`` is ``{attribute: (from, to)}``."""

    mode: str
    resource_type: str
    resource_id: str
    event: str
    changes: Mapping[str, tuple[Any, Any]]


RECORD_EVENTS = """
INSERT INTO orders_event (mode, name, resource_type, resource_id)
SELECT * FROM unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[])
"""

# The entries travel as one JSON document: as an array of documents, the driver would have to quote
# every quotation mark in Python, which took a fifth of a large import's time.
RECORD_AUDIT = """
INSERT INTO orders_eventstore (mode, resource_type, resource_id, event, payload, who)
SELECT e.*, %s::jsonb
  FROM jsonb_to_recordset(%s::jsonb) AS e (
           mode varchar, resource_type varchar, resource_id varchar, event varchar, payload jsonb)
"""


def record_events(happenings: Iterable[Happening]) -> None:
    """Record events, in the order given."""
    rows = list(happenings)
    if rows:
        execute(
            RECORD_EVENTS,
            [
                [row.mode for row in rows],
                [row.name for row in rows],
                [row.resource_type for row in rows],
                [row.resource_id for row in rows],
            ],
        )


def record_write(
    row: Model, resource_type: str, before: Values, after: Values, *, who: Who
) -> Mapping[str, tuple[Any, Any]]:
    """Write the audit entry of one resource, and answer what is different now: (from, to).

    ``before`` and ``after`` are its attributes; nothing before is a create, nothing after its end.
    """
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    changes = {name: (before.get(name), after.get(name)) for name in names}
    event = "update" if before and after else "create" if after else "destroy"
    if changes:
        entry = AuditEntry(row.mode, resource_type, row.pk, event, changes)  # type: ignore[attr-defined]
        record_audit([entry], who=who)
    return changes


def as_json(value: Any) -> Any:
    """A value of a column as an audit entry tells it: a time in the form of the API."""
    return write_datetime(value) if isinstance(value, datetime) else value


def record_audit(entries: Iterable[AuditEntry], *, who: Who) -> None:
    """Write audit entries that share one author.

    Values in ``changes`` must be of JSON's own types (``as_json`` writes times).
    """
    rows = [
        {
            "mode": row.mode,
            "resource_type": row.resource_type,
            "resource_id": row.resource_id,
            "event": row.event,
            "payload": {name: {"from": old, "to": new} for name, (old, new) in row.changes.items()},
        }
        for row in entries
    ]
    if rows:
        execute(RECORD_AUDIT, [Jsonb(who.as_json()), Jsonb(rows)])
