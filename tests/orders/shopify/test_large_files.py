"""Files of any length: memory stays flat."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.models import Order
from orders.shopify.order_import import import_orders
from tests.orders.shopify.exports import Cells, further_line, order, write_csv


def many(orders: int) -> Iterator[Cells]:
    for number in map(str, range(orders)):
        address = {"billing_city": "Gent", "billing_address1": f"Dok {number}"}
        yield order(number, email=f"{number}@shop.example", **address)
        yield further_line(number)
        yield further_line(number, lineitem_name="Card")


def peak_of_import(path: Path, orders: int) -> int:
    write_csv(path, *many(orders))
    tracemalloc.start()
    try:
        report = import_orders(path, mode="test")
        assert report.imported == orders
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.shopify.batches.ITEMS_A_BATCH", 50)
    peak_of_import(tmp_path / "warm.csv", 50)
    Order.objects.all().delete()
    small = peak_of_import(tmp_path / "small.csv", 100)
    Order.objects.all().delete()
    large = peak_of_import(tmp_path / "large.csv", 1500)
    assert large < small * 2
