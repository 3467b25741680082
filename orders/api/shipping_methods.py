from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from config.jsonapi import registry
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.relations import about, through, to_one
from config.jsonapi.resource import Change, Computed
from orders.api.amounts import amount
from orders.api.resource import ShopResource, add_tags, left_out, remove_tags, switches
from orders.models import ShippingMethod
from orders.pricing import inherit_currency

FLAT = "flat"
TIERS = "tiers of prices are outside of this product"
ASKS_NOBODY = "a method has its own price and asks nobody outside"
CATEGORIES = "shipping categories and zones are outside of this product"


def for_shipment(method: ShippingMethod) -> int | None:
    """What the method costs the shipment it was found through; nothing without one."""
    return getattr(method, "cents_for_shipment", None)


@registry.register
class ShippingMethods(ShopResource):
    """Ways to ship, each with one price and maybe a limit above which it is free."""

    type = "shipping_methods"
    model = ShippingMethod
    write_only = frozenset({"scheme"})
    computed = {
        # A bare constant cannot be sorted by.
        "scheme": Computed(lambda _row: FLAT, column=Cast(Value(FLAT), CharField())),
        **amount("price_amount"),
        **amount("free_over_amount"),
        **amount("price_amount_for_shipment", cents=for_shipment),
    }
    relations = {
        "market": to_one("market"),
        "events": about("shipping_methods"),
        "tags": through(ShippingMethod, "tags"),
        "event_stores": about("shipping_methods"),
    }
    left_out = left_out(
        "attachments",
        "notifications",
        "versions",
        "circuit_state",
        "circuit_failure_count",
        "_reset_circuit",
        external_prices_url=ASKS_NOBODY,
        external_includes=ASKS_NOBODY,
        shared_secret=ASKS_NOBODY,
        shipping_zone=CATEGORIES,
        shipping_category=CATEGORIES,
        stock_location="a method ships from wherever its market has stock",
        delivery_lead_time_for_shipment="carriers and their lead times are outside of this product",
        shipping_method_tiers=TIERS,
        shipping_weight_tiers=TIERS,
    )
    triggers = {
        "_add_tags": add_tags,
        "_remove_tags": remove_tags,
        **switches("shipping_methods"),
    }
    promises = {
        "a_shipping_method_costs_nothing_or_something": (
            "price_amount_cents",
            "must be greater than or equal to 0",
        )
    }

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        if change.attributes.get("scheme") not in {None, FLAT}:
            raise Invalid(invalid("scheme", f"is always {FLAT} here", error="inclusion"))
        given = super().assign(row, change)
        inherit_currency(row)
        return given
