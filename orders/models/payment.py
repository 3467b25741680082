"""How orders are paid: methods, sources and transactions."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from orders.ids import DatabaseFunction
from orders.models.base import (
    CodeField,
    CurrencyField,
    Disableable,
    Resource,
    cents,
    flag,
    newest_first,
    nullable_text,
)
from orders.models.copy_plan import RESOURCE_CARRIED, RESOURCE_RESET, CopyPlan
from orders.models.customer import CustomerPaymentSource
from orders.models.market import Market


class PaymentSourceType(models.TextChoices):
    """The kinds of payment that the product knows itself; gateways stay outside."""

    EXTERNAL = "external_payments", _("External payment")
    WIRE_TRANSFER = "wire_transfers", _("Wire transfer")


class PaymentMethod(Disableable, Resource):
    """A way to pay that a market (or every market) offers."""

    market = models.ForeignKey(
        Market, models.CASCADE, null=True, blank=True, related_name="payment_methods"
    )
    name = nullable_text()
    payment_source_type = models.CharField(max_length=32, choices=PaymentSourceType.choices)
    currency_code = CurrencyField(null=True, blank=True)
    price_amount_cents = models.BigIntegerField(
        default=0, db_default=0, validators=[MinValueValidator(0)]
    )
    moto = flag()
    require_capture = flag(default=True)
    auto_place = flag()
    auto_capture = flag()
    auto_capture_max_amount_cents = models.BigIntegerField(null=True, blank=True)

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="a_payment_method_has_a_known_source_type",
                condition=Q(payment_source_type__in=PaymentSourceType.values),
            ),
            models.CheckConstraint(
                name="a_payment_method_costs_nothing_or_something",
                condition=Q(price_amount_cents__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_payment_source_type_display()


class PaymentSource(Resource):
    """What an order is paid with: a wire transfer or an external payment."""

    type = models.CharField(max_length=32, choices=PaymentSourceType.choices)
    order = models.ForeignKey(
        "Order", models.CASCADE, null=True, blank=True, related_name="payment_sources"
    )
    payment_source_token = nullable_text()
    options = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    wallet = models.ForeignKey(
        CustomerPaymentSource,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="used_as",
    )
    from_wallet = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("It was in a wallet once; the wallet entry itself may be gone since."),
    )

    copy_plan = CopyPlan(
        carry=RESOURCE_CARRIED
        | {"type", "payment_source_token", "options", "wallet", "from_wallet"},
        reset=RESOURCE_RESET,
        mapped={"order": "new order"},
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="an_external_payment_has_a_token",
                condition=~Q(type=PaymentSourceType.EXTERNAL)
                | Q(payment_source_token__isnull=False),
            ),
            models.CheckConstraint(
                name="a_wallet_source_says_so",
                condition=Q(wallet=None) | Q(from_wallet=True),
            ),
        ]
        indexes = [newest_first("payment_sources_newest", "type")]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.id}"


class Transaction(Resource):
    """Money that moved, or was promised, for an order."""

    class Type(models.TextChoices):
        AUTHORIZATION = "authorizations", _("Authorization")
        CAPTURE = "captures", _("Capture")
        VOID = "voids", _("Void")
        REFUND = "refunds", _("Refund")

    number = CodeField(
        max_length=32, db_default=DatabaseFunction("new_transaction_number"), editable=False
    )
    type = models.CharField(max_length=16, choices=Type.choices)
    order = models.ForeignKey("Order", models.CASCADE, related_name="transactions")
    amount_cents = cents()
    currency_code = models.CharField(max_length=3)
    succeeded = flag(default=True)
    message = nullable_text()
    error_code = nullable_text()
    reference_transaction = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["number"], name="one_transaction_per_number"),
            models.CheckConstraint(
                name="a_transaction_is_not_negative", condition=Q(amount_cents__gte=0)
            ),
        ]
        indexes = [newest_first("transactions_newest", "type")]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.amount_cents} {self.currency_code}"
