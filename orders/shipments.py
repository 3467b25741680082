"""Shipments: choosing how they go while the order is open, and their way through the warehouse."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from orders.audit import Values, Who, record_write
from orders.models import Order, OrderStatus, Shipment, ShippingMethod
from orders.obstacles import Obstacle, Obstructed, invalid_transition
from orders.open_orders import OPEN, hold, require_open
from orders.shipping import cost_of, is_offered, weights_of, written
from orders.totals import refresh_totals

(
    DRAFT,
    UPCOMING,
    CANCELLED,
    ON_HOLD,
    PICKING,
    PACKING,
    READY_TO_SHIP,
    SHIPPED,
    DELIVERED,
) = Shipment.Status

# Where a shipment may come from. A small shop leaves steps out; nobody goes back but from a hold.
MOVES: dict[Shipment.Status, frozenset[Shipment.Status]] = {
    UPCOMING: frozenset({DRAFT, ON_HOLD}),
    ON_HOLD: frozenset({UPCOMING, PICKING, PACKING, READY_TO_SHIP}),
    PICKING: frozenset({UPCOMING, ON_HOLD}),
    PACKING: frozenset({UPCOMING, ON_HOLD, PICKING}),
    READY_TO_SHIP: frozenset({UPCOMING, ON_HOLD, PICKING, PACKING}),
    SHIPPED: frozenset({UPCOMING, PICKING, PACKING, READY_TO_SHIP}),
    DELIVERED: frozenset({SHIPPED}),
    CANCELLED: frozenset({DRAFT, UPCOMING, ON_HOLD, PICKING, PACKING, READY_TO_SHIP}),
}
TIMED = frozenset({ON_HOLD, PICKING, PACKING, READY_TO_SHIP, SHIPPED, DELIVERED})
BOUGHT = frozenset({OrderStatus.PLACED, OrderStatus.APPROVED})


@transaction.atomic
def add_shipment(order_id: str, given: Values, *, who: Who) -> Shipment:
    """Add a shipment to an open order. Raises ``Obstructed``."""
    order = hold(order_id)
    require_open(order)
    shipment = Shipment(mode=order.mode, order=order)
    _write(shipment, order, given, who=who)
    return shipment


@transaction.atomic
def change_shipment(shipment: Shipment, given: Values, *, who: Who) -> None:
    """Change a shipment; its ``shipping_method`` only while the order is open, at today's cost.

    Raises ``Obstructed``.
    """
    order = hold(shipment.order_id)
    if "shipping_method" in given:
        require_open(order)
    _write(shipment, order, given, who=who)


@transaction.atomic
def remove_shipment(shipment: Shipment, *, who: Who) -> None:
    """Take a shipment out of an open order. Raises ``Obstructed``."""
    order = hold(shipment.order_id)
    require_open(order)
    record_write(shipment, "shipments", written(shipment), {}, who=who)
    shipment.delete()
    _refresh(order)


@transaction.atomic
def move_shipment(
    shipment: Shipment, goal: Shipment.Status, *, who: Who, at: datetime | None = None
) -> None:
    """Move a shipment on; one that is there already stays as it is. Raises ``Obstructed``."""
    order = hold(shipment.order_id)
    if shipment.status == goal:
        return
    if shipment.status not in MOVES[goal]:
        raise Obstructed(invalid_transition(shipment.status, goal))
    _check_order(order, shipment, goal)
    before = written(shipment)
    shipment.status = goal
    if goal in TIMED:
        setattr(shipment, f"{goal}_at", at or timezone.now())
    shipment.save()
    record_write(shipment, "shipments", before, written(shipment), who=who)
    if goal == CANCELLED:
        _refresh(order)


def _check_order(order: Order, shipment: Shipment, goal: Shipment.Status) -> None:
    """Nothing is sent of what nobody has bought, and what was bought costs what was agreed."""
    if goal != CANCELLED and order.status not in BOUGHT:
        raise Obstructed(Obstacle("not_placed", "order", f"is {order.status}: nothing is sent"))
    if goal == CANCELLED and order.status not in OPEN and shipment.cost_amount_cents:
        message = f"is {order.status}: the cost of this shipment was agreed on with it"
        raise Obstructed(Obstacle("not_open", "order", message))


def _write(shipment: Shipment, order: Order, given: Values, *, who: Who) -> None:
    is_new = shipment._state.adding
    before = {} if is_new else written(shipment)
    if "shipping_method" in given:
        _choose(shipment, given["shipping_method"], order)
    for name, value in given.items():
        if name != "shipping_method":
            setattr(shipment, name, value)
    shipment.save(force_insert=is_new)
    shipment.refresh_from_db(fields=["number"])
    changes = record_write(shipment, "shipments", before, written(shipment), who=who)
    if "cost_amount_cents" in changes:
        _refresh(order)


def _choose(shipment: Shipment, method: ShippingMethod | None, order: Order) -> None:
    if method and not is_offered(method, order, grams=weights_of([order.pk])[order.pk]):
        message = f"{method.name} is not available for this order"
        raise Obstructed(Obstacle("not_available", "shipping_method", message))
    shipment.shipping_method = method
    shipment.cost_amount_cents = cost_of(method, order) if method else 0


def _refresh(order: Order) -> None:
    if order.status in OPEN and order.autorefresh:
        refresh_totals([order.pk])
