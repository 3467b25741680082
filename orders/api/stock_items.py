from typing import Any

from config.jsonapi import registry
from config.jsonapi.errors import Invalid, invalid
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Change, Computed
from config.jsonapi.rows import rows_of
from orders.api.resource import ShopResource, left_out
from orders.models import StockItem


def validate(_row: StockItem, _value: Any, _change: Change) -> None:
    """``_validate``: every write is validated, so there is nothing left to find."""


@registry.register
class StockItems(ShopResource):
    """How many of a SKU lie where; the quantity may be set directly."""

    type = "stock_items"
    model = StockItem
    computed = {"sku_code": Computed(lambda row: row.sku.code, joins=("sku",))}
    write_only = frozenset({"sku_code"})
    relations = {
        "stock_location": to_one("stock_location"),
        "sku": to_one("sku"),
        "event_stores": about("stock_items"),
    }
    left_out = left_out(
        "stock_reservations",
        "attachments",
        "versions",
        reserved_stock="stock is taken when an order is placed, and never reserved",
    )
    triggers = {"_validate": validate}
    promises = {
        "one_stock_item_per_place": ("sku", "has already been taken"),
        "stock_is_never_negative": ("quantity", "must be greater than or equal to 0"),
    }

    def assign(self, row: Any, change: Change) -> dict[str, Any]:
        """The SKU may be named by its code as well."""
        if code := change.attributes.get("sku_code"):
            skus = rows_of(registry.get("skus"), change.caller)
            sku = skus.filter(code=code).first()
            if sku is None:
                raise Invalid(invalid("sku_code", "must exist", error="not_found"))
            change.references.setdefault("sku", sku)
        if row._state.adding and not change.references.get("sku"):
            raise Invalid(invalid("sku", "can't be blank", error="blank", where="relationships"))
        return super().assign(row, change)
