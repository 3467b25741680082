"""Customers' wallets: payment sources that are kept for later orders."""

from collections.abc import Iterable

from django.db.models import Q

from orders.audit import AuditEntry, Who, record_audit
from orders.models import (
    CustomerPaymentSource,
    EventStore,
    Order,
    PaymentMethod,
    PaymentSource,
    PaymentSourceType,
)
from orders.obstacles import Obstacle, Obstructed
from orders.payments import is_offered, offered_to, pay, require_token


def usable_for(orders: Iterable[Order]) -> Q:
    """True of the entries that these orders may be paid with, and of few others: ``is_usable``."""
    known = list(orders)
    customers = {order.customer_id for order in known} - {None}
    method = Q(payment_method=None) | offered_to(known, by="payment_method__")
    return Q(payment_source__isnull=False, customer__in=customers) & method


def is_usable(entry: CustomerPaymentSource, order: Order) -> bool:
    """Whether an entry is in the wallet of the order's customer, and its method is offered."""
    if entry.payment_source_id is None or entry.customer_id != order.customer_id:
        return False
    return entry.payment_method is None or is_offered(entry.payment_method, order)


def entry_of(order: Order, pk: str) -> CustomerPaymentSource | None:
    """An entry of the wallet of the order's own customer that still has a source."""
    entries = CustomerPaymentSource.objects.select_related("payment_source", "payment_method")
    return entries.filter(
        pk=pk, mode=order.mode, customer=order.customer_id, payment_source__isnull=False
    ).first()


def pay_with(order: Order, entry: CustomerPaymentSource, *, who: Who) -> None:
    """Pay an order, which the caller holds, with what lies in the wallet. Raises ``Obstructed``."""
    pay(order, entry.payment_source, method=entry.payment_method, who=who)


def keep(order: Order, *, who: Who) -> CustomerPaymentSource:
    """Put an order's payment source into its customer's wallet; twice changes nothing.

    What came out of that wallet, if only as a copy, is in it already. Raises ``Obstructed``.
    """
    source = PaymentSource.objects.select_related("wallet").get(pk=order.payment_source_id)
    if source.wallet and source.wallet.customer_id == order.customer_id:
        return source.wallet
    entry = CustomerPaymentSource(
        mode=order.mode,
        customer=order.customer,
        payment_method=order.payment_method,
        payment_source=source,
        payment_source_token=source.payment_source_token,
    )
    fit(entry, who=who)
    entry.save(force_insert=True)
    mark(entry)
    changes = {"customer": (None, order.customer_id), "payment_source": (None, source.pk)}
    made = AuditEntry(
        entry.mode, "customer_payment_sources", entry.pk, EventStore.What.CREATE, changes
    )
    record_audit([made], who=who)
    return entry


def fit(entry: CustomerPaymentSource, *, who: Who) -> None:
    """See that what is to be kept may be kept there, before the entry is saved.

    The token of an external payment is enough: its source is made. Raises ``Obstructed``.
    """
    require_token(entry.payment_source_token)
    method, source = entry.payment_method, entry.payment_source
    if source is None:
        if entry._state.adding and entry.payment_source_token and method and takes_tokens(method):
            entry.payment_source = _external_payment(entry, who)
        return
    if source.order and source.order.customer_id != entry.customer_id:
        message = "belongs to an order of somebody else"
        raise Obstructed(Obstacle("not_at_hand", "payment_source", message))
    others = CustomerPaymentSource.objects.filter(payment_source=source).exclude(pk=entry.pk)
    if others.exists():
        raise Obstructed(Obstacle("taken", "payment_source", "is kept in a wallet already"))
    if method and source.type != method.payment_source_type:
        message = f"does not go with the payment method, which takes {method.payment_source_type}"
        raise Obstructed(Obstacle("other_kind", "payment_source", message))


def mark(entry: CustomerPaymentSource) -> None:
    """Let a source know in which wallet it lies, once the entry is saved."""
    sources = PaymentSource.objects.filter(pk=entry.payment_source_id)
    sources.update(wallet=entry, from_wallet=True)


def discard_unused(source: PaymentSource, *, who: Who) -> None:
    """Throw a source away that is in no wallet any more, unless an order has it or had it."""
    if source.order_id is not None or source.paid_orders.exists():
        return
    gone = AuditEntry(source.mode, source.type, source.pk, EventStore.What.DESTROY, {})
    source.delete()
    record_audit([gone], who=who)


def takes_tokens(method: PaymentMethod) -> bool:
    return method.payment_source_type == PaymentSourceType.EXTERNAL


def _external_payment(entry: CustomerPaymentSource, who: Who) -> PaymentSource:
    token = entry.payment_source_token
    source = PaymentSource.objects.create(
        mode=entry.mode,
        type=PaymentSourceType.EXTERNAL,
        payment_source_token=token,
        from_wallet=True,
    )
    changes = {"payment_source_token": (None, token)}
    made = AuditEntry(source.mode, source.type, source.pk, EventStore.What.CREATE, changes)
    record_audit([made], who=who)
    return source
