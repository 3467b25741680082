"""Deleting an order takes away everything that is its own, and nothing else."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from orders import lifecycle
from orders.deletion import delete_orders, deletion_obstacles
from orders.models import (
    Address,
    Customer,
    CustomerAddress,
    Event,
    EventStore,
    LineItem,
    LineItemOption,
    Order,
    PaymentSource,
    ResourceError,
    Shipment,
    StockItem,
    StockLineItem,
    Tag,
    Transaction,
)
from tests.factories import (
    TESTER,
    Line,
    Shop,
    cancelled_order,
    fulfilled_order,
    order_with,
    paid_order,
    placed_order,
)

# What belongs to an order, and is checked below to be gone.
OWN = {
    *(LineItem, LineItemOption, Shipment, StockLineItem),
    *(Transaction, PaymentSource, ResourceError),
}


def delete(*orders: Order) -> None:
    delete_orders([order.pk for order in orders], who=TESTER)
    connection.check_constraints()


def dressed_order(here: Shop) -> Order:
    """An order with one of everything, and a tag on all of it."""
    order = paid_order(here, Line(here.sku(stock=5), 2, options=[100]), shipping_cost=300)
    tag = Tag.objects.create(mode=here.mode, name="tag")
    line, shipment = order.line_items.get(), order.shipments.get()
    order.resource_errors.create(mode=here.mode, code="missing", name="x", message="y")
    for each in (order, line, line.line_item_options.get(), shipment, order.billing_address):
        each.tags.add(tag)
    return order


def test_nothing_of_an_order_is_left(here: Shop) -> None:
    order = dressed_order(here)
    assert {model for model in OWN if model.objects.exists()} == OWN
    delete(order)
    assert {model for model in OWN if model.objects.exists()} == set()
    assert not Order.objects.exists()
    assert not Address.objects.exists()
    assert Customer.objects.filter(pk=here.alice.pk).exists()
    for model in (Order, LineItem, LineItemOption, Shipment, Address):
        assert not model.tags.through.objects.exists()


def test_nothing_that_belongs_to_an_order_is_forgotten_by_these_tests() -> None:
    """A model that is added and goes with its order has to be deleted with it."""
    owners = OWN | {Order}
    followers = {
        relation.related_model
        for owner in owners
        for relation in owner._meta.related_objects
        if relation.on_delete is models.CASCADE
        and relation.related_model in apps.get_app_config("orders").get_models()
    }
    assert followers <= owners


def test_the_others_keep_what_is_theirs(here: Shop) -> None:
    kept = dressed_order(here)
    delete(order_with(here, Line(here.sku())))
    assert {model for model in OWN if model.objects.exists()} == OWN
    assert Order.objects.get() == kept
    assert Address.objects.count() == 2


def test_addresses_that_somebody_uses_stay(here: Shop) -> None:
    shared, kept_in_book, own = here.address(), here.address(), here.address()
    CustomerAddress.objects.create(mode=here.mode, customer=here.alice, address=kept_in_book)
    order_with(here, billing_address=shared, shipping_address=None)
    first = order_with(here, billing_address=shared, shipping_address=own)
    second = order_with(here, billing_address=kept_in_book, shipping_address=own)
    delete(first, second)
    assert set(Address.objects.all()) == {shared, kept_in_book}


def test_a_wallet_survives_the_order_it_was_filled_by(here: Shop) -> None:
    entry = here.wallet(here.alice)
    order = order_with(here, payment_method=here.card, payment_source=entry.payment_source)
    PaymentSource.objects.update(order=order)
    delete(order)
    entry.refresh_from_db()
    assert entry.payment_source is not None
    assert entry.payment_source.order is None


def test_a_payment_source_that_another_order_uses_stays(here: Shop) -> None:
    first = placed_order(here)
    second = placed_order(here, payment_source=first.payment_source)
    delete(first)
    second.refresh_from_db()
    assert second.payment_source is not None


def test_what_the_order_held_is_given_back(here: Shop) -> None:
    sku, coupon = here.sku(stock=5), here.coupon("SPRING")
    delete(placed_order(here, Line(sku, 2), coupon_code="SPRING"))
    coupon.refresh_from_db()
    assert coupon.usage_count == 0
    assert StockItem.objects.get().quantity == 5


def test_what_was_handed_over_does_not_come_back(here: Shop) -> None:
    delete(fulfilled_order(here, Line(here.sku(stock=5), 2)))
    assert StockItem.objects.get().quantity == 3


def test_a_deletion_is_told_and_recorded(here: Shop) -> None:
    order = order_with(here)
    order.refresh_from_db()
    delete(order)
    event, entry = Event.objects.get(), EventStore.objects.get()
    assert (event.name, event.resource_id) == ("orders.destroy", order.pk)
    assert (entry.event, entry.resource_id, entry.who) == ("destroy", order.pk, TESTER.as_json())
    assert entry.payload == {
        "number": {"from": order.number, "to": None},
        "status": {"from": "draft", "to": None},
    }


def test_sources_and_targets_of_copies_have_a_reason_to_stay(here: Shop) -> None:
    source, free = order_with(here), order_with(here)
    target = order_with(here, copied_from=source)
    obstacles = deletion_obstacles([source.pk, target.pk, free.pk])
    assert {order_id: [each.code for each in found] for order_id, found in obstacles.items()} == {
        source.pk: ["copied"],
        target.pk: ["copy"],
    }


def test_only_carts_have_no_reason_to_stay(here: Shop) -> None:
    """What was placed is a record of trade, even when it was cancelled or is older than copies."""
    draft, pending = order_with(here), order_with(here, Line(here.sku()))
    placed, cancelled = placed_order(here), cancelled_order(here)
    obstacles = deletion_obstacles([each.pk for each in (draft, pending, placed, cancelled)])
    assert {order_id: [each.code for each in found] for order_id, found in obstacles.items()} == {
        placed.pk: ["not_open"],
        cancelled.pk: ["not_open"],
    }


def test_a_target_can_be_deleted_on_purpose_but_not_a_source(here: Shop) -> None:
    source = order_with(here)
    target = order_with(here, copied_from=source)
    with pytest.raises(IntegrityError), transaction.atomic():
        delete(source)
    delete(target)
    delete(source)
    assert not Order.objects.exists()


def test_an_unknown_order_stops_the_deletion(here: Shop) -> None:
    order = order_with(here)
    with pytest.raises(lifecycle.OrdersNotFound):
        delete_orders([order.pk, "nowhere123"], who=TESTER)
    assert Order.objects.exists()
