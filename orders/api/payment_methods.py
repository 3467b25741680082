from typing import Any

from config.jsonapi import registry
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Change
from orders.api.amounts import amount
from orders.api.resource import ShopResource, left_out, switches
from orders.models import PaymentMethod
from orders.pricing import inherit_currency


@registry.register
class PaymentMethods(ShopResource):
    """The ways to pay that a market, or every market, offers."""

    type = "payment_methods"
    model = PaymentMethod
    computed = {**amount("price_amount"), **amount("auto_capture_max_amount")}
    relations = {
        "market": to_one("market"),
        "event_stores": about("payment_methods"),
    }
    left_out = left_out(
        "attachments",
        "versions",
        payment_gateway="payments are manual or external: there is no gateway to choose",
        store="stores are outside of this product",
    )
    triggers = switches("payment_methods")
    promises = {
        "a_payment_method_has_a_known_source_type": (
            "payment_source_type",
            "is paid through a gateway, which is outside of this product",
        )
    }

    def assign(self, row: PaymentMethod, change: Change) -> dict[str, Any]:
        given = super().assign(row, change)
        inherit_currency(row)
        return given
