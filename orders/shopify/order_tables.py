"""The rows of many orders, gathered table by table and written with one COPY a table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orders.ids import new_ids, new_token
from orders.models import Address, LineItem, Order, PaymentSource, Shipment, Transaction
from orders.shopify.shopify_order import Place, ShopifyOrder
from orders.shopify.statuses import shipment_status
from orders.shopify.table_copy import copy_into

ORIGIN = "shopify"
# Its own, its addresses' and its payment's, and those of a few lines: a draw is about a batch.
IDS_AN_ORDER = 12

ORDER_COLUMNS = (
    "id",
    "mode",
    "reference",
    "reference_origin",
    "metadata",
    "number",
    "status",
    "payment_status",
    "fulfillment_status",
    "market_id",
    "customer_id",
    "customer_email",
    "currency_code",
    "coupon_code",
    "billing_address_id",
    "shipping_address_id",
    "country_code",
    "payment_method_id",
    "payment_source_id",
    "tax_included",
    "subtotal_amount_cents",
    "shipping_amount_cents",
    "discount_amount_cents",
    "subtotal_tax_amount_cents",
    "total_tax_amount_cents",
    "total_amount_cents",
    "placed_at",
    "approved_at",
    "cancelled_at",
    "payment_updated_at",
    "fulfillment_updated_at",
    "token",
)
LINE_COLUMNS = (
    "id",
    "mode",
    "order_id",
    "position",
    "sku_id",
    "sku_code",
    "name",
    "quantity",
    "currency_code",
    "unit_amount_cents",
    "compare_at_amount_cents",
    "discount_cents",
    "total_amount_cents",
    "tax_amount_cents",
)
ADDRESS_COLUMNS = (
    "id",
    "mode",
    "business",
    "first_name",
    "last_name",
    "company",
    "line_1",
    "line_2",
    "city",
    "zip_code",
    "state_code",
    "country_code",
    "phone",
)
SHIPMENT_COLUMNS = (
    "id",
    "mode",
    "order_id",
    "status",
    "shipping_method_id",
    "cost_amount_cents",
    "shipped_at",
    "delivered_at",
)
SOURCE_COLUMNS = ("id", "mode", "type", "order_id", "payment_source_token")
TRANSACTION_COLUMNS = (
    "id",
    "mode",
    "type",
    "order_id",
    "amount_cents",
    "currency_code",
    "reference_transaction_id",
)
TAG_COLUMNS = ("order_id", "tag_id")

# Every table that an import of orders fills.
FILLED = (Order, LineItem, Address, Shipment, PaymentSource, Transaction)


@dataclass(frozen=True, slots=True)
class Links:
    """The ids of what an order belongs to."""

    market_id: str
    customer_id: str | None
    payment_method_id: str
    shipping_method_id: str | None
    sku_ids: Mapping[str | None, str]
    tag_ids: Mapping[str, str]


@dataclass
class OrderTables:
    """Rows that wait to be written; their ids are made here."""

    mode: str
    ids: Iterator[str]
    orders: list[Sequence[Any]] = field(default_factory=list)
    lines: list[Sequence[Any]] = field(default_factory=list)
    addresses: list[Sequence[Any]] = field(default_factory=list)
    shipments: list[Sequence[Any]] = field(default_factory=list)
    sources: list[Sequence[Any]] = field(default_factory=list)
    transactions: list[Sequence[Any]] = field(default_factory=list)
    tags: list[Sequence[Any]] = field(default_factory=list)

    @classmethod
    def for_orders(cls, count: int, *, mode: str) -> "OrderTables":
        """Empty tables for about so many orders."""
        return cls(mode, new_ids(IDS_AN_ORDER * max(count, 1)))

    def add(self, order: ShopifyOrder, links: Links) -> str:
        """Take in an order with all that hangs on it; answers its id."""
        order_id, source_id = next(self.ids), next(self.ids)
        self._add_order(order, links, order_id=order_id, source_id=source_id)
        self.sources.append(
            (source_id, self.mode, order.payment.type.value, order_id, order.payment.token)
        )
        self._add_lines(order, links, order_id)
        self._add_shipment(order, links, order_id)
        self._add_transactions(order, order_id)
        self.tags.extend((order_id, links.tag_ids[name]) for name in order.tags)
        return order_id

    def write(self) -> None:
        """Write everything. The tables refer to each other in circles, which is checked later."""
        for model, columns, rows in (
            (Address, ADDRESS_COLUMNS, self.addresses),
            (Order, ORDER_COLUMNS, self.orders),
            (PaymentSource, SOURCE_COLUMNS, self.sources),
            (LineItem, LINE_COLUMNS, self.lines),
            (Shipment, SHIPMENT_COLUMNS, self.shipments),
            (Transaction, TRANSACTION_COLUMNS, self.transactions),
            (Order.tags.through, TAG_COLUMNS, self.tags),
        ):
            if rows:
                copy_into(model._meta.db_table, columns, rows)

    def _add_order(
        self, order: ShopifyOrder, links: Links, *, order_id: str, source_id: str
    ) -> None:
        standing, amounts = order.standing, order.amounts
        self.orders.append(
            (
                order_id,
                self.mode,
                order.reference,
                ORIGIN,
                json.dumps(order.metadata),
                order.number,
                standing.status.value,
                standing.payment_status.value,
                standing.fulfillment_status.value,
                links.market_id,
                links.customer_id,
                order.email,
                order.currency,
                order.coupon_code,
                self._add_address(order.billing),
                self._add_address(order.shipping),
                order.shipping.country_code if order.shipping else None,
                links.payment_method_id,
                source_id,
                amounts.tax_included,
                amounts.subtotal,
                amounts.shipping,
                amounts.discount,
                amounts.taxes,
                amounts.taxes,
                amounts.total,
                standing.placed_at,
                standing.approved_at,
                standing.cancelled_at,
                standing.paid_at,
                standing.fulfilled_at,
                new_token(),
            )
        )

    def _add_address(self, place: Place | None) -> str | None:
        if place is None:
            return None
        address_id = next(self.ids)
        self.addresses.append(
            (
                address_id,
                self.mode,
                place.company is not None,
                place.first_name,
                place.last_name,
                place.company,
                place.line_1,
                place.line_2,
                place.city,
                place.zip_code,
                place.state_code,
                place.country_code,
                place.phone,
            )
        )
        return address_id

    def _add_lines(self, order: ShopifyOrder, links: Links, order_id: str) -> None:
        for position, item in enumerate(order.items, start=1):
            self.lines.append(
                (
                    next(self.ids),
                    self.mode,
                    order_id,
                    position,
                    links.sku_ids.get(item.sku_code),
                    item.sku_code,
                    item.name,
                    item.quantity,
                    order.currency,
                    item.unit,
                    item.compare_at,
                    item.discount,
                    item.total,
                    item.tax,
                )
            )

    def _add_shipment(self, order: ShopifyOrder, links: Links, order_id: str) -> None:
        if not order.amounts.shipping and links.shipping_method_id is None:
            return
        standing = order.standing
        self.shipments.append(
            (
                next(self.ids),
                self.mode,
                order_id,
                shipment_status(standing.status, standing.fulfillment_status).value,
                links.shipping_method_id,
                order.amounts.shipping,
                standing.fulfilled_at,
                standing.fulfilled_at,
            )
        )

    def _add_transactions(self, order: ShopifyOrder, order_id: str) -> None:
        """Each refers to the one before it: a capture to its authorization, say."""
        before = None
        for kind, amount in order.payment.transactions:
            this = next(self.ids)
            self.transactions.append(
                (this, self.mode, kind.value, order_id, amount, order.currency, before)
            )
            before = this
