"""Placing: the customer has bought."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orders.audit import Who
from orders.lifecycle.acting import act
from orders.lifecycle.contents import SHIPS
from orders.lifecycle.errors import keep_errors
from orders.lifecycle.moves import PLACE, Sorted
from orders.lifecycle.outcome import Outcome
from orders.lifecycle.parcels import EXPECTED
from orders.lifecycle.record import RETURNING_STATES
from orders.lifecycle.requirements import placing_obstacles
from orders.lifecycle.taking import take
from orders.obstacles import Obstacle

PLACE_ORDERS = f"""
WITH purchase AS MATERIALIZED (
  SELECT o.id, o.mode, o.currency_code, o.total_amount_cents AS total, {SHIPS} AS ships,
         CASE WHEN o.payment_source_id IS NULL
               AND o.total_amount_cents > 0
               AND method.payment_source_type = 'wire_transfers'
              THEN new_id() END AS wire_transfer
    FROM orders_order o
    LEFT JOIN orders_paymentmethod method ON method.id = o.payment_method_id
   WHERE o.id = ANY(%(orders)s::varchar[])),
wire_transfers AS (
  INSERT INTO orders_paymentsource (id, mode, type, order_id)
  SELECT wire_transfer, mode, 'wire_transfers', id
    FROM purchase
   WHERE wire_transfer IS NOT NULL),
authorizations AS (
  INSERT INTO orders_transaction (mode, type, order_id, amount_cents, currency_code)
  SELECT mode, 'authorizations', id, total, currency_code
    FROM purchase
   WHERE total > 0),
{EXPECTED}
UPDATE orders_order
   SET status = 'placed',
       placed_at = %(at)s,
       payment_status = CASE WHEN purchase.total = 0 THEN 'free' ELSE 'authorized' END,
       payment_updated_at = %(at)s,
       payment_source_id = coalesce(orders_order.payment_source_id, purchase.wire_transfer),
       fulfillment_status = CASE WHEN purchase.ships THEN 'unfulfilled' ELSE 'not_required' END,
       fulfillment_updated_at = CASE WHEN purchase.ships
                                     THEN orders_order.fulfillment_updated_at
                                     ELSE %(at)s END,
       updated_at = statement_timestamp()
  FROM purchase
 WHERE orders_order.id = purchase.id
{RETURNING_STATES}
"""  # noqa: S608


def place(order_ids: Sequence[str], *, who: Who, at: datetime | None = None) -> Outcome:
    """Place orders, the first of ``order_ids`` first where they compete for what is left.

    What an order lacks comes before what it competes for: stock and coupons are taken last, so
    that an order that fails for another reason has taken nothing, and the rows that everybody
    wants are held shortly. Refused orders keep what was in their way as ``resource_errors``.
    """
    with transaction.atomic():
        outcome = act(PLACE, PLACE_ORDERS, order_ids, who=who, at=at, prepare=_take_or_refuse)
        keep_errors([*outcome.done, *outcome.refused], outcome.refused)
    return outcome


def validate(order_ids: Sequence[str], *, at: datetime | None = None) -> dict[str, list[Obstacle]]:
    """Say what placing these orders now would answer, by placing them and rolling it back.

    What it answers is kept as their ``resource_errors``.
    """
    with transaction.atomic():
        outcome = place(order_ids, who=Who("validation", "validate"), at=at)
        transaction.set_rollback(True)
    keep_errors([*outcome.done, *outcome.refused], outcome.refused)
    return outcome.refused


def _take_or_refuse(orders: Sorted, at: datetime) -> None:
    orders.refuse(placing_obstacles(list(orders.ready)))
    if orders.ready:
        orders.refuse(take(orders.ready, at=at))
