"""What everything that makes orders from orders shows alike."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from config.jsonapi import registry
from config.jsonapi.relations import Relation, about, to_many, to_one
from config.jsonapi.resource import Computed
from ordercopy.copies import errors_log_of
from ordercopy.models import CopyError, OrderFactory
from orders.api.resource import ShopResource

# The errors of the latest attempt come along with the factory: a statement less for every list.
CURRENT_ERRORS = ArraySubquery(
    CopyError.objects.filter(factory=OuterRef("pk"), attempt=OuterRef("attempt"))
    .order_by("id")
    .values(error=JSONObject(key=F("key"), message=F("message")))
)

# What only the engine and the audit trail look at.
UNREAD = ("sequence", "attempt", "takeups", "claimed_pid", "claimed_at", "worker", "who")


def errors_log(factory: Any) -> dict[str, list[str]] | None:
    errors = ((error["key"], error["message"]) for error in factory.current_errors_)
    return errors_log_of(factory, errors)


COMPUTED = {"errors_log": Computed(errors_log, annotations={"current_errors_": CURRENT_ERRORS})}


def relations_of_a_factory(*resource_types: str) -> dict[str, Relation]:
    return {
        "source_order": to_one("source_order"),
        "target_order": to_one("target_order"),
        "events": about(*resource_types),
        "event_stores": about(*resource_types),
    }


@registry.register
class OrderFactories(ShopResource):
    """All of them in one list; each says in its ``type`` attribute what it is."""

    type = "order_factories"
    model = OrderFactory
    computed = COMPUTED
    unread = UNREAD
    relations = relations_of_a_factory("order_copies", "recurring_order_copies")


registry.add_relations("orders", {"order_factories": to_many("source_order")})
