"""Amounts: an order is worth what its lines are worth."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.lifecycle import OrdersNotFound
from orders.models import LineItem, Order, PaymentMethod
from orders.statements import execute
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES, refresh_totals
from tests.factories import (
    Line,
    Shop,
    add_adjustment,
    add_line,
    add_shipment,
    order_with,
    shop,
    totalled,
)


def differing() -> list[str]:
    return [order_id for (order_id,) in execute(ORDERS_THAT_DIFFER_FROM_THEIR_LINES)]


def test_a_line_is_unit_times_quantity_and_its_options(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=250), 3, options=[100, 20]))
    line = order.line_items.get()
    assert (line.options_amount_cents, line.total_amount_cents) == (120, 870)
    line.line_item_options.all().delete()
    assert totalled(order).subtotal_amount_cents == 750


def test_an_order_is_the_sum_of_what_is_in_it(here: Shop) -> None:
    fee = PaymentMethod.objects.create(
        mode=here.mode, payment_source_type="wire_transfers", price_amount_cents=90
    )
    order = order_with(
        here,
        Line(here.sku(price=1000), 2, discount=-300),
        Line(here.sku(price=500)),
        shipping_cost=400,
        payment_method=fee,
        shipping_tax_amount_cents=40,
        total_tax_amount_cents=40,
        total_amount_cents=40,
    )
    lost = add_shipment(order, here.courier, cost=7000)
    order.shipments.filter(pk=lost.pk).update(status="cancelled")
    add_adjustment(order, -50)
    order.line_items.filter(item_type="skus").update(tax_amount_cents=10)
    order = totalled(order)
    assert order.subtotal_amount_cents == 2500
    assert order.discount_amount_cents == -300
    assert order.adjustment_amount_cents == -50
    assert order.shipping_amount_cents == 400
    assert order.payment_method_amount_cents == 90
    assert (order.subtotal_tax_amount_cents, order.total_tax_amount_cents) == (20, 60)
    assert order.total_amount_cents == 2500 - 300 - 50 + 400 + 90 + 60
    assert order.refreshed_at is not None


def test_taxes_that_prices_include_are_not_added(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=1000)), tax_included=True)
    order.line_items.update(tax_amount_cents=200)
    order = totalled(order)
    assert (order.total_tax_amount_cents, order.total_amount_cents) == (200, 1000)


def test_an_order_without_lines_is_worth_nothing(here: Shop) -> None:
    order = order_with(here, Line(here.sku()))
    order.line_items.all().delete()
    assert totalled(order).total_amount_cents == 0


def test_an_unknown_order_is_named(here: Shop) -> None:
    with pytest.raises(OrdersNotFound, match="nowhere123"):
        refresh_totals(["nowhere123"])


def test_a_total_below_zero_is_refused_by_the_database(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=100)))
    add_adjustment(order, -101)
    with (
        pytest.raises(IntegrityError, match="an_order_total_is_not_negative"),
        transaction.atomic(),
    ):
        refresh_totals([order.pk])


def test_orders_that_differ_from_their_lines_are_found(here: Shop) -> None:
    order_with(here, Line(here.sku()), shipping_cost=100)
    changed = order_with(here, Line(here.sku()))
    assert differing() == []
    add_line(changed, Line(here.sku()))
    assert differing() == [changed.pk]
    refresh_totals([changed.pk])
    assert differing() == []


lines = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.integers(0, 10_000),
        st.integers(-20_000, 0),
        st.lists(st.integers(0, 500), max_size=2),
        st.integers(0, 900),
    ),
    max_size=5,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(
    contents=lines,
    shipments=st.lists(st.integers(0, 2000), max_size=3),
    tax_included=st.booleans(),
)
def test_totals_are_what_adding_up_by_hand_gives(
    contents: list[tuple[Any, ...]], shipments: list[int], tax_included: bool
) -> None:
    with transaction.atomic():
        here = shop()
        order = order_with(here, tax_included=tax_included)
        expected = sum(shipments)
        for quantity, price, at_most, options, tax in contents:
            total = quantity * price + sum(options)
            discount = max(at_most, -total)
            expected += total + discount + (0 if tax_included else tax)
            add_line(
                order,
                Line(None, quantity, price, discount, options),
                tax_amount_cents=tax,
            )
        for cost in shipments:
            add_shipment(order, here.courier, cost=cost)
        assert totalled(order).total_amount_cents == expected
        assert differing() == []
        connection.check_constraints()
        transaction.set_rollback(True)


def test_other_orders_are_left_alone(here: Shop) -> None:
    order, other = (order_with(here, Line(here.sku())) for _ in range(2))
    LineItem.objects.update(unit_amount_cents=5, total_amount_cents=5)
    refresh_totals([order.pk])
    assert Order.objects.get(pk=order.pk).total_amount_cents == 5
    assert Order.objects.get(pk=other.pk).total_amount_cents == 1000
