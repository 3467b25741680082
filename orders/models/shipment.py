"""How an order gets to the customer."""

from django.db import models
from django.db.models import Q
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
from orders.models.catalogue import UnitOfWeight
from orders.models.copy_plan import RESOURCE_CARRIED, RESOURCE_RESET, CopyPlan
from orders.models.market import Market, StockLocation
from orders.models.order import Order
from orders.models.tag import Tag


class ShippingMethod(Disableable, Resource):
    """A way to ship that a market (or every market) offers."""

    market = models.ForeignKey(
        Market, models.CASCADE, null=True, blank=True, related_name="shipping_methods"
    )
    name = models.CharField(max_length=255)
    currency_code = CurrencyField(null=True, blank=True)
    price_amount_cents = cents()
    free_over_amount_cents = models.BigIntegerField(null=True, blank=True)
    use_subtotal = flag()
    min_weight = models.FloatField(null=True, blank=True)
    max_weight = models.FloatField(null=True, blank=True)
    unit_of_weight = models.CharField(
        max_length=2, choices=UnitOfWeight.choices, null=True, blank=True
    )
    tax_code = nullable_text()
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="a_shipping_method_costs_nothing_or_something",
                condition=Q(price_amount_cents__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Shipment(Resource):
    """A parcel of an order: by which method it goes, and what that costs."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        UPCOMING = "upcoming", _("Upcoming")
        CANCELLED = "cancelled", _("Cancelled")
        ON_HOLD = "on_hold", _("On hold")
        PICKING = "picking", _("Picking")
        PACKING = "packing", _("Packing")
        READY_TO_SHIP = "ready_to_ship", _("Ready to ship")
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")

    number = CodeField(max_length=64, db_default=DatabaseFunction("new_shipment_number"))
    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")
    status = models.CharField(
        max_length=16,
        choices=Status.choices,
        default=Status.DRAFT,
        db_default=Status.DRAFT,
    )
    shipping_method = models.ForeignKey(
        ShippingMethod, models.SET_NULL, null=True, blank=True, related_name="shipments"
    )
    stock_location = models.ForeignKey(
        StockLocation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cost_amount_cents = cents()
    on_hold_at = models.DateTimeField(null=True, blank=True)
    picking_at = models.DateTimeField(null=True, blank=True)
    packing_at = models.DateTimeField(null=True, blank=True)
    ready_to_ship_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    copy_plan = CopyPlan(
        carry=RESOURCE_CARRIED | {"shipping_method", "cost_amount_cents"},
        reset=RESOURCE_RESET
        | {
            "tags",
            "number",
            "status",
            "stock_location",
            "on_hold_at",
            "picking_at",
            "packing_at",
            "ready_to_ship_at",
            "shipped_at",
            "delivered_at",
        },
        mapped={"order": "new order"},
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "number"], name="one_shipment_per_number"),
            models.CheckConstraint(
                name="a_shipment_costs_nothing_or_something",
                condition=Q(cost_amount_cents__gte=0),
            ),
            models.CheckConstraint(
                name="a_shipment_has_a_known_status",
                condition=Q(
                    status__in=[
                        "draft",
                        "upcoming",
                        "cancelled",
                        "on_hold",
                        "picking",
                        "packing",
                        "ready_to_ship",
                        "shipped",
                        "delivered",
                    ]
                ),
            ),
        ]
        indexes = [newest_first("shipments_newest")]

    def __str__(self) -> str:
        return self.number
