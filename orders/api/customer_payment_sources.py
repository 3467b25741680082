from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Coalesce

from config.jsonapi import registry
from config.jsonapi.caller import Caller
from config.jsonapi.relations import about, to_one
from config.jsonapi.resource import Change, Computed
from orders import wallets
from orders.api.resource import ShopResource, left_out, refusing
from orders.models import CustomerPaymentSource, PaymentSourceType

KINDS = Case(
    *(When(payment_source__type=kind, then=Value(str(kind.label))) for kind in PaymentSourceType),
    output_field=CharField(),
)


@registry.register
class CustomerPaymentSources(ShopResource):
    """The entries of customers' wallets."""

    type = "customer_payment_sources"
    model = CustomerPaymentSource
    computed = {
        "name": Computed(
            lambda entry: entry.name,
            joins=("payment_method", "payment_source"),
            column=Coalesce(F("payment_method__name"), KINDS),
        ),
    }
    relations = {
        "customer": to_one("customer"),
        "payment_method": to_one("payment_method"),
        "payment_source": to_one("payment_source"),
        "event_stores": about("customer_payment_sources"),
    }
    left_out = left_out("versions")
    promises = {
        "each_payment_source_in_one_wallet": ("payment_source", "is kept in a wallet already")
    }

    def assign(self, row: CustomerPaymentSource, change: Change) -> dict[str, Any]:
        given = super().assign(row, change)
        with refusing(self):
            wallets.fit(row, who=change.caller.who)
        return given

    def create(self, change: Change) -> str:
        pk = super().create(change)
        wallets.mark(CustomerPaymentSource.objects.get(pk=pk))
        return pk

    def update(self, row: CustomerPaymentSource, change: Change) -> None:
        super().update(row, change)
        wallets.mark(row)

    def delete(self, row: CustomerPaymentSource, caller: Caller) -> None:
        source = row.payment_source
        super().delete(row, caller)
        if source is not None:
            wallets.discard_unused(source, who=caller.who)
