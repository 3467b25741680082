"""A shop to try things with: the Northwind tables as Shopify exports (see the README beside)."""

from pathlib import Path

from orders.audit import Who
from orders.shopify.order_import import import_orders
from orders.shopify.product_import import import_products
from orders.shopify.report import OrdersReport, ProductsReport

PRODUCTS = Path(__file__).with_name("northwind_products.csv")
ORDERS = Path(__file__).with_name("northwind_orders.csv")
CURRENCY = "USD"


def import_sample_shop(*, mode: str, who: Who) -> tuple[ProductsReport, OrdersReport]:
    """Fill a shop with products and orders; doing it twice changes nothing."""
    products = import_products(PRODUCTS, mode=mode, currency=CURRENCY, who=who)
    return products, import_orders(ORDERS, mode=mode, who=who)
