"""Before placing: an order with a customer and something to buy is pending, any other a draft."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orders.audit import Who
from orders.lifecycle.acting import act
from orders.lifecycle.contents import PURCHASABLE
from orders.lifecycle.moves import DRAFT, MAKE_PENDING, PENDING, Sorted
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.record import RETURNING_STATES, record_moves
from orders.lifecycle.standing import lock_orders
from orders.obstacles import Obstacle, missing
from orders.statements import execute

MISSING = f"""
SELECT o.id, need.key
  FROM orders_order o
 CROSS JOIN LATERAL (VALUES (1, 'line_items', NOT {PURCHASABLE}),
                            (2, 'customer', o.customer_id IS NULL)) AS need(rank, key, is_missing)
 WHERE o.id = ANY(%s::varchar[]) AND need.is_missing
 ORDER BY o.id, need.rank
"""  # noqa: S608

MAKE_ORDERS_PENDING = f"""
UPDATE orders_order
   SET status = 'pending', updated_at = statement_timestamp()
 WHERE id = ANY(%(orders)s::varchar[])
{RETURNING_STATES}
"""  # noqa: S608

SETTLE = f"""
WITH rule AS MATERIALIZED (
  SELECT o.id, CASE WHEN o.customer_id IS NOT NULL AND {PURCHASABLE}
                    THEN 'pending' ELSE 'draft' END AS status
    FROM orders_order o
   WHERE o.id = ANY(%s::varchar[]))
UPDATE orders_order
   SET status = rule.status, updated_at = statement_timestamp()
  FROM rule
 WHERE orders_order.id = rule.id AND orders_order.status <> rule.status
{RETURNING_STATES}
"""  # noqa: S608


def make_pending(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Make drafts pending that have what that takes."""
    return act(MAKE_PENDING, MAKE_ORDERS_PENDING, order_ids, who=who, at=at, prepare=_refuse)


def settle(order_ids: Sequence[str], *, who: Who) -> Outcome:
    """Bring the status in line with the contents, after lines or the customer have changed.

    Orders that are neither draft nor pending are left alone.
    """
    with transaction.atomic():
        orders = lock_orders(order_ids)
        open_ids = [order.id for order in orders.values() if order.status in {DRAFT, PENDING}]
        after = execute(SETTLE, [open_ids])
        record_moves(orders, after, who=who)
    settled = {order_id for order_id, *_ in after}
    return Outcome(
        done=[order_id for order_id in orders if order_id in settled],
        unchanged=[order_id for order_id in orders if order_id not in settled],
    )


def _refuse(orders: Sorted, _at: datetime) -> None:
    obstacles: dict[str, list[Obstacle]] = defaultdict(list)
    for order_id, key in execute(MISSING, [list(orders.ready)]):
        obstacles[order_id].append(missing(key))
    orders.refuse(obstacles)
