"""The same file twice, a file cut short, a dry run: nothing is doubled, nothing is lost."""

from pathlib import Path

import pytest
from django.db import connection

from orders.models import Address, Customer, EventStore, LineItem, Market, Order, Transaction
from orders.shopify import batches
from orders.shopify.order_import import import_orders
from orders.shopify.problems import Problem
from tests.factories import Shop, order_with
from tests.orders.shopify.conftest import ImportOrders
from tests.orders.shopify.exports import further_line, order, write_csv

COUNTED = (Order, LineItem, Address, Customer, Transaction, EventStore, Market)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def test_the_same_file_twice_changes_nothing_and_says_so(take_orders: ImportOrders) -> None:
    rows = [order("1"), further_line("1"), order("2", id="")]
    take_orders(*rows)
    before, orders = counts(), list(Order.objects.order_by("id").values())
    report = take_orders(*rows)
    assert (report.imported, report.already_there, report.failed) == (0, 2, False)
    assert report.created == {}
    assert "2 orders already there, left unchanged" in report.as_text()
    assert counts() == before
    assert list(Order.objects.order_by("id").values()) == orders


def test_an_order_is_known_by_its_id_even_under_another_name(take_orders: ImportOrders) -> None:
    take_orders(order("1", id="5"))
    assert take_orders(order("1-renamed", id="5")).already_there == 1
    assert take_orders(order("1", id="")).already_there == 1


def test_an_order_that_was_changed_here_is_left_as_it_is(take_orders: ImportOrders) -> None:
    take_orders(order("1"))
    Order.objects.update(metadata={"seen": "yes"})
    assert take_orders(order("1", notes="new")).already_there == 1
    assert Order.objects.get().metadata == {"seen": "yes"}


def test_a_number_of_another_shop_order_is_refused(take_orders: ImportOrders, here: Shop) -> None:
    other = order_with(here, number="1")
    report = take_orders(order("1"), order("2"))
    assert [str(problem) for problem in report.problems] == [
        'orders.csv, line 2, column "Name": 1 is taken by an order that did not come from an import'
    ]
    assert Order.objects.get(number="1") == other
    assert report.imported == 1


def test_a_number_that_came_in_with_another_id_is_refused(take_orders: ImportOrders) -> None:
    take_orders(order("1", id="5"))
    report = take_orders(order("1", id="6"))
    assert "1 is taken by an imported order with another Id, 5" in str(report.problems[0])


@pytest.mark.parametrize("size", [1_000, 1])
def test_an_order_that_stands_twice_must_say_the_same(
    take_orders: ImportOrders, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(batches, "ITEMS_A_BATCH", size)
    rows = [
        order("1"),
        order("2"),
        order("1"),
        order("1", lineitem_name="Coffee"),
        order("3", id="91"),
    ]
    for already_there in (1, 3):
        report = take_orders(*rows)
        assert report.already_there == already_there
        assert [str(problem) for problem in report.problems] == [
            'orders.csv, line 5, column "Name": 1 stands on line 2 already, with other data',
            'orders.csv, line 6, column "Id": 91 stands on line 2 already, with other data',
        ]
    assert Order.objects.count() == 2


def test_a_dry_run_tells_the_same_as_the_run_and_changes_nothing(
    take_orders: ImportOrders,
) -> None:
    rows = [
        order("1"),
        order("2", total="9.00"),
        order("1", notes="again"),
        order("3", email="b@c.d"),
    ]
    nothing = counts()
    rehearsal = take_orders(*rows, dry_run=True)
    assert counts() == nothing
    run = take_orders(*rows)
    assert rehearsal.as_json() == run.as_json() | {"dry_run": True}
    assert run.imported == 2


class Impatient:
    """Somebody who presses Ctrl-C after the first batch."""

    def progress(self, done: int, whole: int) -> None:
        raise KeyboardInterrupt

    def problem(self, problem: Problem) -> None: ...


@pytest.mark.django_db(transaction=True)
def test_after_ctrl_c_the_same_file_goes_on(
    orders_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ITEMS_A_BATCH", 2)
    write_csv(orders_file, *(order(number) for number in "12345"))
    report = import_orders(orders_file, mode="test", watch=Impatient())
    assert (report.imported, report.interrupted, report.failed) == (2, True, True)
    assert "interrupted after line 3; run it again to go on" in report.as_text()
    assert Order.objects.count() == 2
    again = import_orders(orders_file, mode="test")
    assert (again.imported, again.already_there) == (3, 2)


@pytest.mark.django_db(transaction=True)
def test_a_run_leaves_no_table_behind(orders_file: Path) -> None:
    import_orders(write_csv(orders_file, order("1")), mode="test")
    import_orders(write_csv(orders_file, order("2")), mode="test", dry_run=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = 'seen_in_import'")
        assert cursor.fetchall() == []
