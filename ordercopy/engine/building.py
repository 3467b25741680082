"""The two statements that make the target orders: orders and what hangs on them, then lines.

The mapping from old to new rows is keyed by copy, not by source: two copies of one source in a
batch make two targets. New ids are made once, in materialized expressions.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from django.db import models
from psycopg.types.json import Jsonb

from ordercopy.engine.compiling import expression_sql, insert_copies, insert_links
from ordercopy.engine.plan import CopyInHand
from orders.audit import Who
from orders.models import Address, LineItem, LineItemOption, Order, PaymentSource, Shipment
from orders.statements import execute

COPIED_MODELS: tuple[type[models.Model], ...] = (
    Order,
    Address,
    PaymentSource,
    Shipment,
    LineItem,
    LineItemOption,
)


# ``{inserts}`` are compiled from the copy plans, ``{status}`` is what the order's plan sets. Whole
# source rows go through the expressions, under the names that the compiled inserts expect.
BUILD_ORDERS = """
WITH source AS MATERIALIZED (
  SELECT o.*, b.copy, b."keep coupon", new_id() AS "new id",
         CASE WHEN o.billing_address_id IS NOT NULL THEN new_id() END AS "new billing address",
         CASE WHEN o.shipping_address_id <> o.billing_address_id OR o.billing_address_id IS NULL
              THEN new_id() END AS "other address",
         CASE WHEN b."copy source" THEN new_id() END AS "new payment source"
    FROM unnest(%s::varchar[], %s::varchar[], %s::bool[], %s::bool[])
         AS b(copy, source, "keep coupon", "copy source")
    JOIN orders_order o ON o.id = b.source
), mapped AS MATERIALIZED (
  SELECT *, CASE WHEN shipping_address_id = billing_address_id THEN "new billing address"
                 WHEN shipping_address_id IS NOT NULL THEN "other address" END
            AS "new shipping address"
    FROM source
), addresses AS MATERIALIZED (
  SELECT a.*, m."new billing address" AS "new id"
    FROM mapped m JOIN orders_address a ON a.id = m.billing_address_id
   UNION ALL
  SELECT a.*, m."new shipping address"
    FROM mapped m JOIN orders_address a ON a.id = m.shipping_address_id
   WHERE m.shipping_address_id IS DISTINCT FROM m.billing_address_id
), payment_sources AS MATERIALIZED (
  SELECT p.*, m."new payment source" AS "new id", m."new id" AS "new order"
    FROM mapped m JOIN orders_paymentsource p ON p.id = m.payment_source_id
   WHERE m."new payment source" IS NOT NULL
), shipments AS MATERIALIZED (
  SELECT s.*, new_id() AS "new id", m."new id" AS "new order"
    FROM mapped m JOIN orders_shipment s ON s.order_id = m.id
   WHERE s.status <> 'cancelled'
), events AS (
  INSERT INTO orders_event (mode, name, resource_type, resource_id)
  SELECT mode, name, 'orders', "new id"
    FROM mapped AS orders_order
    JOIN LATERAL (VALUES ('orders.create', 1), ('orders.pending', 2)) AS event(name, nth)
         ON name = 'orders.create' OR {status} = 'pending'
   ORDER BY copy, nth
), audit AS (
  INSERT INTO orders_eventstore (mode, resource_type, resource_id, event, payload, who)
  SELECT mode, 'orders', "new id", 'create',
         jsonb_build_object('status', jsonb_build_object('from', NULL, 'to', {status}),
                            'copied_from', jsonb_build_object('from', NULL, 'to', id)),
         %s::jsonb
    FROM mapped AS orders_order
), {inserts}
SELECT copy, "new id" FROM mapped
"""

BUILD_LINES = """
WITH lines AS MATERIALIZED (
  SELECT l.*, new_id() AS "new id", b.target AS "new order",
         coalesce(l.sku_id, (SELECT s.id FROM orders_sku s
                              WHERE s.mode = l.mode AND s.code = l.sku_code)) AS "found sku"
    FROM unnest(%s::varchar[], %s::varchar[]) AS b(source, target)
    JOIN orders_lineitem l ON l.order_id = b.source
   WHERE (b.target, l.id) NOT IN (SELECT * FROM unnest(%s::varchar[], %s::varchar[]))
), options AS MATERIALIZED (
  SELECT o.*, new_id() AS "new id", l."new id" AS "new line item"
    FROM lines l JOIN orders_lineitemoption o ON o.line_item_id = l.id
), {inserts}
SELECT count(*) FROM lines
"""


@cache
def build_orders_sql() -> str:
    """Orders with their addresses, shipments, payment sources and tags, their events and audit.

    A billing address that serves for shipping too is one new row that serves for both. The audit
    trail speaks of the order once, and not of each row that came with it.
    """
    status = expression_sql(Order, Order.copy_plan.set["status"])
    inserts = {
        "new_orders": insert_copies(Order, "mapped"),
        "new_addresses": insert_copies(Address, "addresses"),
        "new_sources": insert_copies(PaymentSource, "payment_sources"),
        "new_shipments": insert_copies(Shipment, "shipments"),
        **_numbered("order_links", insert_links(Order, "mapped")),
        **_numbered("address_links", insert_links(Address, "addresses")),
        **_numbered("shipment_links", insert_links(Shipment, "shipments")),
    }
    return BUILD_ORDERS.format(status=status, inserts=_as_expressions(inserts))


@cache
def build_lines_sql() -> str:
    """Lines with their options and tags, without those that are left out."""
    inserts = {
        "new_lines": insert_copies(LineItem, "lines"),
        "new_options": insert_copies(LineItemOption, "options"),
        **_numbered("line_links", insert_links(LineItem, "lines")),
        **_numbered("option_links", insert_links(LineItemOption, "options")),
    }
    return BUILD_LINES.format(inserts=_as_expressions(inserts))


def _numbered(name: str, statements: Iterable[str]) -> dict[str, str]:
    return {f"{name}_{n}": sql for n, sql in enumerate(statements)}


def _as_expressions(inserts: Mapping[str, str]) -> str:
    return ",\n".join(f"{name} AS (\n{sql}\n)" for name, sql in inserts.items())


def build(copies: Sequence[CopyInHand], *, who: Who) -> None:
    """Make the targets of the copies."""
    targets: dict[str, str] = dict(
        execute(
            build_orders_sql(),
            [
                [copy.id for copy in copies],
                [copy.source_id for copy in copies],
                [copy.keep_coupon for copy in copies],
                [copy.copy_payment_source for copy in copies],
                Jsonb(who.as_json()),
            ],
        )
    )
    left_out = [(targets[copy.id], line) for copy in copies for line in copy.skipped_lines]
    execute(
        build_lines_sql(),
        [
            [copy.source_id for copy in copies],
            [targets[copy.id] for copy in copies],
            [target for target, _ in left_out],
            [line for _, line in left_out],
        ],
    )
    for copy in copies:
        copy.target_id = targets[copy.id]
