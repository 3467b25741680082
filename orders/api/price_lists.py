from typing import Any

from config.jsonapi import registry
from config.jsonapi.relations import about, to_many
from config.jsonapi.resource import Change
from orders.api.resource import NO_RULES, ShopResource, left_out, refuse
from orders.models import PriceList
from orders.pricing import currency_obstacles


@registry.register
class PriceLists(ShopResource):
    """Prices in one currency, which they keep as long as there are any."""

    type = "price_lists"
    model = PriceList
    relations = {
        "prices": to_many("price_list"),
        "event_stores": about("price_lists"),
    }
    left_out = left_out(
        "attachments",
        "versions",
        rules=NO_RULES,
        rule_outcomes=NO_RULES,
        resource_payload=NO_RULES,
        price_list_schedulers="a market keeps its price list until somebody changes it",
    )
    promises = {
        "one_price_list_per_name": ("name", "has already been taken"),
        "one_price_list_per_code": ("code", "has already been taken"),
    }

    def update(self, row: Any, change: Change) -> None:
        if change.attributes.get("currency_code", row.currency_code) != row.currency_code:
            refuse(currency_obstacles(row.pk), self)
        super().update(row, change)
