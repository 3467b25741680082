"""The cast of the tests: a small shop, and orders in it that are as consistent as real ones.

    here = shop()                                   # a market with prices, stock, ways to pay, ...
    mug = here.sku("MUG", price=1000, stock=5)
    order = order_with(here, Line(mug, 2))          # everything there: it could be placed
    order = order_with(here, Line(mug), shipping_address=None, coupon_code="SPRING")
    order = placed_order(here, Line(mug, 2))        # moved by the lifecycle itself, stock taken

Builders are stacked: ``placed_order`` places what ``order_with`` makes, ``approved_order`` approves
what ``placed_order`` makes, and so on, so that no test starts from an order that cannot exist.
Every word that a builder does not know is a field of the order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from orders import lifecycle
from orders.audit import Who
from orders.lifecycle import Outcome
from orders.models import (
    Address,
    Coupon,
    Customer,
    CustomerPaymentSource,
    ItemType,
    LineItem,
    LineItemOption,
    Market,
    MarketStockLocation,
    Order,
    OrderStatus,
    PaymentMethod,
    PaymentSource,
    PaymentSourceType,
    Price,
    PriceList,
    Promotion,
    Shipment,
    ShippingMethod,
    Sku,
    StockItem,
    StockLocation,
)
from orders.totals import refresh_totals

NOON = datetime(2030, 6, 15, 12, tzinfo=UTC)
TESTER = Who.command("pytest")
UNSET: Any = object()

_running_number = count(1)


def unused(name: str) -> str:
    """Answer a name that no other row of this test run has."""
    return f"{name} {next(_running_number)}"


@dataclass(frozen=True)
class Shop:
    """A market and what belongs to it, all in one mode."""

    mode: str
    market: Market
    warehouse: StockLocation
    wire: PaymentMethod  # needs no stored payment source
    card: PaymentMethod  # needs one
    courier: ShippingMethod
    alice: Customer

    def sku(
        self, code: str | None = None, *, price: int = 1000, stock: int | None = 10, **fields: Any
    ) -> Sku:
        """Make a SKU with a price; ``stock`` pieces lie in the warehouse (None: no stock item)."""
        code = code or unused("SKU")
        sku = Sku.objects.create(**{"mode": self.mode, "code": code, "name": code, **fields})
        Price.objects.create(
            mode=self.mode, sku=sku, price_list=self.market.price_list, amount_cents=price
        )
        if stock is not None:
            self.stock(sku, stock)
        return sku

    def stock(self, sku: Sku, quantity: int, location: StockLocation | None = None) -> StockItem:
        """Put pieces of a SKU into the warehouse, or into another location."""
        return StockItem.objects.create(
            mode=self.mode,
            sku=sku,
            stock_location=location or self.warehouse,
            quantity=quantity,
        )

    def location(self, *, priority: int = 2) -> StockLocation:
        """Give the market a further stock location."""
        place = StockLocation.objects.create(mode=self.mode, name=unused("location"))
        MarketStockLocation.objects.create(
            market=self.market, stock_location=place, priority=priority
        )
        return place

    def customer(self, email: str) -> Customer:
        return Customer.objects.create(mode=self.mode, email=email)

    def address(self, **fields: Any) -> Address:
        return Address.objects.create(
            **{
                "mode": self.mode,
                "first_name": "Alice",
                "last_name": "Liddell",
                "line_1": "Folly Bridge 1",
                "city": "Oxford",
                "zip_code": "OX1 4LA",
                "country_code": "GB",
                **fields,
            }
        )

    def promotion(
        self,
        *,
        percentage: int | None = None,
        fixed: int | None = None,
        skus: Sequence[Sku] = (),
        **fields: Any,
    ) -> Promotion:
        """Make a promotion, valid now and at ``NOON``: so much per cent, or a fixed amount."""
        kind = Promotion.Type.FIXED_AMOUNT if fixed else Promotion.Type.PERCENTAGE
        promotion = Promotion.objects.create(
            **{
                "mode": self.mode,
                "type": kind,
                "name": unused("promotion"),
                "percentage": percentage,
                "fixed_amount_cents": fixed,
                "starts_at": datetime(2020, 1, 1, tzinfo=UTC),
                "expires_at": NOON + timedelta(days=365),
                **fields,
            }
        )
        promotion.skus.set(skus)
        return promotion

    def coupon(self, code: str, *, promotion: Promotion | None = None, **fields: Any) -> Coupon:
        """Make a coupon; without a promotion to unlock it gets one of 10 %."""
        return Coupon.objects.create(
            mode=self.mode,
            code=code,
            promotion=promotion or self.promotion(percentage=10),
            **fields,
        )

    def wallet(self, customer: Customer) -> CustomerPaymentSource:
        """Put an external payment into a customer's wallet."""
        token = unused("card")
        source = PaymentSource.objects.create(
            mode=self.mode,
            type=PaymentSourceType.EXTERNAL,
            payment_source_token=token,
            from_wallet=True,
        )
        entry = CustomerPaymentSource.objects.create(
            mode=self.mode,
            customer=customer,
            payment_method=self.card,
            payment_source=source,
            payment_source_token=token,
        )
        PaymentSource.objects.filter(pk=source.pk).update(wallet=entry)
        return entry


def shop(mode: str = "test", *, currency: str = "EUR", **market_fields: Any) -> Shop:
    """Build a shop; a second one shares nothing with the first (``market_beside`` does)."""
    prices = PriceList.objects.create(mode=mode, name=unused("prices"), currency_code=currency)
    market = Market.objects.create(
        **{"mode": mode, "name": unused("market"), "price_list": prices, **market_fields}
    )
    warehouse = StockLocation.objects.create(mode=mode, name=unused("warehouse"))
    MarketStockLocation.objects.create(market=market, stock_location=warehouse, priority=1)
    return Shop(
        mode=mode,
        market=market,
        warehouse=warehouse,
        wire=PaymentMethod.objects.create(
            mode=mode, payment_source_type=PaymentSourceType.WIRE_TRANSFER
        ),
        card=PaymentMethod.objects.create(
            mode=mode, payment_source_type=PaymentSourceType.EXTERNAL
        ),
        courier=ShippingMethod.objects.create(
            mode=mode, name=unused("courier"), price_amount_cents=500
        ),
        alice=Customer.objects.create(mode=mode, email=f"alice{next(_running_number)}@example.com"),
    )


def market_beside(here: Shop, *locations: StockLocation) -> Market:
    """Make a second market with the same prices that sells from ``locations``, in this order."""
    market = Market.objects.create(
        mode=here.mode, name=unused("market"), price_list=here.market.price_list
    )
    for priority, location in enumerate(locations, start=1):
        MarketStockLocation.objects.create(
            market=market, stock_location=location, priority=priority
        )
    return market


@dataclass(frozen=True)
class Line:
    """A SKU line to be made.

    The price is the SKU's own unless given; ``options`` are prices in cents, one for each option.
    """

    sku: Sku | None
    quantity: int = 1
    price: int | None = None
    discount: int = 0
    options: Sequence[int] = ()

    def unit_amount(self) -> int:
        if self.price is not None:
            return self.price
        known = self.sku.prices.first() if self.sku else None
        return known.amount_cents if known else 1000


def order_with(
    here: Shop,
    *lines: Line,
    customer: Customer | None = UNSET,
    shipping_cost: int | None = None,
    **fields: Any,
) -> Order:
    """Make an order that lacks nothing for being placed, unless told otherwise.

    It is pending, or a draft without customer or lines; it is Alice's, ships to her and is paid by
    wire transfer. ``customer=None``, ``shipping_address=None`` and the like take something away;
    ``shipping_cost`` adds a shipment by courier.
    """
    customer = here.alice if customer is UNSET else customer
    complete: dict[str, Any] = {
        "mode": here.mode,
        "market": here.market,
        "currency_code": here.market.price_list.currency_code,
        "status": OrderStatus.PENDING if customer and lines else OrderStatus.DRAFT,
        "customer": customer,
        "customer_email": customer.email if customer else None,
        "payment_method": here.wire,
    }
    for address in ("billing_address", "shipping_address"):
        if address not in fields:
            complete[address] = here.address()
    order = Order.objects.create(**{**complete, **fields})
    for position, line in enumerate(lines, start=1):
        add_line(order, line, position=position)
    if shipping_cost is not None:
        add_shipment(order, here.courier, cost=shipping_cost)
    return totalled(order)


def add_line(order: Order, line: Line, **fields: Any) -> LineItem:
    """Add a SKU line with its options; the order's totals are left to ``totalled``."""
    item = LineItem.objects.create(
        **{
            "mode": order.mode,
            "order": order,
            "sku": line.sku,
            "sku_code": line.sku.code if line.sku else None,
            "name": line.sku.name if line.sku else "something",
            "quantity": line.quantity,
            "currency_code": order.currency_code,
            "unit_amount_cents": line.unit_amount(),
            "discount_cents": line.discount,
            "total_amount_cents": line.unit_amount() * line.quantity,
            **fields,
        }
    )
    for price in line.options:
        LineItemOption.objects.create(
            mode=order.mode,
            line_item=item,
            name="option",
            currency_code=order.currency_code,
            unit_amount_cents=price,
        )
    return item


def add_adjustment(order: Order, amount: int) -> LineItem:
    """Add an amount that stands for no SKU, such as a surcharge or a goodwill."""
    return LineItem.objects.create(
        mode=order.mode,
        order=order,
        item_type=ItemType.ADJUSTMENT,
        name="adjustment",
        quantity=1,
        currency_code=order.currency_code,
        unit_amount_cents=amount,
        total_amount_cents=amount,
    )


def add_shipment(order: Order, method: ShippingMethod | None, *, cost: int = 0) -> Shipment:
    """Add a parcel, without a method if that is None."""
    shipment = Shipment.objects.create(
        mode=order.mode, order=order, shipping_method=method, cost_amount_cents=cost
    )
    shipment.refresh_from_db(fields=["number"])
    return shipment


def totalled(order: Order) -> Order:
    """Bring the order's amounts in line with its lines, and answer it as it is now stored."""
    refresh_totals([order.pk])
    order.refresh_from_db()
    return order


def total(order: Order) -> int:
    """What the order comes to by now, in cents."""
    order.refresh_from_db()
    return order.total_amount_cents


def placed_order(here: Shop, *lines: Line, **fields: Any) -> Order:
    """Make an order (of one new SKU unless ``lines`` are given) and place it."""
    order = order_with(here, *(lines or [Line(here.sku())]), **fields)
    return moved(order, lifecycle.place)


def approved_order(here: Shop, *lines: Line, **fields: Any) -> Order:
    return moved(placed_order(here, *lines, **fields), lifecycle.approve)


def paid_order(here: Shop, *lines: Line, **fields: Any) -> Order:
    return moved(approved_order(here, *lines, **fields), lifecycle.capture)


def fulfilled_order(here: Shop, *lines: Line, **fields: Any) -> Order:
    return moved(paid_order(here, *lines, **fields), lifecycle.fulfill)


def refunded_order(here: Shop, *lines: Line, **fields: Any) -> Order:
    return moved(paid_order(here, *lines, **fields), lifecycle.refund)


def cancelled_order(here: Shop, *lines: Line, **fields: Any) -> Order:
    return moved(placed_order(here, *lines, **fields), lifecycle.cancel)


def moved(order: Order, action: Callable[..., Outcome]) -> Order:
    """Let the lifecycle move an order at ``NOON``; that it may is up to the test."""
    outcome = action([order.pk], who=TESTER, at=NOON)
    assert outcome.done == [order.pk], outcome
    order.refresh_from_db()
    return order
