"""Orders to measure with, made by the database itself, a million rows in a minute."""

from dataclasses import dataclass

from django.db import connection

from orders.models import (
    Market,
    MarketStockLocation,
    PaymentMethod,
    PriceList,
    SkuOption,
    StockLocation,
)

SKU_COUNT = 300

SKUS = """
WITH sku AS (
  INSERT INTO orders_sku (id, mode, code, name, do_not_ship, do_not_track)
  SELECT new_id(), 'test', 'BENCH' || n, 'Bench product ' || n, false, false
    FROM generate_series(1, %(count)s) n
  RETURNING id
)
INSERT INTO orders_stockitem (id, mode, sku_id, stock_location_id, quantity)
SELECT new_id(), 'test', id, %(location)s, 1000000000 FROM sku
"""

CUSTOMERS = """
INSERT INTO orders_customer (id, mode, email)
SELECT new_id(), 'test', 'bench' || n || '@example.com' FROM generate_series(1, 1000) n
"""

# Lines of 10.00 with an option of 1.00 each, a shipment of 5.00, two addresses, a wire transfer.
ORDERS = """
WITH customer AS MATERIALIZED (
  SELECT id, email, row_number() OVER () - 1 AS nth FROM orders_customer WHERE email LIKE 'bench%%'
), sku AS MATERIALIZED (
  SELECT id, code, name, row_number() OVER () - 1 AS nth FROM orders_sku WHERE code LIKE 'BENCH%%'
), o AS MATERIALIZED (
  SELECT new_id() AS id, new_id() AS billing, new_id() AS shipping, new_id() AS payment, n
    FROM generate_series(1, %(count)s) n
), addresses AS (
  INSERT INTO orders_address
    (id, mode, first_name, last_name, line_1, city, zip_code, country_code, phone)
  SELECT a.id, 'test', 'Ada', 'Lovelace', 'Street ' || n, 'London', 'E1', 'GB', '+44 20 7946 0000'
    FROM o CROSS JOIN LATERAL (VALUES (billing), (shipping)) AS a(id)
), orders AS (
  INSERT INTO orders_order
    (id, mode, market_id, customer_id, customer_email, currency_code, billing_address_id,
     shipping_address_id, country_code, payment_method_id, payment_source_id, status,
     payment_status, placed_at, subtotal_amount_cents, shipping_amount_cents, total_amount_cents)
  SELECT o.id, 'test', %(market)s, c.id, c.email, 'USD', o.billing, o.shipping,
         'GB', %(wire)s, o.payment, 'placed', 'authorized', now() - n * interval '1 minute',
         %(lines)s * 1100, 500, %(lines)s * 1100 + 500
    FROM o JOIN customer c ON c.nth = o.n %% 1000
), payment_sources AS (
  INSERT INTO orders_paymentsource (id, mode, type, order_id)
  SELECT payment, 'test', 'wire_transfers', id FROM o
), shipments AS (
  INSERT INTO orders_shipment (id, mode, order_id, cost_amount_cents)
  SELECT new_id(), 'test', id, 500 FROM o
), line AS MATERIALIZED (
  SELECT new_id() AS id, o.id AS order_id, l.position, s.id AS sku_id, s.code, s.name
    FROM o
    CROSS JOIN generate_series(1, %(lines)s) AS l(position)
    JOIN sku s ON s.nth = (o.n * 7 + l.position) %% %(skus)s
), lines AS (
  INSERT INTO orders_lineitem
    (id, mode, order_id, position, sku_id, sku_code, name, quantity, currency_code,
     unit_amount_cents, options_amount_cents, total_amount_cents)
  SELECT id, 'test', order_id, position, sku_id, code, name, 1, 'USD', 1000, 100, 1100 FROM line
), options AS (
  INSERT INTO orders_lineitemoption
    (id, mode, line_item_id, sku_option_id, name, quantity, currency_code, unit_amount_cents)
  SELECT new_id(), 'test', id, %(option)s, 'Gift wrap', 1, 'USD', 100 FROM line
)
SELECT id FROM o
"""


@dataclass(frozen=True)
class BenchShop:
    market: Market
    option: SkuOption
    wire: PaymentMethod


def seed_shop() -> BenchShop:
    """A market with more stock than any benchmark can take."""
    location = StockLocation.objects.create(mode="test", name="Bench warehouse")
    price_list = PriceList.objects.create(mode="test", name="Bench", currency_code="USD")
    market = Market.objects.create(mode="test", name="Bench", price_list=price_list)
    MarketStockLocation.objects.create(market=market, stock_location=location)
    option = SkuOption.objects.create(mode="test", name="Gift wrap", price_amount_cents=100)
    wire = PaymentMethod.objects.create(mode="test", payment_source_type="wire_transfers")
    with connection.cursor() as cursor:
        cursor.execute(SKUS, {"count": SKU_COUNT, "location": location.id})
        cursor.execute(CUSTOMERS)
    return BenchShop(market, option, wire)


def seed_orders(shop: BenchShop, *, count: int, lines: int) -> list[str]:
    """Placed orders with that many lines each; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            ORDERS,
            {
                "count": count,
                "lines": lines,
                "skus": SKU_COUNT,
                "market": shop.market.id,
                "option": shop.option.id,
                "wire": shop.wire.id,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def analyze() -> None:
    """Let the planner know the tables' sizes; plans made on empty tables are bad ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
