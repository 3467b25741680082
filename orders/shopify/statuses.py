"""How the statuses of an export become those of our orders."""

from dataclasses import dataclass

from orders.models import FulfillmentStatus, OrderStatus, PaymentStatus, Shipment, Transaction

FULFILLED = "fulfilled"


@dataclass(frozen=True)
class FinancialStanding:
    """What a Financial Status says: where the order stands, and the money that has moved."""

    status: OrderStatus
    payment_status: PaymentStatus
    transactions: tuple[Transaction.Type, ...]


_AUTHORIZED = FinancialStanding(
    OrderStatus.PLACED, PaymentStatus.AUTHORIZED, (Transaction.Type.AUTHORIZATION,)
)

STANDINGS = {
    "paid": FinancialStanding(
        OrderStatus.APPROVED,
        PaymentStatus.PAID,
        (Transaction.Type.AUTHORIZATION, Transaction.Type.CAPTURE),
    ),
    # what was given back is a refund of that much; the order stays paid
    "partially_refunded": FinancialStanding(
        OrderStatus.APPROVED,
        PaymentStatus.PAID,
        (Transaction.Type.AUTHORIZATION, Transaction.Type.CAPTURE, Transaction.Type.REFUND),
    ),
    "pending": _AUTHORIZED,
    "authorized": _AUTHORIZED,
    "": _AUTHORIZED,
    "refunded": FinancialStanding(
        OrderStatus.CANCELLED,
        PaymentStatus.REFUNDED,
        (Transaction.Type.AUTHORIZATION, Transaction.Type.CAPTURE, Transaction.Type.REFUND),
    ),
    "voided": FinancialStanding(
        OrderStatus.CANCELLED,
        PaymentStatus.VOIDED,
        (Transaction.Type.AUTHORIZATION, Transaction.Type.VOID),
    ),
}


def fulfillment_status(word: str, payment_status: PaymentStatus) -> FulfillmentStatus:
    """``word`` is the Fulfillment Status, in small letters."""
    if word == FULFILLED:
        return FulfillmentStatus.FULFILLED
    if payment_status is PaymentStatus.PAID:
        return FulfillmentStatus.IN_PROGRESS
    return FulfillmentStatus.UNFULFILLED


def shipment_status(status: OrderStatus, fulfillment: FulfillmentStatus) -> Shipment.Status:
    """A parcel that never went out rests: as cancelled it would not count in the order's total."""
    if fulfillment is FulfillmentStatus.FULFILLED:
        return Shipment.Status.DELIVERED
    if status is OrderStatus.CANCELLED:
        return Shipment.Status.ON_HOLD
    return Shipment.Status.UPCOMING
