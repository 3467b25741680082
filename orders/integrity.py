"""What must always hold in the shop's data, each as a query that answers the rows that break it.

Most of it is kept by constraints and by the code that writes; these checks look at everything that
is there, whoever wrote it. They are read by ``check_integrity``, for the whole database at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import CheckConstraint, UniqueConstraint

from orders.models.base import Resource
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES, SUMS_OF_AN_ORDER

CHUNK = 1_000


@dataclass(frozen=True)
class Check:
    """A promise about the data.

    ``sql`` answers ``(resource, id, name, mode, what is wrong)`` of each row that breaks it; the
    name is what people call the row, its mode is null for what belongs to no mode. A ``warning`` is
    worth a look, and nothing is broken.
    """

    name: str
    promise: str
    sql: str
    warning: bool = False


@dataclass(frozen=True)
class Broken:
    """A row that breaks a promise."""

    resource: str
    id: str | None
    name: str | None
    mode: str | None
    what: str


ORDER_TOTALS = f"""
SELECT 'orders', o.id, o.number, o.mode, concat_ws('; ',
         CASE WHEN o.subtotal_amount_cents <> sums.subtotal THEN format(
           'subtotal is %s and its lines come to %s', o.subtotal_amount_cents, sums.subtotal) END,
         CASE WHEN o.discount_amount_cents <> sums.discount THEN format(
           'discount is %s and its lines come to %s', o.discount_amount_cents, sums.discount) END,
         CASE WHEN o.adjustment_amount_cents <> sums.adjustment THEN format(
           'adjustment is %s and its lines come to %s',
           o.adjustment_amount_cents, sums.adjustment) END,
         CASE WHEN o.subtotal_tax_amount_cents <> sums.subtotal_tax THEN format(
           'subtotal tax is %s and its lines come to %s',
           o.subtotal_tax_amount_cents, sums.subtotal_tax) END,
         CASE WHEN o.shipping_amount_cents <> sums.shipping THEN format(
           'shipping is %s and its shipments come to %s',
           o.shipping_amount_cents, sums.shipping) END)
  FROM orders_order o
 CROSS JOIN LATERAL ({SUMS_OF_AN_ORDER}) sums
 WHERE o.id IN ({ORDERS_THAT_DIFFER_FROM_THEIR_LINES})
 ORDER BY o.number
"""  # noqa: S608

ORDER_SUMS = """
SELECT 'orders', id, number, mode,
       format('total is %s and its amounts come to %s', total_amount_cents, sum)
  FROM (SELECT *, subtotal_amount_cents + discount_amount_cents + adjustment_amount_cents
                  + shipping_amount_cents + payment_method_amount_cents
                  + CASE WHEN tax_included THEN 0 ELSE total_tax_amount_cents END AS sum
          FROM orders_order) o
 WHERE total_amount_cents <> sum
 ORDER BY number
"""

LINE_TOTALS = """
SELECT 'line_items', l.id, format('%s of order %s', coalesce(l.sku_code, l.name), o.number), l.mode,
       concat_ws('; ',
         CASE WHEN l.options_amount_cents <> options.total THEN format(
           'options are %s and come to %s', l.options_amount_cents, options.total) END,
         CASE WHEN l.total_amount_cents <> l.unit_amount_cents * l.quantity + options.total
              THEN format('total is %s, and %s × %s + %s for options come to %s',
                l.total_amount_cents, l.quantity, l.unit_amount_cents, options.total,
                l.unit_amount_cents * l.quantity + options.total) END)
  FROM orders_lineitem l
  JOIN orders_order o ON o.id = l.order_id
  LEFT JOIN (SELECT line_item_id, sum(total_amount_cents) AS sum
               FROM orders_lineitemoption GROUP BY line_item_id) s ON s.line_item_id = l.id
 CROSS JOIN LATERAL (SELECT coalesce(s.sum, 0)::bigint AS total) options
 WHERE l.options_amount_cents <> options.total
    OR l.total_amount_cents <> l.unit_amount_cents * l.quantity + options.total
 ORDER BY o.number, l.position
"""

# What was handed over to the customer is not in stock again, even if the money was paid back.
TAKEN_STOCK = """
SELECT 'orders', o.id, o.number, o.mode,
       format('holds %s pieces of stock and is %s', sum(t.quantity), o.status)
  FROM orders_stocklineitem t
  JOIN orders_order o ON o.id = t.order_id
 WHERE o.status NOT IN ('placed', 'approved') AND o.fulfillment_status <> 'fulfilled'
 GROUP BY o.id
 ORDER BY o.number
"""

TAKEN_FOR_LINES = """
SELECT 'line_items', l.id, format('%s of order %s', l.sku_code, o.number), l.mode,
       CASE WHEN bool_or(t.order_id <> l.order_id) THEN 'its stock was taken for another order'
            ELSE format('%s pieces of stock were taken for a quantity of %s',
                        sum(t.quantity), l.quantity) END
  FROM orders_stocklineitem t
  JOIN orders_lineitem l ON l.id = t.line_item_id
  JOIN orders_order o ON o.id = l.order_id
 GROUP BY l.id, o.number
HAVING sum(t.quantity) > l.quantity OR bool_or(t.order_id <> l.order_id)
 ORDER BY o.number
"""

CONSTRAINTS_VALIDATED = """
SELECT 'constraints', NULL, format('%s of %s', c.conname, c.conrelid::regclass), NULL,
       'was never checked against the rows that were there before it'
  FROM pg_constraint c
  JOIN pg_namespace n ON n.oid = c.connamespace
 WHERE NOT c.convalidated AND n.nspname = current_schema()
 UNION ALL
SELECT 'indexes', NULL, i.indexrelid::regclass::text, NULL, 'is not valid; make it again (REINDEX)'
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid AND n.nspname = current_schema()
 ORDER BY 3
"""


def checks() -> list[Check]:
    """The promises of the shop."""
    return [
        Check("order_totals", "An order's amounts are the sums of its lines.", ORDER_TOTALS),
        Check("order_sums", "An order's total is the sum of its amounts.", ORDER_SUMS),
        Check("line_totals", "A line's total is unit × quantity + options.", LINE_TOTALS),
        Check("taken_stock", "Only placed and approved orders hold stock.", TAKEN_STOCK),
        Check("taken_for_lines", "No line holds more stock than it needs.", TAKEN_FOR_LINES),
        Check("modes", "No reference leads from test to live or back.", crossing_references()),
        Check("constraints_there", "Every constraint of the code is kept.", missing_constraints()),
        Check("constraints_valid", "Every constraint holds for all rows.", CONSTRAINTS_VALIDATED),
    ]


def broken_rows(check: Check) -> Iterator[Broken]:
    """The rows that break a promise, read little by little: there may be millions."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(check.sql)
        while rows := cursor.fetchmany(CHUNK):
            yield from (Broken(*row) for row in rows)


def crossing_references() -> str:
    """Every foreign key and link between resources, found in the models, so that none is missed."""
    return "\n UNION ALL\n".join(_crossings())


def _crossings() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        keys = [
            field
            for field in model._meta.local_concrete_fields
            if field.is_relation and issubclass(_related(field), Resource)
        ]
        if issubclass(model, Resource):
            yield from (_crossing(model, key) for key in keys if not key.primary_key)
        else:
            yield from (_crossing_link(model, keys[0], other) for other in keys[1:])


def _related(field: Any) -> type[models.Model]:
    related: type[models.Model] = field.related_model
    return related


def _modes(model: type[models.Model]) -> str:
    """The table that has the model's mode: its own, or its parent's, under the same key."""
    return str(model._meta.get_field("mode").model._meta.db_table)


def _crossing(model: type[models.Model], key: Any) -> str:
    table, column = model._meta.db_table, key.column
    return f"""
SELECT '{model._meta.verbose_name_plural}' AS resource, own.id AS id, NULL AS name,
       own.mode AS mode,
       format('its %s %s is %s', '{key.name}', other.id, other.mode) AS what
  FROM {table} t
  JOIN {_modes(model)} own ON own.id = t.{model._meta.pk.column}
  JOIN {_modes(_related(key))} other ON other.id = t.{column}
 WHERE other.mode <> own.mode"""  # noqa: S608


def _crossing_link(model: type[models.Model], key: Any, other: Any) -> str:
    return f"""
SELECT '{model._meta.verbose_name_plural}' AS resource, t.id::text AS id, NULL AS name,
       own.mode AS mode,
       format('{key.name} %s is %s and {other.name} %s is %s',
              own.id, own.mode, other.id, other.mode) AS what
  FROM {model._meta.db_table} t
  JOIN {_modes(_related(key))} own ON own.id = t.{key.column}
  JOIN {_modes(_related(other))} other ON other.id = t.{other.column}
 WHERE other.mode <> own.mode"""  # noqa: S608


def missing_constraints() -> str:
    """The constraints that the models declare and the database does not have."""
    declared = [
        (model._meta.db_table, constraint.name)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    ]
    values = ",\n         ".join(f"('{table}', '{name}')" for table, name in declared)
    return f"""
SELECT 'constraints', NULL, format('%s of %s', name, declared.table), NULL,
       'is not in the database'
  FROM (VALUES {values}) AS declared("table", name)
 WHERE NOT EXISTS (SELECT FROM pg_constraint c
                    WHERE c.conname = name AND c.conrelid = to_regclass(declared.table))
   AND NOT EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                    WHERE x.relname = name AND i.indrelid = to_regclass(declared.table))
 ORDER BY 3
"""  # noqa: S608
