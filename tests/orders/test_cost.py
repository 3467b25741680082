"""What the lifecycle costs: a constant number of statements, each finding its rows by index."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from orders import lifecycle
from orders.deletion import delete_orders, deletion_obstacles
from orders.models import Order, Sku
from orders.promotions import apply_promotions
from orders.statements import observed
from orders.totals import refresh_totals
from tests.factories import NOON, TESTER, Line, Shop, moved, order_with

# Whatever grows with every order, and coupons, of which a campaign has one for each customer.
LARGE_TABLES = (
    "orders_order",
    "orders_lineitem",
    "orders_lineitemoption",
    "orders_lineitem_tags",
    "orders_lineitemoption_tags",
    "orders_order_tags",
    "orders_address",
    "orders_address_tags",
    "orders_shipment",
    "orders_shipment_tags",
    "orders_stockitem",
    "orders_stocklineitem",
    "orders_transaction",
    "orders_paymentsource",
    "orders_sku",
    "orders_coupon",
)

Action = Callable[[Sequence[str]], Any]


def by_tester(action: Callable[..., Any]) -> Action:
    return lambda order_ids: action(order_ids, who=TESTER)


# A whole life, in an order in which every action has something to do.
LIFE: dict[str, Action] = {
    "refresh_totals": refresh_totals,
    "apply_promotions": lambda order_ids: apply_promotions(order_ids, at=NOON),
    "make_pending": by_tester(lifecycle.make_pending),
    "settle": by_tester(lifecycle.settle),
    "placing_obstacles": lifecycle.placing_obstacles,
    "place": by_tester(lifecycle.place),
    "approve": by_tester(lifecycle.approve),
    "capture": by_tester(lifecycle.capture),
    "fulfill": by_tester(lifecycle.fulfill),
    "refund": by_tester(lifecycle.refund),
    "archive": by_tester(lifecycle.archive),
    "unarchive": by_tester(lifecycle.unarchive),
    "deletion_obstacles": deletion_obstacles,
    "delete_orders": by_tester(delete_orders),
}


def drafts(here: Shop, skus: Sequence[Sku], *, orders: int, lines: int) -> list[str]:
    return [
        order_with(
            here,
            *(Line(skus[at % len(skus)], 1, options=[50]) for at in range(lines)),
            status="draft",
            coupon_code="ALL",
            shipping_cost=100,
        ).pk
        for _ in range(orders)
    ]


def statements_of(order_ids: Sequence[str]) -> dict[str, list[str]]:
    """Lead these orders through their whole life, and answer the statements of each action."""
    seen: dict[str, list[str]] = {}
    for name, action in LIFE.items():
        with observed(seen.setdefault(name, []).append):
            action(order_ids)
    return seen


def test_the_number_of_statements_does_not_depend_on_orders_or_lines(here: Shop) -> None:
    skus = [here.sku(stock=1000) for _ in range(3)]
    here.coupon("ALL", usage_limit=1000)
    here.promotion(fixed=10)
    one = statements_of(drafts(here, skus, orders=1, lines=1))
    many = statements_of(drafts(here, skus, orders=7, lines=5))
    assert many == one


def test_refusing_costs_no_more_than_placing(here: Shop) -> None:
    sku = here.sku(stock=4)
    orders = [order_with(here, Line(sku)).pk for _ in range(8)]
    seen: list[str] = []
    with observed(seen.append):
        assert len(lifecycle.place(orders, who=TESTER).done) == 4
    assert len(seen) <= 12


def test_rows_are_locked_in_the_order_of_their_ids(here: Shop) -> None:
    """Or two sets that overlap could wait for each other; a race shows that too rarely."""
    here.coupon("ALL", usage_limit=1000)
    here.promotion(fixed=10)
    lives = statements_of(drafts(here, [here.sku(stock=9)], orders=1, lines=1))
    locking = [
        sql for statements in lives.values() for sql in statements if "FOR NO KEY UPDATE" in sql
    ]
    assert locking
    for sql in locking:
        in_order = re.findall(r"ORDER BY (?:\w+\.)?id\s+FOR NO KEY UPDATE", sql)
        assert len(in_order) == sql.count("FOR NO KEY UPDATE"), sql


FILL = """
INSERT INTO orders_order (mode, market_id, currency_code, customer_id, status, coupon_code)
SELECT 'test', %(market)s, 'EUR', %(customer)s, 'draft', 'C' || n FROM generate_series(1, 4000) n;
INSERT INTO orders_sku (mode, code, name)
SELECT 'test', 'FILL-' || n, 'n' FROM generate_series(1, 4000) n;
INSERT INTO orders_lineitem (mode, order_id, sku_id, quantity, currency_code)
SELECT 'test', o.id, sku.id, 1, 'EUR'
  FROM (SELECT id, row_number() OVER () AS n FROM orders_order) o
  JOIN (SELECT id, row_number() OVER () AS n FROM orders_sku) sku ON sku.n = o.n
 CROSS JOIN generate_series(1, 2);
INSERT INTO orders_lineitemoption (mode, line_item_id, currency_code)
SELECT 'test', id, 'EUR' FROM orders_lineitem;
INSERT INTO orders_stockitem (mode, sku_id, stock_location_id, quantity)
SELECT 'test', id, %(location)s, 5 FROM orders_sku WHERE code LIKE 'FILL%%';
INSERT INTO orders_stocklineitem (order_id, line_item_id, stock_item_id, quantity)
SELECT line.order_id, line.id, item.id, 1
  FROM orders_lineitem line JOIN orders_stockitem item ON item.sku_id = line.sku_id;
INSERT INTO orders_address (mode, line_1, city, country_code)
SELECT 'test', 'x', 'x', 'GB' FROM generate_series(1, 4000);
INSERT INTO orders_transaction (mode, type, order_id, currency_code)
SELECT 'test', 'authorizations', id, 'EUR' FROM orders_order;
INSERT INTO orders_shipment (mode, order_id) SELECT 'test', id FROM orders_order;
INSERT INTO orders_paymentsource (mode, type, order_id)
SELECT 'test', 'wire_transfers', id FROM orders_order;
INSERT INTO orders_coupon (mode, code, promotion_id)
SELECT 'test', 'FILL-' || n, %(promotion)s FROM generate_series(1, 20000) n;
INSERT INTO orders_tag (mode, name) VALUES ('test', 'fill');
INSERT INTO orders_order_tags (order_id, tag_id)
SELECT o.id, tag.id FROM orders_order o CROSS JOIN orders_tag tag;
INSERT INTO orders_lineitem_tags (lineitem_id, tag_id)
SELECT line.id, tag.id FROM orders_lineitem line CROSS JOIN orders_tag tag;
INSERT INTO orders_lineitemoption_tags (lineitemoption_id, tag_id)
SELECT option.id, tag.id FROM orders_lineitemoption option CROSS JOIN orders_tag tag;
INSERT INTO orders_shipment_tags (shipment_id, tag_id)
SELECT shipment.id, tag.id FROM orders_shipment shipment CROSS JOIN orders_tag tag;
INSERT INTO orders_address_tags (address_id, tag_id)
SELECT address.id, tag.id FROM orders_address address CROSS JOIN orders_tag tag;
"""


def fill(here: Shop) -> None:
    """Make the tables large enough for an index to be worth it."""
    values = {
        "market": here.market.pk,
        "customer": here.alice.pk,
        "location": here.warehouse.pk,
        "promotion": here.promotion(percentage=1).pk,
    }
    with connection.cursor() as cursor:
        for statement in filter(str.strip, FILL.split(";")):
            cursor.execute(statement, values)
        for table in LARGE_TABLES:
            cursor.execute(f"ANALYZE {table}")


def generic_plan(sql: str) -> str:
    """How the server would carry out a prepared statement, whatever its parameters."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match[1] or str(len(names))
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {re.sub(r'%(?:[(](.+?)[)])?s', number, sql)}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def filled(here: Shop) -> Shop:
    if connection.features.is_postgresql_16:
        fill(here)
        return here
    pytest.skip("EXPLAIN (GENERIC_PLAN) came with PostgreSQL 16")


def test_no_statement_reads_a_large_table_from_end_to_end(filled: Shop) -> None:
    filled.coupon("ALL", usage_limit=1000)
    lives = statements_of(drafts(filled, [filled.sku(stock=1000)], orders=2, lines=2))
    with observed((cancelling := []).append):
        order = order_with(filled, Line(filled.sku()))
        moved(moved(order, lifecycle.place), lifecycle.cancel)
    statements = {sql for sqls in (*lives.values(), cancelling) for sql in sqls}
    for sql in statements:
        plan = generic_plan(sql)
        scanned = set(re.findall(r"Seq Scan on (\w+)", plan))
        assert not scanned & set(LARGE_TABLES), f"{sql}\n{plan}"


def test_the_tables_called_large_are_there() -> None:
    assert set(LARGE_TABLES) <= set(connection.introspection.django_table_names())
    assert Order._meta.db_table in LARGE_TABLES
