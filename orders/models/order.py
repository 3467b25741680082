"""The order: what a customer wants to buy, bought, or had sent."""

from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from orders.ids import DatabaseFunction, new_token
from orders.models.address import Address
from orders.models.base import CodeField, CountryField, Resource, cents, flag, nullable_text
from orders.models.copy_plan import RESOURCE_CARRIED, RESOURCE_RESET, CopyPlan, Given
from orders.models.customer import Customer
from orders.models.market import Market
from orders.models.payment import PaymentMethod, PaymentSource
from orders.models.tag import Tag


class OrderStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")  # no customer yet, or nothing to buy
    PENDING = "pending", _("Pending")  # could be placed once nothing is missing
    PLACED = "placed", _("Placed")  # the customer has bought; stock is taken
    APPROVED = "approved", _("Approved")  # the merchant has accepted it
    CANCELLED = "cancelled", _("Cancelled")  # the end: stock is given back


class PaymentStatus(models.TextChoices):
    UNPAID = "unpaid", _("Unpaid")
    AUTHORIZED = "authorized", _("Authorized")
    PAID = "paid", _("Paid")
    VOIDED = "voided", _("Voided")
    REFUNDED = "refunded", _("Refunded")
    FREE = "free", _("Free")


class FulfillmentStatus(models.TextChoices):
    UNFULFILLED = "unfulfilled", _("Unfulfilled")
    IN_PROGRESS = "in_progress", _("In progress")
    FULFILLED = "fulfilled", _("Fulfilled")
    NOT_REQUIRED = "not_required", _("Not required")


AMOUNT_FIELDS = (
    "subtotal_amount_cents",
    "shipping_amount_cents",
    "payment_method_amount_cents",
    "discount_amount_cents",
    "adjustment_amount_cents",
    "subtotal_tax_amount_cents",
    "shipping_tax_amount_cents",
    "payment_method_tax_amount_cents",
    "adjustment_tax_amount_cents",
    "total_tax_amount_cents",
    "total_amount_cents",
)
# What orders are asked for, by themselves and through their copies, where many or most of them are
# the answer: how far they are and what they come to, where and when they were made, their other
# amounts, and what is rarely asked. Each has an index of its own, for the server takes an entry
# apart as a whole, and a wide one takes twice as long as a slim one. Free texts are in none: the
# longest that may be stored would not fit into an entry.
IN_SHORT = (
    "mode",
    "status",
    "payment_status",
    "fulfillment_status",
    "currency_code",  # so that sums of many orders need nothing else
    "total_amount_cents",
)
WHERE_AND_WHEN = (
    "mode",
    "market",
    "language_code",
    "country_code",
    "placed_at",
    "created_at",
    "updated_at",
)
AMOUNTS_IN_SHORT = (
    "mode",
    "subtotal_amount_cents",
    "shipping_amount_cents",
    "payment_method_amount_cents",
    "discount_amount_cents",
    "adjustment_amount_cents",
    "subtotal_tax_amount_cents",
    "total_tax_amount_cents",
)
RARELY_ASKED = (
    "mode",
    "guest",
    "coupon_code",
    "tax_included",
    "tax_rate",
    "approved_at",
    "cancelled_at",
    "payment_updated_at",
    "fulfillment_updated_at",
    "refreshed_at",
    "archived_at",
    "expires_at",
)


class Order(Resource):
    """An order; amounts are integers in the smallest unit of ``currency_code``."""

    number = CodeField(
        max_length=64,
        db_default=DatabaseFunction("new_order_number"),
        validators=[RegexValidator(r"\S", "can't be blank", code="blank")],
    )
    token = CodeField(max_length=32, default=new_token, db_default=DatabaseFunction("new_token"))
    status = models.CharField(
        max_length=16,
        choices=OrderStatus.choices,
        default=OrderStatus.DRAFT,
        db_default=OrderStatus.DRAFT,
    )
    payment_status = models.CharField(
        max_length=24,
        choices=PaymentStatus.choices,
        default=PaymentStatus.UNPAID,
        db_default=PaymentStatus.UNPAID,
    )
    fulfillment_status = models.CharField(
        max_length=16,
        choices=FulfillmentStatus.choices,
        default=FulfillmentStatus.UNFULFILLED,
        db_default=FulfillmentStatus.UNFULFILLED,
    )

    market = models.ForeignKey(Market, models.PROTECT, related_name="orders")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    customer_email = models.CharField(
        max_length=254, null=True, blank=True, validators=[validate_email]
    )
    guest = flag()
    language_code = models.CharField(max_length=5, default="en", db_default="en")
    currency_code = models.CharField(max_length=3)
    affiliate_code = nullable_text()
    coupon_code = nullable_text(40)
    autorefresh = flag(default=True)
    shipping_country_code_lock = CountryField(
        null=True, blank=True, help_text=_("The country that the shipping address has to be in.")
    )

    billing_address = models.ForeignKey(
        Address, models.PROTECT, null=True, blank=True, related_name="billed_orders"
    )
    shipping_address = models.ForeignKey(
        Address,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipped_orders",
        db_index=False,
    )
    country_code = CountryField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("The country of the shipping address; the database keeps it the same."),
    )
    payment_method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    payment_source = models.ForeignKey(
        PaymentSource,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="paid_orders",
    )

    tax_included = flag()
    tax_rate = models.FloatField(null=True, blank=True)
    freight_taxable = flag()
    payment_method_taxable = flag()
    adjustment_taxable = flag()

    subtotal_amount_cents = cents()
    shipping_amount_cents = cents()
    payment_method_amount_cents = cents()
    discount_amount_cents = cents()
    adjustment_amount_cents = cents()
    subtotal_tax_amount_cents = cents()
    shipping_tax_amount_cents = cents()
    payment_method_tax_amount_cents = cents()
    adjustment_tax_amount_cents = cents()
    total_tax_amount_cents = cents()
    total_amount_cents = cents()

    cart_url = models.CharField(max_length=2048, null=True, blank=True)
    return_url = models.CharField(max_length=2048, null=True, blank=True)
    terms_url = models.CharField(max_length=2048, null=True, blank=True)
    privacy_url = models.CharField(max_length=2048, null=True, blank=True)

    placed_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    payment_updated_at = models.DateTimeField(null=True, blank=True)
    fulfillment_updated_at = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copied_to",
        help_text=_("The order that this one was made from; it outlives the copy's own record."),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="orders")

    copy_plan = CopyPlan(
        carry=RESOURCE_CARRIED
        | {
            "tags",
            "market",
            "customer",
            "customer_email",
            "guest",
            "language_code",
            "currency_code",
            "autorefresh",
            "shipping_country_code_lock",
            "country_code",
            "payment_method",
            "tax_included",
            "tax_rate",
            "freight_taxable",
            "payment_method_taxable",
            "adjustment_taxable",
            "cart_url",
            "return_url",
            "terms_url",
            "privacy_url",
            *AMOUNT_FIELDS,
        },
        reset=RESOURCE_RESET
        | {
            "number",
            "token",
            "payment_status",
            "fulfillment_status",
            "affiliate_code",
            "placed_at",
            "approved_at",
            "cancelled_at",
            "payment_updated_at",
            "fulfillment_updated_at",
            "refreshed_at",
            "archived_at",
            "expires_at",
        },
        set={
            "status": Case(
                When(customer=None, then=Value(OrderStatus.DRAFT.value)),
                default=Value(OrderStatus.PENDING.value),
            ),
            "coupon_code": Case(
                When(Given("keep coupon", models.BooleanField()), then=F("coupon_code")),
                default=None,
            ),
            "copied_from": F("id"),
        },
        mapped={
            "billing_address": "new billing address",
            "shipping_address": "new shipping address",
            "payment_source": "new payment source",
        },
    )

    class Meta(Resource.Meta):
        # Each is a step of the lifecycle, or a group of them; see config.roles.
        permissions = [
            ("place_order", "Can place orders"),
            ("cancel_order", "Can cancel orders"),
            ("process_order", "Can approve, capture, refund and fulfill orders"),
            ("archive_order", "Can archive orders"),
            ("import_orders", "Can import orders from files"),
        ]
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "number"], name="one_order_per_number"),
            models.UniqueConstraint(fields=["token"], name="one_order_per_token"),
            models.CheckConstraint(
                name="an_order_has_a_known_status",
                condition=Q(status__in=OrderStatus.values)
                & Q(payment_status__in=PaymentStatus.values)
                & Q(fulfillment_status__in=FulfillmentStatus.values),
            ),
            models.CheckConstraint(
                name="an_order_before_placing_owes_nothing",
                condition=~Q(status__in=[OrderStatus.DRAFT, OrderStatus.PENDING])
                | Q(payment_status=PaymentStatus.UNPAID, placed_at=None),
            ),
            models.CheckConstraint(
                name="a_placed_order_knows_when",
                condition=~Q(status__in=[OrderStatus.PLACED, OrderStatus.APPROVED])
                | Q(placed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_approved_order_knows_when",
                condition=~Q(status=OrderStatus.APPROVED) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_cancelled_order_knows_when",
                condition=Q(status=OrderStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=OrderStatus.CANCELLED) & Q(cancelled_at=None)),
            ),
            models.CheckConstraint(
                name="a_locked_country_is_in_capitals",
                condition=Q(shipping_country_code_lock=Upper("shipping_country_code_lock")),
            ),
            # A foreign key of both columns sees to it that it is that address's country.
            models.CheckConstraint(
                name="an_order_has_the_country_of_its_address",
                condition=Q(shipping_address=None, country_code=None)
                | Q(shipping_address__isnull=False, country_code__isnull=False),
            ),
            models.CheckConstraint(
                name="an_order_total_adds_up",
                condition=Q(
                    total_amount_cents=F("subtotal_amount_cents")
                    + F("discount_amount_cents")
                    + F("adjustment_amount_cents")
                    + F("shipping_amount_cents")
                    + F("payment_method_amount_cents")
                    + Case(
                        When(tax_included=True, then=Value(0, models.BigIntegerField())),
                        default=F("total_tax_amount_cents"),
                    )
                ),
            ),
            models.CheckConstraint(
                name="order_taxes_add_up",
                condition=Q(
                    total_tax_amount_cents=F("subtotal_tax_amount_cents")
                    + F("shipping_tax_amount_cents")
                    + F("payment_method_tax_amount_cents")
                    + F("adjustment_tax_amount_cents")
                ),
            ),
            models.CheckConstraint(
                name="an_order_discount_is_negative",
                condition=Q(discount_amount_cents__lte=0),
            ),
            models.CheckConstraint(
                name="an_order_total_is_not_negative",
                condition=Q(total_amount_cents__gte=0),
            ),
        ]
        indexes = [
            # the lists of API and admin, newest first, all or by status
            models.Index(fields=["mode", "-created_at", "-id"], name="orders_newest"),
            models.Index(fields=["mode", "status", "-created_at", "-id"], name="orders_by_status"),
            # the admin's list by how far payment and fulfilment have come
            models.Index(
                fields=["mode", "payment_status", "-created_at", "-id"], name="orders_by_payment"
            ),
            models.Index(
                fields=["mode", "fulfillment_status", "-created_at", "-id"],
                name="orders_by_fulfillment",
            ),
            # clients that ask what has changed since they last asked
            models.Index(fields=["mode", "updated_at", "id"], name="orders_by_update"),
            # copy_orders, which takes orders in the order in which they were placed
            models.Index(fields=["mode", "placed_at", "number"], name="orders_as_placed"),
            # the import, which looks up what has already come in
            models.Index(
                fields=["mode", "reference_origin", "reference"],
                name="orders_by_reference",
                condition=Q(reference__isnull=False),
            ),
            # whoever knows a customer's e-mail address
            models.Index(fields=["mode", "customer_email"], name="orders_by_email"),
            # the dearest orders, or the cheapest; several currencies stand among one another
            models.Index(fields=["mode", "total_amount_cents", "id"], name="orders_by_total"),
            # the order of an address
            models.Index(fields=["shipping_address"], name="orders_by_shipping_address"),
            # the orders that go to a country
            models.Index(fields=["mode", "country_code", "id"], name="orders_by_country"),
            # a table in a quarter of the pages, for questions that many orders or most answer
            models.Index(fields=["id"], include=IN_SHORT, name="orders_in_short"),
            models.Index(fields=["id"], include=WHERE_AND_WHEN, name="orders_where_and_when"),
            models.Index(fields=["id"], include=AMOUNTS_IN_SHORT, name="orders_amounts_in_short"),
            models.Index(fields=["id"], include=RARELY_ASKED, name="orders_rarely_asked"),
            # a coupon that a customer may use once only
            models.Index(
                fields=["customer", "coupon_code"],
                name="orders_by_coupon",
                condition=Q(coupon_code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number
