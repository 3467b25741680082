"""The sample shop: real tables, whose figures were computed from the files by other means."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from orders import sample
from orders.audit import Who
from orders.models import Customer, EventStore, LineItem, Order, Sku
from orders.statements import execute
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES

pytestmark = pytest.mark.django_db
DEMO = Who.command("demo")


def test_the_figures_of_the_sample_shop() -> None:
    products, orders = sample.import_sample_shop(mode="test", who=DEMO)
    assert (products.failed, orders.failed) == (False, False)
    assert Order.objects.count() == orders.imported == 809
    assert LineItem.objects.count() == orders.lines == 2082
    assert Order.objects.aggregate(total=Sum("total_amount_cents"))["total"] == 130_381_037
    assert orders.as_json()["totals"] == {"USD": "1303810.37"}
    assert (Sku.objects.count(), Sku.objects.filter(disabled_at=None).count()) == (77, 69)
    assert LineItem.objects.filter(sku__disabled_at__isnull=False).count() == 221
    assert execute(ORDERS_THAT_DIFFER_FROM_THEIR_LINES) == []
    assert all(
        entry == {"command": "demo"} for entry in EventStore.objects.values_list("who", flat=True)
    )


def test_every_order_has_the_total_and_the_customer_of_its_row() -> None:
    sample.import_sample_shop(mode="test", who=DEMO)
    with sample.ORDERS.open(newline="", encoding="utf-8") as file:
        told = {
            row["Name"].removeprefix("#"): (Decimal(row["Total"]) * 100, row["Email"])
            for row in csv.DictReader(file)
            if row["Total"]
        }
    orders = Order.objects.values_list("number", "total_amount_cents", "customer__email")
    assert {number: (total, email) for number, total, email in orders} == told
    assert Customer.objects.count() == 89


def test_filling_the_shop_twice_changes_nothing() -> None:
    sample.import_sample_shop(mode="test", who=DEMO)
    products, orders = sample.import_sample_shop(mode="test", who=DEMO)
    assert (products.unchanged, products.changes) == (77, 0)
    assert (orders.already_there, orders.changes) == (809, 0)


def test_the_demo_has_orders_of_the_last_weeks_as_far_apart_as_they_were(tmp_path: Path) -> None:
    today = date(2026, 3, 1)
    sample.write_orders_of_late(tmp_path / "orders.csv", today=today)

    with sample.ORDERS.open() as old, (tmp_path / "orders.csv").open() as new:
        pairs = list(zip(csv.DictReader(old), csv.DictReader(new), strict=True))
    moved = {
        datetime.fromisoformat(after[column]) - datetime.fromisoformat(before[column])
        for before, after in pairs
        for column in sample.TIMES
        if before[column]
    }
    assert len(moved) == 1
    assert moved.pop().days % 7 == 0
    last = max(
        datetime.fromisoformat(after["Fulfilled at"]) for _, after in pairs if after["Fulfilled at"]
    )
    assert timedelta(0) <= datetime(2026, 3, 1, tzinfo=UTC) - last < timedelta(weeks=1)
    same = {"Name", "Email", "Total", "Lineitem sku"}
    assert all(before[key] == after[key] for before, after in pairs for key in same)
