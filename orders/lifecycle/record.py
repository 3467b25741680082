"""What a move leaves behind: an audit entry of each order, and events for the outside.

Both are read from the difference between where an order stood and where it stands now, so no
action can forget one or tell of something that did not happen.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orders.audit import AuditEntry, Happening, Who, record_audit, record_events
from orders.lifecycle.moves import FULFILLMENT, PAYMENT, STATUS
from orders.lifecycle.standing import Standing
from orders.models import EventStore, FulfillmentStatus, OrderStatus, PaymentStatus

RESOURCE_TYPE = "orders"

# A statement that moves orders ends with these, for ``record_moves`` to read.
RETURNING_STATES = """
RETURNING orders_order.id, orders_order.status, orders_order.payment_status,
          orders_order.fulfillment_status
"""

TOPICS = {
    (STATUS, OrderStatus.PENDING): "orders.pending",
    (STATUS, OrderStatus.PLACED): "orders.place",
    (STATUS, OrderStatus.APPROVED): "orders.approve",
    (STATUS, OrderStatus.CANCELLED): "orders.cancel",
    (PAYMENT, PaymentStatus.AUTHORIZED): "orders.authorize",
    (PAYMENT, PaymentStatus.PAID): "orders.pay",
    (PAYMENT, PaymentStatus.VOIDED): "orders.void",
    (PAYMENT, PaymentStatus.REFUNDED): "orders.refund",
    (FULFILLMENT, FulfillmentStatus.IN_PROGRESS): "orders.start_fulfilling",
    (FULFILLMENT, FulfillmentStatus.FULFILLED): "orders.fulfill",
}

Changes = dict[str, tuple[Any, Any]]


def record_moves(
    before: Mapping[str, Standing], after: Iterable[tuple[str, ...]], *, who: Who
) -> None:
    """Record what became of orders; ``after`` are rows of ``RETURNING_STATES``, in any order."""
    now = {order_id: states for order_id, *states in after}
    changes = {
        order.id: _changes(order, now[order.id]) for order in before.values() if order.id in now
    }
    record_changes(before, changes, who=who)
    record_events(
        Happening(before[order_id].mode, topic, RESOURCE_TYPE, order_id)
        for order_id, changed in changes.items()
        for topic in _topics(changed)
    )


def record_changes(
    orders: Mapping[str, Standing], changes: Mapping[str, Changes], *, who: Who
) -> None:
    """Write the audit entries of changed orders."""
    record_audit(
        (
            AuditEntry(
                orders[order_id].mode, RESOURCE_TYPE, order_id, EventStore.What.UPDATE, changed
            )
            for order_id, changed in changes.items()
        ),
        who=who,
    )


def record_destruction(orders: Iterable[Standing], *, who: Who) -> None:
    """Record that these orders are gone."""
    gone = list(orders)
    record_audit(
        (
            AuditEntry(
                order.mode,
                RESOURCE_TYPE,
                order.id,
                EventStore.What.DESTROY,
                {"number": (order.number, None), STATUS: (order.status, None)},
            )
            for order in gone
        ),
        who=who,
    )
    record_events(
        Happening(order.mode, "orders.destroy", RESOURCE_TYPE, order.id) for order in gone
    )


def _changes(order: Standing, now: Iterable[str]) -> Changes:
    was = (order.status, order.payment_status, order.fulfillment_status)
    steps = zip((STATUS, PAYMENT, FULFILLMENT), was, now, strict=True)
    return {axis: (old, new) for axis, old, new in steps if old != new}


def _topics(changes: Changes) -> Iterator[str]:
    for axis, (old, new) in changes.items():
        # Nothing is voided where nothing was authorized, whatever the order's state is called.
        if new != PaymentStatus.VOIDED or old == PaymentStatus.AUTHORIZED:
            topic = TOPICS.get((axis, new))
            if topic:
                yield topic
