"""What the page of an order shows, gathered in a constant number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders import lifecycle
from orders.admin.figures import in_money
from orders.admin.history import history_of
from orders.admin.wording import AXES, SHIPMENT_STATES, TRANSACTIONS, Text, obstacle_in_words, state
from orders.models import LineItem, LineItemOption, Order, PaymentSource, StockItem
from orders.obstacles import Obstacle
from orders.open_orders import OPEN

# What the live look at an order finds by itself, better than the last attempt to place it.
FOUND_LIVE = frozenset({"missing", "out_of_stock", "invalid_coupon"})


@dataclass(frozen=True)
class Panel:
    """A part of the page that others add: a template and what it shows."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Pile:
    """Pieces of a SKU in one place of the order's market."""

    place: str
    quantity: int
    address: str


@dataclass(frozen=True)
class ShownLine:
    """A line as the page shows it."""

    line: LineItem
    unit: str
    total: str
    discount: str
    options: Sequence[str]
    picture: str | None
    address: str | None  # of the SKU's page
    piles: Sequence[Pile] = ()
    is_tracked: bool = False

    @property
    def available(self) -> int:
        return sum(pile.quantity for pile in self.piles)

    @property
    def is_short(self) -> bool:
        return self.is_tracked and self.available < self.line.quantity


@dataclass(frozen=True)
class ShownObstacle:
    """What stands in the way of placing, and where that is mended."""

    words: str
    links: Sequence[tuple[str, str]] = field(default=())  # (address, words)


@dataclass(frozen=True)
class Label:
    text: Text
    colour: str


class OrderPage:
    """An order with all that is shown of it."""

    def __init__(self, order: Order) -> None:
        self.order = order

    @property
    def is_open(self) -> bool:
        return self.order.status in OPEN

    @property
    def labels(self) -> list[tuple[Text, Label]]:
        """What each label is about, for those who hear it, and the label."""
        order = self.order
        return [(words, Label(*state(axis, getattr(order, axis)))) for axis, words in AXES.items()]

    def money(self, cents: int) -> str:
        return in_money(cents, self.order.currency_code)

    # Lines and stock

    @cached_property
    def rows(self) -> list[LineItem]:
        options = LineItemOption.objects.order_by("created_at", "pk")
        lines = self.order.line_items.select_related("sku").order_by("position", "pk")
        return list(lines.prefetch_related(Prefetch("line_item_options", options)))

    @cached_property
    def lines(self) -> list[ShownLine]:
        return [self._line(line) for line in self.rows]

    @cached_property
    def piles(self) -> Mapping[str, list[Pile]]:
        """By SKU, the pieces that lie where the order's market takes them from."""
        skus = {line.sku_id for line in self.rows if line.sku_id}
        stock = StockItem.objects.filter(
            sku__in=skus, stock_location__marketstocklocation__market=self.order.market_id
        )
        found = defaultdict(list)
        for item in stock.select_related("stock_location").order_by(
            "stock_location__marketstocklocation__priority", "pk"
        ):
            address = reverse("admin:orders_stockitem_change", args=[item.pk])
            pile = Pile(item.stock_location.name, item.quantity, address)
            found[item.sku_id].append(pile)
        return found

    def _line(self, line: LineItem) -> ShownLine:
        sku = line.sku
        is_tracked = self.is_open and sku is not None and not sku.do_not_track
        return ShownLine(
            line,
            unit=self.money(line.unit_amount_cents),
            total=self.money(line.total_amount_cents),
            discount=self.money(line.discount_cents) if line.discount_cents else "",
            options=[self._option(option) for option in line.line_item_options.all()],
            picture=showable(line.image_url or (sku.image_url if sku else None)),
            address=reverse("admin:orders_sku_change", args=[sku.pk]) if sku else None,
            piles=self.piles[sku.pk] if is_tracked and sku else (),
            is_tracked=is_tracked,
        )

    def _option(self, option: LineItemOption) -> str:
        name = option.name or gettext("option")
        price = self.money(option.total_amount_cents)
        return f"{option.quantity} × {name} ({price})"

    # What stands in the way

    @cached_property
    def ahead(self) -> list[Obstacle]:
        return lifecycle.obstacles_ahead(self.order) if self.is_open else []

    @cached_property
    def obstacles(self) -> list[ShownObstacle]:
        """What stands in the way now, and what else did at the last attempt."""
        if not self.is_open:
            return []
        now = [ShownObstacle(obstacle_in_words(each), self._mended_at(each)) for each in self.ahead]
        kept = self.order.resource_errors.exclude(code__in=FOUND_LIVE).order_by("created_at", "pk")
        return now + [
            ShownObstacle(obstacle_in_words(Obstacle(error.code, error.name, error.message)))
            for error in kept
        ]

    def _mended_at(self, obstacle: Obstacle) -> list[tuple[str, str]]:
        """The stock items of the SKU that is short; where there are none, the SKU."""
        if obstacle.line_item_id is None:
            return []
        line = next((row for row in self.rows if row.pk == obstacle.line_item_id), None)
        if line is None or line.sku is None:
            return []
        piles = [
            (pile.address, gettext("Stock in %(place)s") % {"place": pile.place})
            for pile in self.piles[line.sku.pk]
        ]
        sku = reverse("admin:orders_sku_change", args=[line.sku.pk])
        return piles or [(sku, gettext("Put it into stock"))]

    # Money, parcels, tags, history

    @cached_property
    def amounts(self) -> list[tuple[Text, str]]:
        """What the total is made of; parts of nothing are left out."""
        order = self.order
        taxes = _("of which taxes") if order.tax_included else _("Taxes")
        parts: list[tuple[Text, int]] = [
            (_("Products"), order.subtotal_amount_cents),
            (_("Discount"), order.discount_amount_cents),
            (_("Adjustments"), order.adjustment_amount_cents),
            (_("Shipping"), order.shipping_amount_cents),
            (_("Payment method"), order.payment_method_amount_cents),
            (taxes, order.total_tax_amount_cents),
        ]
        shown = [parts[0], *(part for part in parts[1:] if part[1])]
        return [(words, self.money(cents)) for words, cents in shown]

    @property
    def total(self) -> str:
        return self.money(self.order.total_amount_cents)

    @cached_property
    def shipment_rows(self) -> list[Any]:
        shipments = self.order.shipments.select_related("shipping_method")
        return list(shipments.order_by("created_at", "pk"))

    @cached_property
    def shipments(self) -> list[dict[str, Any]]:
        return [
            {
                "shipment": shipment,
                "label": Label(*SHIPMENT_STATES[shipment.status]),
                "cost": self.money(shipment.cost_amount_cents),
                "address": reverse("admin:orders_shipment_change", args=[shipment.pk]),
            }
            for shipment in self.shipment_rows
        ]

    @cached_property
    def transactions(self) -> list[dict[str, Any]]:
        return [
            {
                "words": TRANSACTIONS[row.type],
                "amount": in_money(row.amount_cents, row.currency_code),
                "at": row.created_at,
                "succeeded": row.succeeded,
            }
            for row in self.order.transactions.order_by("created_at", "type", "pk")
        ]

    @property
    def payment_source(self) -> str | None:
        source = self.order.payment_source
        return source_in_words(source) if source else None

    @cached_property
    def tags(self) -> list[str]:
        return list(self.order.tags.order_by("name").values_list("name", flat=True))

    @cached_property
    def history(self) -> Any:
        shipments = {shipment.pk: shipment.number for shipment in self.shipment_rows}
        return history_of(self.order, self.rows, shipments)


def address_of(order: Order) -> str:
    """Where the page of an order is."""
    return reverse("admin:orders_order_change", args=[order.pk])


def source_in_words(source: PaymentSource) -> str:
    """A payment source by its kind and what the customer would know it by."""
    kinds = {"external_payments": _("External payment"), "wire_transfers": _("Wire transfer")}
    kind = str(kinds[source.type])
    return f"{kind} {source.payment_source_token}" if source.payment_source_token else kind


def showable(address: str | None) -> str | None:
    """The address of a picture if browsers are allowed to load it, else None."""
    if not address:
        return None
    parts = urlsplit(address)
    hosts = {urlsplit(host).netloc or host for host in settings.PICTURE_HOSTS}
    return address if parts.scheme in {"http", "https"} and parts.netloc in hosts else None
