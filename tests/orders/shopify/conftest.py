from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from orders.shopify.order_import import import_orders
from orders.shopify.product_import import import_products
from orders.shopify.report import OrdersReport, ProductsReport
from tests.orders.shopify.exports import Cells, write_csv

ImportOrders = Callable[..., OrdersReport]
ImportProducts = Callable[..., ProductsReport]


@pytest.fixture
def orders_file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


@pytest.fixture
def take_orders(orders_file: Path, db: Any) -> ImportOrders:
    """Write rows into a file and import it, into test data unless told otherwise."""

    def take(*rows: Cells, **options: Any) -> OrdersReport:
        return import_orders(write_csv(orders_file, *rows), **{"mode": "test", **options})

    return take


@pytest.fixture
def take_products(tmp_path: Path, db: Any) -> ImportProducts:
    def take(*rows: Cells, columns: Iterable[str] = (), **options: Any) -> ProductsReport:
        path = write_csv(tmp_path / "products.csv", *rows, columns=columns)
        return import_products(path, **{"mode": "test", **options})

    return take
