"""Prices of lines, as the market's price list has them now."""

from collections.abc import Sequence

from orders.statements import execute

# A price that the client has set by itself, and one of a SKU that the list does not have, stay.
REFRESH_PRICES = """
UPDATE orders_lineitem line
   SET unit_amount_cents = price.amount_cents,
       compare_at_amount_cents = price.compare_at_amount_cents,
       total_amount_cents = price.amount_cents * line.quantity + line.options_amount_cents,
       updated_at = now()
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


def refresh_prices(order_ids: Sequence[str]) -> None:
    """Price the lines of orders anew that are not placed yet; their totals come after."""
    execute(REFRESH_PRICES, [list(order_ids)])
