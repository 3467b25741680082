"""Orders on the wire: what each attribute is, and which verb does what."""

from operator import attrgetter
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from config.jsonapi import registry
from config.jsonapi.relations import Relation, Through, about, through, to_many, to_one
from config.jsonapi.resource import Change, Computed
from orders import lifecycle, payments, wallets
from orders.api import order_triggers as verbs
from orders.api.amounts import amount
from orders.api.offers import offered
from orders.api.order_writes import create_order, delete_order, update_order
from orders.api.resource import ShopResource, left_out
from orders.models import (
    ItemType,
    LineItem,
    LineItemOption,
    Order,
    OrderStatus,
    ResourceError,
    Shipment,
)

OPEN = {OrderStatus.DRAFT, OrderStatus.PENDING}


def _count(rows: QuerySet[Any], parent: str, what: Any) -> Coalesce:
    """A number from the rows that belong to an order, without joining them to it."""
    counted = rows.filter(**{parent: OuterRef("pk")}).order_by().values(parent)
    return Coalesce(Subquery(counted.annotate(n=what).values("n")), 0)


LINES = LineItem.objects.filter(item_type=ItemType.SKU)
COUNTS = {
    "skus_count": _count(LINES, "order", Sum("quantity")),
    "line_item_options_count": _count(
        LineItemOption.objects.all(), "line_item__order", Count("pk")
    ),
    "shipments_count": _count(Shipment.objects.all(), "order", Count("pk")),
    "errors_count": _count(ResourceError.objects.all(), "order", Count("pk")),
}
CUSTOMER_TYPE = Case(
    When(customer=None, then=Value(None)),
    When(
        Exists(
            Order.objects.filter(
                customer=OuterRef("customer"),
                placed_at__lt=Coalesce(OuterRef("placed_at"), OuterRef("updated_at")),
            ).exclude(pk=OuterRef("pk"))
        ),
        then=Value("returning"),
    ),
    default=Value("new"),
    output_field=CharField(),
)


def _without_included(order: Order, gross: int, tax: int) -> int:
    return gross - tax if order.tax_included else gross


def subtotal_taxable(order: Order) -> int:
    """Lines are always taxable, less what was taken off them."""
    gross = order.subtotal_amount_cents + order.discount_amount_cents
    return _without_included(order, gross, order.subtotal_tax_amount_cents)


def _taxable(part: str, flag: str) -> Any:
    def found(order: Order) -> int:
        if not getattr(order, flag):
            return 0
        gross = getattr(order, f"{part}_amount_cents")
        return _without_included(order, gross, getattr(order, f"{part}_tax_amount_cents"))

    return found


TAXABLE = {
    "subtotal": subtotal_taxable,
    "shipping": _taxable("shipping", "freight_taxable"),
    "payment_method": _taxable("payment_method", "payment_method_taxable"),
    "adjustment": _taxable("adjustment", "adjustment_taxable"),
}


def total_taxable(order: Order) -> int:
    return sum(part(order) for part in TAXABLE.values())


def place_total(order: Order) -> int | None:
    """An order's amounts stand still once it is placed."""
    return None if order.placed_at is None else order.total_amount_cents


def amounts() -> dict[str, Computed]:
    found: dict[str, Computed] = {}
    for part in (
        "subtotal",
        "shipping",
        "payment_method",
        "discount",
        "adjustment",
        "total_tax",
        "subtotal_tax",
        "shipping_tax",
        "payment_method_tax",
        "adjustment_tax",
        "total",
    ):
        found |= amount(f"{part}_amount", language="language_code")
    for part, read in TAXABLE.items():
        found |= amount(f"{part}_taxable_amount", cents=read, language="language_code")
    found |= amount("total_taxable_amount", cents=total_taxable, language="language_code")
    found |= amount(
        "total_amount_with_taxes",
        cents=lambda order: order.total_amount_cents,
        language="language_code",
    )
    return found | amount("place_total_amount", cents=place_total, language="language_code")


def _payment_source_details(order: Order) -> dict[str, Any] | None:
    source = order.payment_source
    if source is None or source.mode != order.mode:
        return None
    return {"id": source.pk, "type": source.type}


def _checkout_url(order: Order) -> str | None:
    address = order.market.checkout_url
    return f"{address.rstrip('/')}/{order.pk}" if address else None


COMPUTED = {
    "editable": Computed(lambda order: order.status in OPEN),
    "customer_type": Computed(
        lambda order: order.customer_type, annotations={"customer_type": CUSTOMER_TYPE}
    ),
    "payment_source_details": Computed(
        _payment_source_details,
        joins=("payment_source",),
        column=Case(
            When(
                payment_source__mode=F("mode"),
                then=JSONObject(id=F("payment_source_id"), type=F("payment_source__type")),
            )
        ),
    ),
    "checkout_url": Computed(_checkout_url, joins=("market",)),
    **{
        name: Computed(attrgetter(name), annotations={name: count})
        for name, count in COUNTS.items()
    },
    **amounts(),
}
GIFT_CARDS = "gift cards are outside of this product"
FEES = "fees are charged by gateways, which are outside of this product"
DUTIES = "duties come from tax engines, which are outside of this product"
TAX_ENGINES = "tax calculators and invoices are outside of this product"
EDITING = "editing placed orders is outside of this product"
SUBSCRIPTIONS = "comes with subscriptions"


def _threes(stem: str, reason: str) -> dict[str, str]:
    return dict.fromkeys((f"{stem}_cents", f"{stem}_float", f"formatted_{stem}"), reason)


@registry.register
class Orders(ShopResource):
    """Orders and their lifecycle.

    Only what is draft or pending can be deleted, and only if it is neither source nor target of a
    copy; what was placed is cancelled instead, and stays. Its addresses are those that it was
    placed with; a slip in one is put right in the address itself.

    No order begins in a disabled market. An open order that changes its market costs what its lines
    cost there; it stays where it is when one of them has no price there, or when amounts would be
    in another currency.
    """

    type = "orders"
    model = Order
    write_only = frozenset({"customer_password"})
    computed = COMPUTED
    relations = {
        "market": to_one("market"),
        "customer": to_one("customer"),
        "shipping_address": to_one("shipping_address"),
        "billing_address": to_one("billing_address"),
        "payment_method": to_one("payment_method"),
        "payment_source": to_one("payment_source"),
        "line_items": to_many("order"),
        "line_item_options": Relation("pk", "line_item__order_id"),
        "shipments": to_many("order"),
        "default_payment_method": Through(
            "pk", "pk", join=Order, mine="pk", its="market__default_payment_method_id"
        ),
        "available_payment_methods": offered(payments.offered_to, payments.is_offered),
        "available_customer_payment_sources": offered(
            wallets.usable_for, wallets.is_usable, joins=("payment_method",)
        ),
        "resource_errors": to_many("order"),
        "transactions": to_many("order"),
        "authorizations": to_many("order"),
        "captures": to_many("order"),
        "voids": to_many("order"),
        "refunds": to_many("order"),
        "default_shipping_method": Through(
            "pk", "pk", join=Order, mine="pk", its="market__default_shipping_method_id"
        ),
        "events": about("orders"),
        "tags": through(Order, "tags"),
        "event_stores": about("orders"),
    }
    left_out = left_out(
        "circuit_state",
        "circuit_failure_count",
        "_reset_circuit",
        "attachments",
        "notifications",
        "links",
        "versions",
        "stock_reservations",
        "stock_transfers",
        place_async="placing takes milliseconds and is never put off",
        requires_billing_info="no market of this product asks for billing information",
        gift_card_taxable=GIFT_CARDS,
        gift_card_code=GIFT_CARDS,
        tax_calculations_count=TAX_ENGINES,
        validations_count="there are no validators outside of this product",
        subscription_created_at=SUBSCRIPTIONS,
        order_subscription=SUBSCRIPTIONS,
        order_subscriptions=SUBSCRIPTIONS,
        recurring_order_copies=SUBSCRIPTIONS,
        _create_subscriptions=SUBSCRIPTIONS,
        expiration_info="its rules belong to a feature outside of this product",
        _authorization_amount_cents="a payment is authorized as a whole",
        _update_taxes=TAX_ENGINES,
        _commit_invoice=TAX_ENGINES,
        _refund_invoice=TAX_ENGINES,
        _fix_payment_source="only gateways outside of this product break payment sources",
        _start_editing=EDITING,
        _stop_editing=EDITING,
        store="stores are outside of this product",
        available_free_skus="free gifts are outside of this product",
        available_free_bundles="bundles are outside of this product",
        discount_engine_item="discount engines are outside of this product",
        stock_line_items="where stock was taken from is the warehouse's business",
        payment_options="payment options of gateways are outside of this product",
        returns="returns are outside of this product",
        **_threes("gift_card_amount", GIFT_CARDS),
        **_threes("fees_amount", FEES),
        **_threes("duty_amount", DUTIES),
    )
    promises = {"one_order_per_number": ("number", "has already been taken")}
    triggers = {
        "_billing_address_clone_id": verbs.clone_address("billing_address"),
        "_shipping_address_clone_id": verbs.clone_address("shipping_address"),
        "_shipping_address_same_as_billing": verbs.same_address("billing", "shipping"),
        "_billing_address_same_as_shipping": verbs.same_address("shipping", "billing"),
        "_nullify_payment_source": verbs.nullify_payment_source,
        "_customer_payment_source_id": verbs.pay_from_wallet,
        "_refresh_prices": verbs.refresh_prices,
        "_refresh": verbs.refresh,
        "_add_tags": verbs.tag,
        "_remove_tags": verbs.untag,
        "_pending": verbs.move(
            lifecycle.make_pending, "Make a draft pending, once it has what that takes."
        ),
        "_validate": verbs.validate,
        "_place": verbs.place,
        "_authorize": verbs.move(
            lifecycle.authorize,
            "Book the promise of a payment for a placed order that came in without one.",
        ),
        "_approve": verbs.move(lifecycle.approve, "Accept a placed order."),
        "_approve_and_capture": verbs.move(
            lifecycle.approve_and_capture, "Accept the order and take the money, or do neither."
        ),
        "_capture": verbs.move(lifecycle.capture, "Take the money of an approved order."),
        "_fulfill": verbs.move(
            lifecycle.fulfill, "Note that everything was handed over; its stock will not come back."
        ),
        "_cancel": verbs.move(
            lifecycle.cancel,
            "Call the order off: what it holds is given back, and a promised payment is void.",
        ),
        "_refund": verbs.move(lifecycle.refund, "Pay a paid order back, which cancels it."),
        "_archive": verbs.move(lifecycle.archive, "Put the order into the archive."),
        "_unarchive": verbs.move(lifecycle.unarchive, "Take the order out of the archive."),
        "_save_payment_source_to_customer_wallet": verbs.save_payment_source,
        "_save_shipping_address_to_customer_address_book": verbs.save_address("shipping_address"),
        "_save_billing_address_to_customer_address_book": verbs.save_address("billing_address"),
    }

    def create(self, change: Change) -> str:
        return create_order(self, change)

    def update(self, row: Order, change: Change) -> None:
        update_order(self, row, change)

    def delete(self, row: Order, caller: Any) -> None:
        delete_order(self, row, caller)
