from typing import Any, ClassVar

from django.db.models import QuerySet

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Change
from orders import payments
from orders.api.resource import ShopResource, left_out, refusing
from orders.models import PaymentSource, PaymentSourceType
from orders.open_orders import hold

# What is no part of a payment, so it may be written at any time.
NOTES = frozenset({"reference", "reference_origin", "metadata"})
INSTRUMENT = "gateways tell of it, which are outside of this product"


class PaymentSources(ShopResource):
    """What orders are paid with. Making a source for an order is paying the order with it."""

    model = PaymentSource

    def create(self, change: Change) -> str:
        with refusing(self, payment_source="order"):
            payments.require_token(change.attributes.get("payment_source_token"))
            order = hold(change.references["order"].pk)
            pk = super().create(change)
            payments.pay(order, PaymentSource.objects.get(pk=pk), who=change.caller.who)
        return pk

    def update(self, row: PaymentSource, change: Change) -> None:
        sent = change.attributes.keys() | change.references.keys()
        order = change.references.get("order")
        with refusing(self, payment_source="order"):
            if sent - NOTES:
                payments.require_unsettled(row)
            if order is None or order.pk == row.order_id:
                super().update(row, change)
                return
            payments.release(row, who=change.caller.who)
            super().update(row, change)
            payments.pay(hold(order.pk), row, who=change.caller.who)

    def delete(self, row: PaymentSource, caller: Caller) -> None:
        with refusing(self):
            payments.release(row, who=caller.who)
        super().delete(row, caller)

    def lock(self, rows: QuerySet[Any], pk: str) -> Any:
        """The orders first, as everybody does who writes parts of them."""
        source = rows.filter(pk=pk).first()
        if source is None:
            return None
        payments.hold_orders_of(source)
        return super().lock(rows, pk)


@registry.register
class WireTransfers(PaymentSources):
    """Payments that the customer sends to the merchant's bank account."""

    type = "wire_transfers"
    where: ClassVar[dict[str, Any]] = {"type": PaymentSourceType.WIRE_TRANSFER}
    relations = {"order": to_one("order"), "event_stores": about("wire_transfers")}
    left_out = left_out("versions", payment_instrument=INSTRUMENT)


@registry.register
class ExternalPayments(PaymentSources):
    """Payments that some other system takes; the shop keeps the token that stands for them."""

    type = "external_payments"
    where: ClassVar[dict[str, Any]] = {"type": PaymentSourceType.EXTERNAL}
    relations = {
        "order": to_one("order"),
        "wallet": to_one("wallet"),
        "event_stores": about("external_payments"),
    }
    left_out = left_out(
        "versions",
        payment_instrument=INSTRUMENT,
        payment_gateway="payments are manual or external: there is no gateway to choose",
    )
