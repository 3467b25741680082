"""What orders are paid with: the methods that an order is offered, and whose a payment source is.

What is chosen for an order has to be offered to it, to belong to it or to its customer's wallet,
and method and source have to be of the same kind. An order that is no longer open keeps what it
was paid with.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db.models import Q

from orders.audit import AuditEntry, Who, record_audit
from orders.lifecycle.standing import lock_orders
from orders.models import CustomerPaymentSource, EventStore, Order, PaymentMethod, PaymentSource
from orders.obstacles import Obstacle, Obstructed
from orders.open_orders import OPEN, hold, require_open
from orders.totals import refresh_totals

CARD_NUMBER = re.compile(r"[0-9]{13,19}")


# Methods


def offered_to(orders: Iterable[Order], *, by: str = "") -> Q:
    """True of the methods that these orders are offered, and of few others: see ``is_offered``.

    ``by`` is the way to the method where other rows are asked for.
    """
    known = list(orders)
    markets = {order.market_id for order in known}
    currencies = {order.currency_code for order in known}
    return (
        Q(**{f"{by}disabled_at": None})
        & (Q(**{f"{by}market": None}) | Q(**{f"{by}market__in": markets}))
        & (Q(**{f"{by}currency_code": None}) | Q(**{f"{by}currency_code__in": currencies}))
    )


def is_offered(method: PaymentMethod, order: Order) -> bool:
    """Whether a method is switched on, for the order's market and in its currency."""
    return (
        method.disabled_at is None
        and method.market_id in {None, order.market_id}
        and method.currency_code in {None, order.currency_code}
    )


# Sources


def is_at_hand(source: PaymentSource, order: Order) -> bool:
    """Whether an order may be paid with a source.

    What is, or came, out of a wallet is for its customer; anything else for its own order.
    """
    entries = CustomerPaymentSource.objects.filter(
        Q(payment_source=source) | Q(pk=source.wallet_id)
    )
    customers = set(entries.values_list("customer_id", flat=True))
    return order.customer_id in customers if customers else source.order_id == order.pk


def require_token(token: str | None) -> None:
    """Refuse the number of a card (``Obstructed``): no shop may keep that instead of a token."""
    digits = re.sub(r"[ -]", "", token or "")
    if CARD_NUMBER.fullmatch(digits) and _passes_luhn(digits):
        message = "is the number of a card, which must not be kept"
        raise Obstructed(Obstacle("card_number", "payment_source_token", message))


def _passes_luhn(digits: str) -> bool:
    """The check digit that card numbers end with."""
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def hold_orders_of(source: PaymentSource) -> list[str]:
    """Lock the orders that a source belongs to or pays, and answer those that it pays.

    Whoever writes a source does this first, as whoever writes any part of an order.
    """
    paid = list(source.paid_orders.order_by("pk").values_list("pk", flat=True))
    lock_orders(sorted({*paid, *filter(None, [source.order_id])}))
    return paid


def require_unsettled(source: PaymentSource) -> None:
    """Refuse where an order that was placed is paid with a source (``Obstructed``)."""
    settled = source.paid_orders.exclude(status__in=OPEN).order_by("pk").first()
    if settled:
        message = f"order {settled.number} is {settled.status} and paid with it"
        raise Obstructed(Obstacle("not_open", "base", message))


def release(source: PaymentSource, *, who: Who) -> None:
    """Take a source off the open orders that it pays, so that it can go elsewhere, or away.

    Raises ``Obstructed`` if one of them was placed, or if it is kept in a wallet.
    """
    paid = hold_orders_of(source)
    require_unsettled(source)
    if CustomerPaymentSource.objects.filter(payment_source=source).exists():
        raise Obstructed(Obstacle("in_wallet", "base", "is kept in a customer's wallet"))
    for order_id in paid:
        pay(hold(order_id), None, who=who)


# Orders and what they are paid with


def pay(
    order: Order, source: PaymentSource | None, *, who: Who, method: PaymentMethod | None = None
) -> None:
    """Pay an open order, which the caller holds, with this source, or with none for now.

    ``method`` is chosen along with it, if there is one. Raises ``Obstructed``.
    """
    require_open(order)
    before = _choice(order)
    order.payment_source = source
    order.payment_method = method or order.payment_method
    _settle(order, before, {"payment_source", *(["payment_method"] if method else [])}, who)
    if order.autorefresh and _choice(order)["payment_method"] != before["payment_method"]:
        refresh_totals([order.pk])


def settle_payment(order: Order, *, chosen: Collection[str], who: Who) -> None:
    """Let an order's method and source fit after something about the order has changed.

    What was ``chosen`` just now (``payment_method``, ``payment_source``) and does not fit is
    refused with ``Obstructed``; what was there before is let go.
    """
    _settle(order, _choice(order), chosen, who)


def _choice(order: Order) -> dict[str, str | None]:
    return {"payment_source": order.payment_source_id, "payment_method": order.payment_method_id}


def _settle(
    order: Order, before: Mapping[str, str | None], chosen: Collection[str], who: Who
) -> None:
    for misfit in _misfits(order):
        if misfit.key in chosen:
            raise Obstructed(misfit)
        setattr(order, misfit.key, None)
    changes = {
        name: (before[name], new) for name, new in _choice(order).items() if new != before[name]
    }
    if changes:
        order.save(update_fields=[*changes, "updated_at"])
        entry = AuditEntry(order.mode, "orders", order.pk, EventStore.What.UPDATE, changes)
        record_audit([entry], who=who)


def _misfits(order: Order) -> Iterator[Obstacle]:
    """What is wrong with an order's method and source, one after the other is mended."""
    method, source = order.payment_method, order.payment_source
    if method and not is_offered(method, order):
        yield Obstacle("not_offered", "payment_method", "is not offered for this order")
    if source and not is_at_hand(source, order):
        message = "belongs neither to this order nor to its customer's wallet"
        yield Obstacle("not_at_hand", "payment_source", message)
    method, source = order.payment_method, order.payment_source
    if method and source and source.type != method.payment_source_type:
        message = f"does not go with the payment method, which takes {method.payment_source_type}"
        yield Obstacle("other_kind", "payment_source", message)
