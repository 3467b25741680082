"""Price lists: what lines cost by the market's list as it is now, and what a list must keep."""

from collections.abc import Sequence
from typing import Any

from orders.obstacles import Obstacle
from orders.statements import execute

# A price that the client has set by itself, and one of a SKU that the list does not have, stay.
REFRESH_PRICES = """
UPDATE orders_lineitem line
   SET unit_amount_cents = price.amount_cents,
       compare_at_amount_cents = price.compare_at_amount_cents,
       total_amount_cents = price.amount_cents * line.quantity + line.options_amount_cents,
       updated_at = statement_timestamp()
  FROM orders_order o
  JOIN orders_market market ON market.id = o.market_id
  JOIN orders_price price ON price.price_list_id = market.price_list_id
 WHERE line.order_id = o.id
   AND line.sku_id = price.sku_id
   AND line.item_type = 'skus'
   AND NOT line.external_price
   AND o.status IN ('draft', 'pending')
   AND o.id = ANY(%s::varchar[])
"""


def inherit_currency(row: Any) -> None:
    """Let what a market charges be in its currency, where nobody has said which."""
    if row.currency_code is None and row.market is not None:
        row.currency_code = row.market.price_list.currency_code


def refresh_prices(order_ids: Sequence[str]) -> None:
    """Price the lines of orders anew that are not placed yet; their totals come after."""
    execute(REFRESH_PRICES, [list(order_ids)])


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
