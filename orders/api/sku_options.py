from typing import Any

from django.db.models import F

from config.jsonapi import registry
from config.jsonapi.relations import about, through, to_one
from config.jsonapi.resource import Change, Computed
from orders.api.amounts import amount
from orders.api.resource import ShopResource, add_tags, left_out, refusing, remove_tags
from orders.models import SkuOption
from orders.pricing import inherit_currency
from orders.sku_options import require_pattern

# Half a day is a day.
DELAY_DAYS = Computed(
    lambda row: None if row.delay_hours is None else (row.delay_hours + 12) // 24,
    column=(F("delay_hours") + 12) / 24,
)


@registry.register
class SkuOptions(ShopResource):
    """What can be added to SKUs when they are ordered, such as an engraving."""

    type = "sku_options"
    model = SkuOption
    computed = {**amount("price_amount"), "delay_days": DELAY_DAYS}
    relations = {
        "market": to_one("market"),
        "events": about("sku_options"),
        "tags": through(SkuOption, "tags"),
        "event_stores": about("sku_options"),
    }
    left_out = left_out("attachments", "versions")
    triggers = {"_add_tags": add_tags, "_remove_tags": remove_tags}

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        if pattern := change.attributes.get("sku_code_regex"):
            with refusing(self):
                require_pattern(pattern)
        given = super().assign(row, change)
        inherit_currency(row)
        return given
