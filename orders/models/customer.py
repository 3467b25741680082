"""Who buys: customers with their address books and wallets."""

from django.contrib.postgres.indexes import OpClass
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Lower

from orders.models.address import Address
from orders.models.base import Resource, newest_first, nullable_text
from orders.models.tag import Tag


class Customer(Resource):
    """A registered customer, known by e-mail address (whatever its capitals)."""

    email = models.CharField(max_length=254, validators=[validate_email])
    password = nullable_text(128)
    shopper_reference = nullable_text()
    profile_id = nullable_text()
    tax_exemption_code = nullable_text()
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint("mode", Lower("email"), name="one_customer_per_email"),
        ]
        indexes = [
            newest_first("customers_newest"),
            # whoever types the beginning of an address
            models.Index(
                "mode", OpClass(Lower("email"), "text_pattern_ops"), name="customers_by_email"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class CustomerAddress(Resource):
    """An entry of a customer's address book."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="customer_addresses")
    address = models.ForeignKey(Address, models.CASCADE, related_name="customer_addresses")

    class Meta(Resource.Meta):
        verbose_name_plural = "customer addresses"
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(
                fields=["customer", "address"], name="each_address_once_per_book"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.address_id}"


class CustomerPaymentSource(Resource):
    """An entry of a customer's wallet: a payment source kept for later orders."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="customer_payment_sources")
    payment_method = models.ForeignKey(
        "PaymentMethod", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    payment_source = models.ForeignKey(
        "PaymentSource",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="wallet_entries",
    )
    customer_token = nullable_text()
    payment_source_token = nullable_text()

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(
                fields=["payment_source"], name="each_payment_source_in_one_wallet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.payment_source_token or self.id}"

    @property
    def name(self) -> str | None:
        """How the customer would call it: by the payment method, or by the kind of its source."""
        if self.payment_method and self.payment_method.name:
            return self.payment_method.name
        return self.payment_source.get_type_display() if self.payment_source else None
