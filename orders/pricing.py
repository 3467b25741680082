"""Price lists: the currency of what a market charges, and what a list must keep."""

from typing import Any

from orders.obstacles import Obstacle
from orders.statements import execute


def inherit_currency(row: Any) -> None:
    """Let what a market charges be in its currency, where nobody has said which."""
    if row.currency_code is None and row.market is not None:
        row.currency_code = row.market.price_list.currency_code


# Held against new prices and new markets, which look at the row: what is found below stays true.
LOCK_PRICE_LIST = "SELECT id FROM orders_pricelist WHERE id = %s FOR UPDATE"

WRITTEN_IN_CURRENCY = """
SELECT CASE
  WHEN EXISTS (SELECT FROM orders_price WHERE price_list_id = list.id)
    THEN 'cannot be changed: the list has prices in ' || list.currency_code
  WHEN EXISTS (SELECT FROM orders_market market JOIN orders_order o ON o.market_id = market.id
                WHERE market.price_list_id = list.id)
    THEN 'cannot be changed: its markets have orders in ' || list.currency_code
  END
  FROM orders_pricelist list
 WHERE list.id = %s
"""


def currency_obstacles(price_list_id: str) -> list[Obstacle]:
    """Say why a price list must keep its currency; call it in the transaction that changes it.

    A price is a number of cents: in another currency it would be another price.
    """
    execute(LOCK_PRICE_LIST, [price_list_id])
    return [
        Obstacle("in_use", "currency_code", message)
        for (message,) in execute(WRITTEN_IN_CURRENCY, [price_list_id])
        if message
    ]
