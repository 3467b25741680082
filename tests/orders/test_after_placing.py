"""What a merchant does with a placed order, and what is booked, told and recorded for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from config.jsonapi.values import write_datetime
from orders import lifecycle
from orders.models import Event, EventStore, Order, Shipment
from tests.factories import (
    NOON,
    TESTER,
    Line,
    Shop,
    add_shipment,
    approved_order,
    cancelled_order,
    fulfilled_order,
    order_with,
    paid_order,
    placed_order,
    refunded_order,
)


def topics(order: Order) -> list[str]:
    return sorted(Event.objects.filter(resource_id=order.pk).values_list("name", flat=True))


def booked(order: Order) -> list[tuple[str, int, str | None]]:
    """The order's transactions: kind, amount, and the kind of the one that it refers to."""
    return list(
        order.transactions.order_by("created_at").values_list(
            "type", "amount_cents", "reference_transaction__type"
        )
    )


PLACED = ["orders.authorize", "orders.place"]
PAID = [*PLACED, "orders.approve", "orders.pay", "orders.start_fulfilling"]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (placed_order, PLACED),
        (approved_order, [*PLACED, "orders.approve"]),
        (paid_order, PAID),
        (fulfilled_order, [*PAID, "orders.fulfill"]),
        (cancelled_order, [*PLACED, "orders.cancel", "orders.void"]),
        (refunded_order, [*PAID, "orders.cancel", "orders.refund"]),
    ],
)
def test_every_step_is_told(here: Shop, make: Callable[[Shop], Order], expected: list[str]) -> None:
    assert topics(make(here)) == sorted(expected)


def test_capturing_follows_the_authorization_and_refunding_the_capture(here: Shop) -> None:
    assert booked(refunded_order(here, Line(here.sku(price=700)))) == [
        ("authorizations", 700, None),
        ("captures", 700, "authorizations"),
        ("refunds", 700, "captures"),
    ]


def test_cancelling_voids_the_authorization(here: Shop) -> None:
    order = cancelled_order(here, Line(here.sku(price=700)))
    assert booked(order) == [("authorizations", 700, None), ("voids", 700, "authorizations")]
    assert (order.cancelled_at, order.payment_updated_at) == (NOON, NOON)


def test_nothing_is_voided_where_nothing_was_authorized(here: Shop) -> None:
    order = order_with(here, Line(here.sku()))
    lifecycle.cancel([order.pk], who=TESTER)
    assert booked(order) == []
    assert topics(order) == ["orders.cancel"]


def test_authorizing_books_the_payment_of_an_order_that_came_without(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=700)), status="placed", placed_at=NOON)
    assert lifecycle.authorize([order.pk], who=TESTER, at=NOON).done == [order.pk]
    assert booked(order) == [("authorizations", 700, None)]
    assert topics(order) == ["orders.authorize"]


def test_there_is_nothing_to_authorize_for_a_free_order(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=0)), status="placed", placed_at=NOON)
    lifecycle.authorize([order.pk], who=TESTER)
    order.refresh_from_db()
    assert order.payment_status == "free"
    assert booked(order) == []
    assert topics(order) == []


def test_times_say_when_each_step_was_taken(here: Shop) -> None:
    order = fulfilled_order(here)
    times = [order.placed_at, order.approved_at, order.payment_updated_at]
    assert [*times, order.fulfillment_updated_at] == [NOON] * 4


def test_capturing_keeps_the_time_of_approval(here: Shop) -> None:
    order = approved_order(here)
    lifecycle.approve_and_capture([order.pk], who=TESTER, at=NOON + timedelta(hours=1))
    order.refresh_from_db()
    assert order.approved_at == NOON
    assert order.payment_updated_at == NOON + timedelta(hours=1)


def test_what_does_not_ship_is_not_being_fulfilled_after_capturing(here: Shop) -> None:
    order = paid_order(here, Line(here.sku(do_not_ship=True)))
    assert order.fulfillment_status == "not_required"
    assert "orders.start_fulfilling" not in topics(order)


def test_the_audit_trail_tells_what_changed(here: Shop) -> None:
    order = paid_order(here)
    entries = EventStore.objects.filter(resource_id=order.pk).order_by("created_at")
    assert entries.last().payload == {
        "payment_status": {"from": "authorized", "to": "paid"},
        "fulfillment_status": {"from": "unfulfilled", "to": "in_progress"},
    }


def archived_at(order: Order) -> Any:
    order.refresh_from_db()
    return order.archived_at


def test_an_order_can_be_put_away_and_brought_back(here: Shop) -> None:
    order = order_with(here)
    later = NOON + timedelta(hours=1)
    assert lifecycle.archive([order.pk], who=TESTER, at=NOON).done == [order.pk]
    assert lifecycle.archive([order.pk], who=TESTER, at=later).unchanged == [order.pk]
    assert archived_at(order) == NOON
    assert lifecycle.unarchive([order.pk], who=TESTER, at=later).done == [order.pk]
    assert lifecycle.unarchive([order.pk], who=TESTER, at=later).unchanged == [order.pk]
    assert archived_at(order) is None
    assert [entry.payload for entry in EventStore.objects.order_by("created_at")] == [
        {"archived_at": {"from": None, "to": write_datetime(NOON)}},
        {"archived_at": {"from": write_datetime(NOON), "to": None}},
    ]


class TestItsShipments:
    """They follow from what becomes of the order, told in their own history."""

    @staticmethod
    def states(order: Order) -> list[str]:
        return list(order.shipments.order_by("created_at").values_list("status", flat=True))

    def with_shipments(self, here: Shop, *statuses: Shipment.Status) -> Order:
        """A pending order with shipments that stand there."""
        order = order_with(here, Line(here.sku()))
        for status in statuses:
            shipment = add_shipment(order, here.courier)
            Shipment.objects.filter(pk=shipment.pk).update(status=status)
        return order

    def test_are_expected_once_it_is_placed(self, here: Shop) -> None:
        order = self.with_shipments(here, Shipment.Status.DRAFT, Shipment.Status.CANCELLED)

        lifecycle.place([order.pk], who=TESTER, at=NOON)

        assert self.states(order) == ["upcoming", "cancelled"]
        entry = EventStore.objects.get(resource_type="shipments", event="update")
        assert entry.payload == {"status": {"from": "draft", "to": "upcoming"}}
        assert (entry.mode, entry.who) == (order.mode, TESTER.as_json())
        assert entry.resource_id == order.shipments.get(status="upcoming").pk

    def test_are_shipped_once_everything_was_handed_over(self, here: Shop) -> None:
        order = self.with_shipments(
            here,
            Shipment.Status.DRAFT,
            Shipment.Status.PICKING,
            Shipment.Status.DELIVERED,
            Shipment.Status.CANCELLED,
        )
        for move in (lifecycle.place, lifecycle.approve_and_capture, lifecycle.fulfill):
            assert move([order.pk], who=TESTER, at=NOON).done

        assert self.states(order) == ["shipped", "shipped", "delivered", "cancelled"]
        shipped = order.shipments.filter(status="shipped").values_list("shipped_at", flat=True)
        assert list(shipped) == [NOON, NOON]

    @pytest.mark.parametrize("paid", [True, False])
    def test_rest_once_it_is_called_off(self, here: Shop, *, paid: bool) -> None:
        order = self.with_shipments(here, Shipment.Status.DRAFT, Shipment.Status.SHIPPED)
        lifecycle.place([order.pk], who=TESTER, at=NOON)
        if paid:
            lifecycle.approve_and_capture([order.pk], who=TESTER, at=NOON)
        call_off = lifecycle.refund if paid else lifecycle.cancel

        assert call_off([order.pk], who=TESTER, at=NOON).done

        assert self.states(order) == ["on_hold", "shipped"]
        assert order.shipments.get(status="on_hold").on_hold_at == NOON

    def test_are_not_expected_of_an_order_that_cannot_be_placed(self, here: Shop) -> None:
        order = self.with_shipments(here, Shipment.Status.DRAFT)
        Order.objects.filter(pk=order.pk).update(billing_address=None)
        assert lifecycle.place([order.pk], who=TESTER).refused
        assert self.states(order) == ["draft"]
