"""What belongs to a market and what does not."""

from collections.abc import Mapping
from typing import Any

from orders.models import ItemType, Market, Order
from orders.obstacles import Obstacle

DEFAULTS = ("default_shipping_method", "default_payment_method")


def foreign_defaults(market_id: str, chosen: Mapping[str, Any]) -> list[str]:
    """Which of the methods chosen as a market's usual ones are offered to another market only."""
    return [
        name
        for name in DEFAULTS
        if (method := chosen.get(name)) is not None and method.market_id not in {None, market_id}
    ]


def entry_obstacles(market: Market) -> list[Obstacle]:
    """Why no order can begin in a market."""
    if market.disabled_at is None:
        return []
    return [Obstacle("market_disabled", "market", "is disabled")]


def move_obstacles(order: Order, market: Market) -> list[Obstacle]:
    """Why an order cannot go over to another market, where its lines cost what that one's do.

    Amounts are in one currency for good; what was not priced by hand needs a price there.
    """
    found = entry_obstacles(market)
    currency = market.price_list.currency_code
    if currency != order.currency_code and order.line_items.exists():
        message = f"has prices in {currency}, and there are lines in {order.currency_code}"
        return [*found, Obstacle("currency_mismatch", "market", message)]
    lines = order.line_items.filter(item_type=ItemType.SKU, external_price=False)
    unpriced = lines.exclude(sku=None).exclude(sku__prices__price_list=market.price_list)
    codes = unpriced.order_by("sku__code").values_list("sku__code", flat=True).distinct()
    return found + [Obstacle("no_price", "market", f"has no price for {code}") for code in codes]
