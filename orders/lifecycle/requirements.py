"""What an order needs before it can be placed."""

from collections import defaultdict
from collections.abc import Sequence

from orders.lifecycle.contents import PURCHASABLE, SHIPS
from orders.obstacles import Obstacle, country_locked, missing, payment_method_disabled
from orders.statements import execute

# A free order is not paid. A wire transfer is settled by hand: placing makes its payment source.
MISSING = f"""
WITH candidate AS MATERIALIZED (
  SELECT o.id, o.customer_email, o.billing_address_id, o.shipping_address_id,
         o.payment_method_id, o.payment_source_id, o.country_code,
         o.shipping_country_code_lock AS country_lock,
         o.total_amount_cents > 0 AS costs,
         method.payment_source_type <> 'wire_transfers' AS stored,
         CASE WHEN method.disabled_at IS NOT NULL
              THEN coalesce(method.name, method.payment_source_type) END AS disabled_method,
         {PURCHASABLE} AS purchasable,
         {SHIPS} AS ships,
         market.requires_shipping_method AND (
           SELECT count(*) = 0 OR bool_or(shipment.shipping_method_id IS NULL)
             FROM orders_shipment shipment
            WHERE shipment.order_id = o.id AND shipment.status <> 'cancelled') AS unrouted
    FROM orders_order o
    JOIN orders_market market ON market.id = o.market_id
    LEFT JOIN orders_paymentmethod method ON method.id = o.payment_method_id
   WHERE o.id = ANY(%s::varchar[]))
SELECT candidate.id, need.key, need.rank, disabled_method, country_code, country_lock
  FROM candidate
 CROSS JOIN LATERAL (VALUES
         (1, 'line_items', NOT purchasable),
         (2, 'customer_email', coalesce(customer_email, '') = ''),
         (3, 'billing_address', billing_address_id IS NULL),
         (4, 'shipping_address', ships AND shipping_address_id IS NULL),
         (5, 'shipping_method', ships AND unrouted),
         (6, 'payment_method', costs AND payment_method_id IS NULL),
         (7, 'payment_source', costs AND stored AND payment_source_id IS NULL),
         (8, 'payment_method', costs AND disabled_method IS NOT NULL),
         (9, 'shipping_address', ships AND country_code <> country_lock)
       ) AS need(rank, key, is_missing)
 WHERE need.is_missing
 ORDER BY candidate.id, need.rank
"""  # noqa: S608


def placing_obstacles(order_ids: Sequence[str]) -> dict[str, list[Obstacle]]:
    """Say what keeps each of these orders from being placed, stock and coupons aside.

    That is what it lacks, a payment method that was switched off since it was chosen, and an
    address in another country than the order is locked to.

    Orders that lack nothing are left out. One statement, which locks nothing.
    """
    obstacles: dict[str, list[Obstacle]] = defaultdict(list)
    for order_id, key, rank, method, country, lock in execute(MISSING, [list(order_ids)]):
        match rank:
            case 8:
                obstacle = payment_method_disabled(method)
            case 9:
                obstacle = country_locked(country, only=lock)
            case _:
                obstacle = missing(key)
        obstacles[order_id].append(obstacle)
    return dict(obstacles)
