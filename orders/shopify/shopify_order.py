"""An order as the file tells it, every value checked and in our own terms."""

from dataclasses import dataclass
from datetime import datetime

from orders.models import (
    FulfillmentStatus,
    OrderStatus,
    PaymentSourceType,
    PaymentStatus,
    Transaction,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address."""

    first_name: str | None
    last_name: str | None
    company: str | None
    line_1: str
    line_2: str | None
    city: str
    zip_code: str | None
    state_code: str | None
    country_code: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A line; ``discount`` is never positive, as in the table."""

    sku_code: str | None
    name: str
    quantity: int
    unit: int
    compare_at: int | None
    discount: int
    tax: int

    @property
    def total(self) -> int:
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Amounts:
    """The order's own sums, in the smallest unit of its currency."""

    subtotal: int
    discount: int
    shipping: int
    taxes: int
    total: int
    tax_included: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """How it is paid: the method by name and kind, the source's token, and what has moved."""

    method: str
    type: PaymentSourceType
    token: str | None
    transactions: tuple[tuple[Transaction.Type, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the order stands, and since when."""

    status: OrderStatus
    payment_status: PaymentStatus
    fulfillment_status: FulfillmentStatus
    placed_at: datetime
    approved_at: datetime | None
    cancelled_at: datetime | None
    paid_at: datetime | None
    fulfilled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShopifyOrder:
    """One order of the file. ``fingerprint`` tells whether another one says exactly the same."""

    line: int
    fingerprint: bytes
    number: str
    reference: str | None
    email: str | None
    currency: str
    standing: Standing
    amounts: Amounts
    items: tuple[Item, ...]
    payment: Payment
    shipping_method: str | None
    billing: Place | None
    shipping: Place | None
    coupon_code: str | None
    tags: tuple[str, ...]
    metadata: dict[str, str]
