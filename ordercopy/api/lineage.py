"""``/api/orders/:id/lineage``: an order among those it descends from and those made from it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, JSONField, Model, QuerySet, Value

from config.jsonapi import registry
from config.jsonapi.contract_files import RelationshipFacts
from config.jsonapi.relations import Relation
from ordercopy.lineage import generations_of


class ValueInObject(Func):
    """The number that a JSON object has under a key."""

    template = "(%(expressions)s)::integer"
    arg_joiner = " ->> "
    output_field = IntegerField()


class IdsIn(Func):
    """The keys of a JSON object, as a set for ``IN``."""

    template = "(SELECT jsonb_object_keys(%(expressions)s))"
    subquery = True


@dataclass(frozen=True)
class Lineage(Relation):
    """The straight line through an order, the oldest first; it is read only as a list."""

    def rows_of(self, parent: Model, rows: QuerySet[Any]) -> QuerySet[Any]:
        generations = Value(generations_of(parent.pk), JSONField())
        return rows.filter(pk__in=IdsIn(generations)).annotate(
            generation=ValueInObject(generations, F("pk"))
        )

    def meta_of(self, row: Any) -> dict[str, Any]:
        return {"generation": row.generation}


registry.add_relations(
    "orders",
    {"lineage": Lineage("pk", "pk", order=("generation", "created_at", "pk"))},
    ours={
        "lineage": RelationshipFacts(
            "lineage",
            ("orders",),
            frozenset(),
            many=True,
            includable=False,
            description="The orders that it descends from and those made from it, the oldest "
            "first; `meta.generation` is 0 for itself, -1 for its source, 1 for its copies.",
        )
    },
)
