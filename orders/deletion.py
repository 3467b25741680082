"""Deleting orders, with everything that is theirs alone."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from orders.audit import Who
from orders.lifecycle.record import record_destruction
from orders.lifecycle.standing import lock_orders
from orders.lifecycle.taking import give_back
from orders.obstacles import Obstacle
from orders.statements import execute

OBSTACLES = {
    "copied": Obstacle("copied", "base", "cannot be deleted: other orders were copied from it"),
    "copy": Obstacle("copy", "base", "cannot be deleted: it was copied from another order"),
    "not_open": Obstacle(
        "not_open", "status", "only orders that are draft or pending can be deleted"
    ),
}

FIND_OBSTACLES = """
SELECT o.id, obstacle.code
  FROM orders_order o
 CROSS JOIN LATERAL (VALUES
         ('copied', EXISTS (SELECT FROM orders_order made WHERE made.copied_from_id = o.id)),
         ('copy', o.copied_from_id IS NOT NULL),
         ('not_open', o.status NOT IN ('draft', 'pending'))) AS obstacle(code, there)
 WHERE o.id = ANY(%s::varchar[]) AND obstacle.there
 ORDER BY o.id, obstacle.code
"""

DELETE_LINES = """
WITH lines AS (
  DELETE FROM orders_lineitem WHERE order_id = ANY(%s::varchar[]) RETURNING id),
line_tags AS (
  DELETE FROM orders_lineitem_tags USING lines WHERE lineitem_id = lines.id),
takings AS (
  DELETE FROM orders_stocklineitem USING lines WHERE line_item_id = lines.id),
options AS (
  DELETE FROM orders_lineitemoption USING lines WHERE line_item_id = lines.id
  RETURNING orders_lineitemoption.id)
DELETE FROM orders_lineitemoption_tags USING options WHERE lineitemoption_id = options.id
"""

DELETE_SHIPMENTS = """
WITH shipments AS (
  DELETE FROM orders_shipment WHERE order_id = ANY(%s::varchar[]) RETURNING id)
DELETE FROM orders_shipment_tags USING shipments WHERE shipment_id = shipments.id
"""

DELETE_TRANSACTIONS = "DELETE FROM orders_transaction WHERE order_id = ANY(%s::varchar[])"
DELETE_ERRORS = "DELETE FROM orders_resourceerror WHERE order_id = ANY(%s::varchar[])"

# What lies in a wallet belongs to the customer, not to the order that it was first made for.
DELETE_PAYMENT_SOURCES = """
WITH own AS MATERIALIZED (
  SELECT source.id,
         EXISTS (SELECT FROM orders_customerpaymentsource entry
                  WHERE entry.payment_source_id = source.id)
         OR EXISTS (SELECT FROM orders_order other
                     WHERE other.payment_source_id = source.id
                       AND other.id <> ALL(%(orders)s::varchar[])) AS used
    FROM orders_paymentsource source
   WHERE source.order_id = ANY(%(orders)s::varchar[])),
kept AS (
  UPDATE orders_paymentsource source
     SET order_id = NULL, updated_at = statement_timestamp()
    FROM own
   WHERE source.id = own.id AND own.used)
DELETE FROM orders_paymentsource source
 USING own
 WHERE source.id = own.id AND NOT own.used
"""

DELETE_ORDERS = """
WITH gone AS (
  DELETE FROM orders_order
   WHERE id = ANY(%s::varchar[])
  RETURNING id, billing_address_id, shipping_address_id),
tags AS (
  DELETE FROM orders_order_tags USING gone WHERE order_id = gone.id)
SELECT DISTINCT address_id
  FROM gone CROSS JOIN LATERAL (VALUES (billing_address_id), (shipping_address_id)) a(address_id)
 WHERE address_id IS NOT NULL
"""

DELETE_UNUSED_ADDRESSES = """
WITH unused AS (
  DELETE FROM orders_address address
   WHERE address.id = ANY(%s::varchar[])
     AND NOT EXISTS (SELECT FROM orders_customeraddress entry WHERE entry.address_id = address.id)
     AND NOT EXISTS (SELECT FROM orders_order o WHERE o.billing_address_id = address.id)
     AND NOT EXISTS (SELECT FROM orders_order o WHERE o.shipping_address_id = address.id)
  RETURNING address.id)
DELETE FROM orders_address_tags USING unused WHERE address_id = unused.id
"""


# Answers what stands in the way of deleting each of some orders.
DeletionCheck = Callable[[Sequence[str]], Mapping[str, Sequence[Obstacle]]]
_further_checks: list[DeletionCheck] = []


def add_deletion_check(check: DeletionCheck) -> None:
    """Let an app that knows orders say which of them must stay, once, when it is loaded."""
    _further_checks.append(check)


def deletion_obstacles(order_ids: Sequence[str]) -> dict[str, list[Obstacle]]:
    """Say why orders must stay: they are more than a cart, or the source or target of a copy."""
    obstacles: dict[str, list[Obstacle]] = defaultdict(list)
    for check in (_obstacles_of_our_own, *_further_checks):
        for order_id, found in check(order_ids).items():
            obstacles[order_id] += found
    return dict(obstacles)


def _obstacles_of_our_own(order_ids: Sequence[str]) -> dict[str, list[Obstacle]]:
    obstacles: dict[str, list[Obstacle]] = defaultdict(list)
    for order_id, code in execute(FIND_OBSTACLES, [list(order_ids)]):
        obstacles[order_id].append(OBSTACLES[code])
    return obstacles


def delete_orders(order_ids: Sequence[str], *, who: Who) -> None:
    """Delete orders; what they hold is given back first.

    Whether they may be deleted is for the caller to ask (``deletion_obstacles``): undoing copies
    deletes targets on purpose. While something else refers to an order, the database refuses.
    """
    with transaction.atomic():
        orders = lock_orders(order_ids)
        ids = list(orders)
        give_back(orders.values())
        for sql in (DELETE_LINES, DELETE_SHIPMENTS, DELETE_TRANSACTIONS, DELETE_ERRORS):
            execute(sql, [ids])
        execute(DELETE_PAYMENT_SOURCES, {"orders": ids})
        addresses = [address_id for (address_id,) in execute(DELETE_ORDERS, [ids])]
        execute(DELETE_UNUSED_ADDRESSES, [addresses])
        record_destruction(orders.values(), who=who)
