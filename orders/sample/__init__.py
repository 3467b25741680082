"""A shop to try things with: the Northwind tables as Shopify exports (see the README beside)."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from orders.audit import Who
from orders.shopify.order_import import import_orders
from orders.shopify.product_import import import_products
from orders.shopify.report import OrdersReport, ProductsReport

PRODUCTS = Path(__file__).with_name("northwind_products.csv")
ORDERS = Path(__file__).with_name("northwind_orders.csv")
CURRENCY = "USD"
TIMES = ("Created at", "Paid at", "Fulfilled at", "Cancelled at")
WRITTEN = "%Y-%m-%d %H:%M:%S %z"


def import_sample_shop(*, mode: str, who: Who) -> tuple[ProductsReport, OrdersReport]:
    """Fill a shop with products and orders; doing it twice changes nothing."""
    products = import_products(PRODUCTS, mode=mode, currency=CURRENCY, who=who)
    return products, import_orders(ORDERS, mode=mode, who=who)


def write_orders_of_late(path: Path, *, today: date) -> None:
    """Write the orders as if the last of them had been fulfilled within the week before ``today``.

    So there are orders of last month to be found. All are moved by the same number of weeks.
    """
    with ORDERS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    last = max(_time(row[column]) for row in rows for column in TIMES if row[column])
    later = timedelta(weeks=(today - last.date()).days // 7)
    for row in rows:
        row |= {
            column: (_time(row[column]) + later).strftime(WRITTEN)
            for column in TIMES
            if row[column]
        }
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)
