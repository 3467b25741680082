"""What everything that makes orders from orders shows alike."""

from config.jsonapi import registry
from config.jsonapi.relations import Relation, about, to_many, to_one
from config.jsonapi.resource import Computed
from ordercopy.copies import errors_log
from ordercopy.models import OrderFactory
from orders.api.resource import ShopResource

COMPUTED = {"errors_log": Computed(errors_log, prefetches=("error_rows",))}


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
    relations = relations_of_a_factory("order_copies", "recurring_order_copies")


registry.add_relations("orders", {"order_factories": to_many("source_order")})
