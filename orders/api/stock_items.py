from typing import Any

from config.jsonapi import registry
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Change
from orders.api.of_sku import OfSku
from orders.api.resource import left_out
from orders.models import StockItem


def validate(_row: StockItem, _value: Any, _change: Change) -> None:
    """``_validate``: every write is validated, so there is nothing left to find."""


@registry.register
class StockItems(OfSku):
    """How many of a SKU lie where; the quantity may be set directly."""

    type = "stock_items"
    model = StockItem
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
