"""The lines of an order and what is added to them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from orders.frequencies import validate_frequency
from orders.ids import IdField
from orders.models.base import CodeField, Resource, cents, flag, newest_first, nullable_text
from orders.models.catalogue import Sku, SkuOption, StockItem
from orders.models.copy_plan import RESOURCE_CARRIED, RESOURCE_RESET, CopyPlan, Given
from orders.models.order import Order
from orders.models.promotion import Promotion
from orders.models.tag import Tag


class ItemType(models.TextChoices):
    """What a line stands for. Shipping costs live on shipments, payment costs on the order."""

    SKU = "skus", _("SKU")
    ADJUSTMENT = "adjustments", _("Adjustment")
    PERCENTAGE = "percentage_discount_promotions", _("Percentage discount")
    FIXED_AMOUNT = "fixed_amount_promotions", _("Fixed amount")


PROMOTION_ITEM_TYPES = (ItemType.PERCENTAGE, ItemType.FIXED_AMOUNT)


class LineItem(Resource):
    """A line of an order.

    ``total_amount_cents`` is unit × quantity + options; ``discount_cents`` (never positive) stands
    beside it. Promotion lines tell what a promotion took off the whole order: their amount is
    spread over ``discount_cents`` of the SKU lines, where it counts.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="line_items")
    position = models.PositiveIntegerField(default=0, db_default=0)
    item_type = models.CharField(
        max_length=32,
        choices=ItemType.choices,
        default=ItemType.SKU,
        db_default=ItemType.SKU,
    )
    sku = models.ForeignKey(Sku, models.SET_NULL, null=True, blank=True, related_name="line_items")
    sku_code = nullable_text()
    promotion = models.ForeignKey(
        Promotion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    name = models.CharField(max_length=1024, null=True, blank=True)
    image_url = models.CharField(max_length=2048, null=True, blank=True)
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    currency_code = models.CharField(max_length=3)
    external_price = flag()
    unit_amount_cents = cents()
    compare_at_amount_cents = models.BigIntegerField(null=True, blank=True)
    options_amount_cents = cents()
    discount_cents = cents()
    discount_per_piece_cents = models.DecimalField(
        max_digits=38,
        decimal_places=18,
        null=True,
        blank=True,
        editable=False,
        help_text=_("What is taken off one piece, known from the first change of the line on."),
    )
    discount_breakdown = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text=_("How many cents of the discount come from which promotion, by its id."),
    )
    total_amount_cents = cents()
    tax_rate = models.FloatField(null=True, blank=True)
    tax_amount_cents = cents()
    tax_breakdown = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    frequency = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        validators=[validate_frequency],
        help_text="How often it is wanted again: `hourly`, `daily`, `weekly`, `monthly`, "
        "`two-month`, `three-month`, `four-month`, `six-month`, `yearly`, or a crontab expression "
        "with a number for its minute.",
    )
    coupon_code = nullable_text(40)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    copy_plan = CopyPlan(
        carry=RESOURCE_CARRIED
        | {
            "tags",
            "position",
            "item_type",
            "sku_code",
            "promotion",
            "name",
            "image_url",
            "quantity",
            "currency_code",
            "external_price",
            "unit_amount_cents",
            "compare_at_amount_cents",
            "options_amount_cents",
            "discount_cents",
            "discount_breakdown",
            "total_amount_cents",
            "tax_rate",
            "tax_amount_cents",
            "tax_breakdown",
            "frequency",
            "coupon_code",
        },
        reset=RESOURCE_RESET | {"discount_per_piece_cents"},
        # a SKU that was deleted and made again is found by its code
        set={"sku": Given("found sku", CodeField(max_length=10))},
        mapped={"order": "new order"},
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(name="a_line_has_a_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="a_line_total_adds_up",
                condition=Q(
                    total_amount_cents=F("unit_amount_cents") * F("quantity")
                    + F("options_amount_cents")
                ),
            ),
            models.CheckConstraint(
                name="a_line_discount_is_negative", condition=Q(discount_cents__lte=0)
            ),
            models.CheckConstraint(
                name="a_line_has_a_known_type",
                condition=Q(item_type__in=ItemType.values),
            ),
        ]
        indexes = [
            newest_first("lines_newest"),
            models.Index(
                fields=["promotion"],
                name="lines_of_promotions",
                condition=Q(promotion__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku_code or self.name}"


class LineItemOption(Resource):
    """Something added to a line, priced by itself."""

    line_item = models.ForeignKey(LineItem, models.CASCADE, related_name="line_item_options")
    sku_option = models.ForeignKey(
        SkuOption,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    name = nullable_text()
    quantity = models.PositiveIntegerField(
        default=1, db_default=1, validators=[MinValueValidator(1)]
    )
    currency_code = models.CharField(max_length=3)
    unit_amount_cents = cents()
    total_amount_cents = models.GeneratedField(
        expression=F("unit_amount_cents") * F("quantity"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    delay_hours = models.PositiveIntegerField(null=True, blank=True)
    options = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    copy_plan = CopyPlan(
        carry=RESOURCE_CARRIED
        | {
            "tags",
            "sku_option",
            "name",
            "quantity",
            "currency_code",
            "unit_amount_cents",
            "delay_hours",
            "options",
        },
        reset=RESOURCE_RESET,
        mapped={"line_item": "new line item"},
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(name="an_option_has_a_quantity", condition=Q(quantity__gt=0)),
        ]
        indexes = [
            newest_first("options_newest"),
            models.Index(
                fields=["sku_option"],
                name="options_of_sku_options",
                condition=Q(sku_option__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.id


class StockLineItem(models.Model):
    """How much of which stock item a line has taken; given back when the order is cancelled."""

    id = IdField()
    order = models.ForeignKey(Order, models.CASCADE, related_name="stock_line_items")
    line_item = models.ForeignKey(LineItem, models.CASCADE, related_name="stock_line_items")
    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="stock_line_items")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="taken_stock_has_a_quantity", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.stock_item_id}"
