"""Removing all copies again, so that every round finds the same tables."""

from django.db import transaction

from tests.benchmarks.databases import BenchDatabase

TARGETS = "SELECT id FROM orders_order WHERE copied_from_id IS NOT NULL"
LINES = f"SELECT id FROM orders_lineitem WHERE order_id IN ({TARGETS})"
OPTIONS = f"SELECT id FROM orders_lineitemoption WHERE line_item_id IN ({LINES})"

REMOVE = (
    "DELETE FROM ordercopy_copyerror",
    "DELETE FROM ordercopy_copyattempt",
    "DELETE FROM ordercopy_ordercopy",
    "DELETE FROM ordercopy_orderfactory",
    f"DELETE FROM orders_lineitemoption_tags WHERE lineitemoption_id IN ({OPTIONS})",
    f"DELETE FROM orders_lineitemoption WHERE line_item_id IN ({LINES})",
    f"DELETE FROM orders_lineitem_tags WHERE lineitem_id IN ({LINES})",
    f"DELETE FROM orders_lineitem WHERE order_id IN ({TARGETS})",
    f"DELETE FROM orders_shipment WHERE order_id IN ({TARGETS})",
    f"DELETE FROM orders_order_tags WHERE order_id IN ({TARGETS})",
    f"DELETE FROM orders_paymentsource WHERE order_id IN ({TARGETS})",
    """
    WITH target AS (
      DELETE FROM orders_order WHERE copied_from_id IS NOT NULL
      RETURNING billing_address_id, shipping_address_id
    ), address AS MATERIALIZED (
      SELECT billing_address_id AS id FROM target UNION SELECT shipping_address_id FROM target
    ), tags AS (
      DELETE FROM orders_address_tags t USING address WHERE t.address_id = address.id
    )
    DELETE FROM orders_address a USING address WHERE a.id = address.id
    """,
    "DELETE FROM orders_event",
    "DELETE FROM orders_eventstore",
)


def remove_copies(database: BenchDatabase) -> None:
    """Delete every copy and everything that was said about copies; sources stay untouched."""
    with database.as_default(), transaction.atomic():
        for statement in REMOVE:
            database.execute(statement)
