"""Two connections that want the same thing at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from orders import lifecycle
from orders.customers import find_or_create_customer
from orders.models import (
    Address,
    Coupon,
    Customer,
    EventStore,
    Order,
    StockItem,
    StockLineItem,
    Transaction,
)
from orders.totals import refresh_totals
from tests.factories import TESTER, Line, order_with, placed_order, shop

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run each action on a connection of its own, all let go together; answer their results."""
    ready = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            ready.wait(timeout=10)
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, a) for a in actions]]


def act(action: Callable[..., Any], *orders: Order) -> Callable[[], Any]:
    return lambda: action([order.pk for order in orders], who=TESTER)


def test_several_who_name_a_new_address_get_the_one_customer() -> None:
    for number in range(ROUNDS):
        addresses = [f"new{number}@example.com", f"New{number}@example.com"] * 2

        def find(email: str) -> Customer:
            with transaction.atomic():
                return find_or_create_customer(email, mode="test", who=TESTER)

        found = at_once(*(partial(find, email) for email in addresses))

        assert len({customer.pk for customer in found}) == 1
    assert Customer.objects.count() == ROUNDS
    assert EventStore.objects.filter(resource_type="customers").count() == ROUNDS


def test_the_last_piece_goes_to_one_of_two() -> None:
    here = shop()
    for _ in range(ROUNDS):
        sku = here.sku(stock=1)
        one, two = order_with(here, Line(sku)), order_with(here, Line(sku))
        outcomes = at_once(act(lifecycle.place, one), act(lifecycle.place, two))
        assert sorted(len(outcome.done) for outcome in outcomes) == [0, 1]
        (loser,) = (outcome.refused for outcome in outcomes if outcome.refused)
        ((obstacle,),) = loser.values()
        assert (obstacle.code, obstacle.requested, obstacle.available) == ("out_of_stock", 1, 0)
        assert StockItem.objects.get(sku=sku).quantity == 0


def test_the_last_use_of_a_coupon_goes_to_one_of_two() -> None:
    here = shop()
    for number in range(ROUNDS):
        coupon = here.coupon(f"LAST{number}", usage_limit=1)
        one, two = (order_with(here, Line(here.sku()), coupon_code=coupon.code) for _ in range(2))
        outcomes = at_once(act(lifecycle.place, one), act(lifecycle.place, two))
        assert sorted(len(outcome.done) for outcome in outcomes) == [0, 1]
        assert Coupon.objects.get(pk=coupon.pk).usage_count == 1


def test_a_customer_cannot_use_a_single_use_coupon_twice_by_being_quick() -> None:
    here = shop()
    for number in range(ROUNDS):
        coupon = here.coupon(f"ONCE{number}", customer_single_use=True)
        one, two = (order_with(here, Line(here.sku()), coupon_code=coupon.code) for _ in range(2))
        outcomes = at_once(act(lifecycle.place, one), act(lifecycle.place, two))
        assert sorted(len(outcome.done) for outcome in outcomes) == [0, 1]


def test_an_order_placed_twice_at_once_is_charged_once() -> None:
    here = shop()
    for _ in range(ROUNDS):
        order = order_with(here, Line(here.sku(stock=5), 2))
        outcomes = at_once(act(lifecycle.place, order), act(lifecycle.place, order))
        assert sorted(len(outcome.done) for outcome in outcomes) == [0, 1]
        assert sorted(len(outcome.unchanged) for outcome in outcomes) == [0, 1]
        assert Transaction.objects.filter(order=order).count() == 1


def test_sets_that_overlap_in_opposite_orders_never_deadlock() -> None:
    here = shop()
    skus = [here.sku(stock=100) for _ in range(4)]
    here.coupon("ALL")
    for _ in range(ROUNDS):
        ours, theirs, old = (
            [order_with(here, *(Line(sku) for sku in skus), coupon_code="ALL") for _ in range(3)]
            for _ in range(3)
        )
        lifecycle.place([order.pk for order in old], who=TESTER)
        at_once(
            act(lifecycle.place, *ours, *theirs),
            act(lifecycle.place, *reversed(theirs), *reversed(ours)),
            act(lifecycle.cancel, *old),
            lambda orders=ours: refresh_totals([order.pk for order in reversed(orders)]),
        )
        taken = sum(StockLineItem.objects.values_list("quantity", flat=True))
        left = sum(StockItem.objects.values_list("quantity", flat=True))
        assert taken + left == 400


def test_stock_given_back_by_two_at_once_is_all_there() -> None:
    here = shop()
    for _ in range(ROUNDS):
        sku = here.sku(stock=9)
        orders = [placed_order(here, Line(sku, 3)) for _ in range(3)]
        at_once(*(act(lifecycle.cancel, order) for order in orders))
        assert StockItem.objects.get(sku=sku).quantity == 9


def test_an_address_that_is_corrected_while_an_order_takes_it_takes_the_order_along() -> None:
    here = shop()
    for _ in range(ROUNDS):
        address = here.address(country_code="GB")
        order = order_with(here, shipping_address=None)
        at_once(
            partial(Order.objects.filter(pk=order.pk).update, shipping_address=address),
            partial(Address.objects.filter(pk=address.pk).update, country_code="FR"),
        )
        order.refresh_from_db()
        assert order.country_code == "FR"
