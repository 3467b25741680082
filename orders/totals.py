"""The amounts of orders, always equal to the sum of their lines.

A line's total is unit × quantity + options. Of an order, only SKU lines make the subtotal; their
discounts stand beside it and hold what promotions took off, so promotion lines are not added again.
"""

from collections.abc import Sequence

from django.db import transaction

from orders.lifecycle.standing import lock_orders
from orders.statements import execute

# What the lines and shipments of an order ``o`` come to.
SUMS_OF_AN_ORDER = """
    SELECT coalesce(sum(line.total_amount_cents)
                    FILTER (WHERE line.item_type = 'skus'), 0)::bigint AS subtotal,
           coalesce(sum(line.discount_cents)
                    FILTER (WHERE line.item_type = 'skus'), 0)::bigint AS discount,
           coalesce(sum(line.total_amount_cents)
                    FILTER (WHERE line.item_type = 'adjustments'), 0)::bigint AS adjustment,
           coalesce(sum(line.tax_amount_cents)
                    FILTER (WHERE line.item_type = 'skus'), 0)::bigint AS subtotal_tax,
           (SELECT coalesce(sum(shipment.cost_amount_cents), 0)::bigint
              FROM orders_shipment shipment
             WHERE shipment.order_id = o.id AND shipment.status <> 'cancelled') AS shipping
      FROM orders_lineitem line
     WHERE line.order_id = o.id
"""

REFRESH_LINES = """
UPDATE orders_lineitem line
   SET options_amount_cents = fresh.options,
       total_amount_cents = line.unit_amount_cents * line.quantity + fresh.options,
       updated_at = statement_timestamp()
  FROM (SELECT l.id, coalesce(sum(option.total_amount_cents), 0)::bigint AS options
          FROM orders_lineitem l
          LEFT JOIN orders_lineitemoption option ON option.line_item_id = l.id
         WHERE l.order_id = ANY(%s::varchar[])
         GROUP BY l.id) fresh
 WHERE line.id = fresh.id
   AND (line.options_amount_cents <> fresh.options
        OR line.total_amount_cents <> line.unit_amount_cents * line.quantity + fresh.options)
"""

REFRESH_ORDERS = f"""
UPDATE orders_order
   SET subtotal_amount_cents = fresh.subtotal,
       discount_amount_cents = fresh.discount,
       adjustment_amount_cents = fresh.adjustment,
       shipping_amount_cents = fresh.shipping,
       payment_method_amount_cents = fresh.payment_method,
       subtotal_tax_amount_cents = fresh.subtotal_tax,
       total_tax_amount_cents = fresh.tax,
       total_amount_cents = fresh.subtotal + fresh.discount + fresh.adjustment + fresh.shipping
           + fresh.payment_method + CASE WHEN fresh.tax_included THEN 0 ELSE fresh.tax END,
       refreshed_at = statement_timestamp(),
       updated_at = statement_timestamp()
  FROM (SELECT o.id, o.tax_included, sums.*,
               coalesce(method.price_amount_cents, 0) AS payment_method,
               sums.subtotal_tax + o.shipping_tax_amount_cents
                   + o.payment_method_tax_amount_cents + o.adjustment_tax_amount_cents AS tax
          FROM orders_order o
          LEFT JOIN orders_paymentmethod method ON method.id = o.payment_method_id
         CROSS JOIN LATERAL ({SUMS_OF_AN_ORDER}) sums
         WHERE o.id = ANY(%s::varchar[])) fresh
 WHERE orders_order.id = fresh.id
"""  # noqa: S608

# The ids of orders whose stored amounts are not what their lines and shipments come to, out of
# all orders: for a check of integrity. What a payment method costs may have changed since an
# order was placed, so it is not compared; the constraint on the total sees to the rest. An order
# that does not refresh by itself may wait until it is placed.
ORDERS_THAT_DIFFER_FROM_THEIR_LINES = f"""
SELECT o.id
  FROM orders_order o
 CROSS JOIN LATERAL ({SUMS_OF_AN_ORDER}) sums
 WHERE (o.subtotal_amount_cents, o.discount_amount_cents, o.adjustment_amount_cents,
        o.subtotal_tax_amount_cents, o.shipping_amount_cents)
    <> (sums.subtotal, sums.discount, sums.adjustment, sums.subtotal_tax, sums.shipping)
   AND (o.autorefresh OR o.placed_at IS NOT NULL)
 ORDER BY o.id
"""  # noqa: S608


def refresh_totals(order_ids: Sequence[str]) -> None:
    """Compute the amounts of these orders and their lines anew, in a constant number of statements.

    Taxes of shipping, payment method and adjustments come from outside and stay as they are.
    """
    with transaction.atomic():
        lock_orders(order_ids)
        refresh_locked_totals(order_ids)


def refresh_locked_totals(order_ids: Sequence[str]) -> None:
    """Do the same for orders that the caller's transaction holds already."""
    ids = list(order_ids)
    execute(REFRESH_LINES, [ids])
    execute(REFRESH_ORDERS, [ids])
