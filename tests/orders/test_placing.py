"""Placing: what an order needs, what it becomes, and who is told."""

from typing import Any

import pytest
from django.db import connection

from orders import lifecycle
from orders.models import (
    Event,
    EventStore,
    Order,
    PaymentSource,
    StockItem,
    Transaction,
)
from orders.obstacles import Obstacle, missing
from tests.factories import (
    NOON,
    TESTER,
    Line,
    Shop,
    add_adjustment,
    add_shipment,
    order_with,
    placed_order,
    shop,
    totalled,
)


def refusals(order: Order) -> list[Obstacle]:
    return lifecycle.place([order.pk], who=TESTER, at=NOON).refused.get(order.pk, [])


def keys(order: Order) -> list[str]:
    obstacles = refusals(order)
    assert obstacles == [missing(obstacle.key) for obstacle in obstacles]
    return [obstacle.key for obstacle in obstacles]


@pytest.mark.parametrize(
    ("lacking", "key"),
    [
        ({"customer_email": None}, "customer_email"),
        ({"customer_email": ""}, "customer_email"),
        ({"billing_address": None}, "billing_address"),
        ({"shipping_address": None}, "shipping_address"),
        ({"payment_method": None}, "payment_method"),
    ],
)
def test_placing_names_what_is_missing(here: Shop, lacking: dict[str, Any], key: str) -> None:
    assert keys(order_with(here, Line(here.sku()), **lacking)) == [key]


def test_everything_missing_is_named_at_once(here: Shop) -> None:
    order = order_with(
        here,
        status="pending",
        customer_email=None,
        billing_address=None,
        shipping_address=None,
        payment_method=None,
    )
    add_adjustment(order, 100)
    assert keys(totalled(order)) == [
        "line_items",
        "customer_email",
        "billing_address",
        "payment_method",
    ]


def test_what_needs_no_shipping_needs_no_shipping_address(here: Shop) -> None:
    service = here.sku(do_not_ship=True)
    order = order_with(here, Line(service), shipping_address=None)
    assert keys(order) == []
    order.refresh_from_db()
    assert order.fulfillment_status == "not_required"
    assert order.fulfillment_updated_at == NOON


def test_a_line_whose_sku_is_gone_is_taken_for_something_to_send(here: Shop) -> None:
    assert keys(order_with(here, Line(None), shipping_address=None)) == ["shipping_address"]
    assert keys(order_with(here, Line(None))) == []


def test_a_payment_method_that_needs_a_source_is_not_enough(here: Shop) -> None:
    order = order_with(here, Line(here.sku()), payment_method=here.card)
    assert keys(order) == ["payment_source"]
    order.payment_source = here.wallet(here.alice).payment_source
    order.save()
    assert keys(order) == []


def test_a_free_order_is_not_paid(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=0)), payment_method=None)
    assert keys(order) == []
    order.refresh_from_db()
    assert order.payment_status == "free"
    assert not order.transactions.exists()
    assert list(Event.objects.values_list("name", flat=True)) == ["orders.place"]


def test_only_some_markets_ask_for_a_shipping_method(db: None) -> None:
    strict, lax = shop(requires_shipping_method=True), shop()
    assert keys(order_with(lax, Line(lax.sku()))) == []
    order = order_with(strict, Line(strict.sku()))
    assert keys(order) == ["shipping_method"]
    unrouted = add_shipment(order, None)
    assert keys(order) == ["shipping_method"]
    add_shipment(order, strict.courier)
    assert keys(order) == ["shipping_method"]
    unrouted.status = "cancelled"
    unrouted.save()
    assert keys(order) == []
    service = order_with(strict, Line(strict.sku(do_not_ship=True)))
    assert keys(service) == []


def test_a_wire_transfer_gets_its_payment_source_by_placing(here: Shop) -> None:
    order = placed_order(here)
    source = PaymentSource.objects.get()
    assert order.payment_source == source
    assert (source.order, source.type, source.mode) == (order, "wire_transfers", "test")


def test_a_payment_source_that_is_there_is_kept(here: Shop) -> None:
    source = PaymentSource.objects.create(mode=here.mode, type="wire_transfers")
    order = placed_order(here, payment_source=source)
    assert order.payment_source == source
    assert PaymentSource.objects.count() == 1


def test_placing_authorizes_the_total_and_tells(here: Shop) -> None:
    order = placed_order(here, Line(here.sku(price=700), 2, options=[50]), shipping_cost=300)
    assert (order.placed_at, order.payment_updated_at) == (NOON, NOON)
    authorization = Transaction.objects.get()
    assert authorization.order == order
    assert (authorization.type, authorization.amount_cents) == ("authorizations", 1750)
    assert authorization.currency_code == "EUR"
    assert list(
        Event.objects.order_by("created_at", "name").values_list("name", "resource_id")
    ) == [
        ("orders.authorize", order.pk),
        ("orders.place", order.pk),
    ]
    entry = EventStore.objects.get(resource_type="orders")
    assert (entry.resource_type, entry.resource_id, entry.event) == ("orders", order.pk, "update")
    assert entry.payload == {
        "status": {"from": "pending", "to": "placed"},
        "payment_status": {"from": "unpaid", "to": "authorized"},
    }
    assert entry.who == TESTER.as_json()


def test_placing_again_changes_and_charges_nothing(here: Shop) -> None:
    order = placed_order(here, Line(here.sku(stock=5), 2))
    outcome = lifecycle.place([order.pk], who=TESTER)
    assert (outcome.done, outcome.unchanged, outcome.refused) == ([], [order.pk], {})
    assert Transaction.objects.count() == 1
    assert StockItem.objects.get().quantity == 3


def test_an_order_that_fails_has_taken_nothing(here: Shop) -> None:
    plenty, none = here.sku(stock=5), here.sku(stock=0)
    order = order_with(here, Line(plenty), Line(none))
    (obstacle,) = refusals(order)
    assert obstacle.message == f"{none.code} is out of stock (1 requested, 0 available)"
    order.refresh_from_db()
    assert (order.status, order.payment_status, order.placed_at) == ("pending", "unpaid", None)
    assert StockItem.objects.get(sku=plenty).quantity == 5
    assert not order.stock_line_items.exists()
    assert not Event.objects.exists()


def test_what_is_missing_comes_before_what_is_contended(here: Shop) -> None:
    sku = here.sku(stock=1)
    incomplete = order_with(here, Line(sku, 3), billing_address=None)
    complete = order_with(here, Line(sku))
    outcome = lifecycle.place([incomplete.pk, complete.pk], who=TESTER)
    assert outcome.done == [complete.pk]
    assert outcome.refused == {incomplete.pk: [missing("billing_address")]}


def test_validating_says_what_placing_would_and_leaves_no_trace(here: Shop) -> None:
    sku = here.sku(stock=1)
    fine, short = order_with(here, Line(sku)), order_with(here, Line(sku, 2))
    obstacles = lifecycle.validate([short.pk, fine.pk])
    assert list(obstacles) == [short.pk]
    assert [obstacle.code for obstacle in obstacles[short.pk]] == ["out_of_stock"]
    fine.refresh_from_db()
    assert fine.status == "pending"
    assert StockItem.objects.get().quantity == 1
    assert not Event.objects.exists()
    assert not connection.needs_rollback


def test_obstacles_can_be_asked_for_without_placing(here: Shop) -> None:
    fine, bare = order_with(here, Line(here.sku())), order_with(here, customer_email=None)
    assert lifecycle.placing_obstacles([fine.pk, bare.pk]) == {
        bare.pk: [missing("line_items"), missing("customer_email")]
    }
