"""What makes an order cheaper: promotions and the coupons that unlock them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.base import CodeField, CurrencyField, Disableable, Resource, flag
from orders.models.catalogue import Sku
from orders.models.market import Market
from orders.models.tag import Tag


class Promotion(Disableable, Resource):
    """A discount that holds for some time, on all SKUs or on some of them."""

    class Type(models.TextChoices):
        PERCENTAGE = "percentage_discount_promotions", _("Percentage discount")
        FIXED_AMOUNT = "fixed_amount_promotions", _("Fixed amount")

    type = models.CharField(max_length=32, choices=Type.choices)
    name = models.CharField(max_length=255)
    market = models.ForeignKey(
        Market, models.CASCADE, null=True, blank=True, related_name="promotions"
    )
    currency_code = CurrencyField(null=True, blank=True)
    exclusive = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("When it applies, no other promotion does."),
    )
    priority = models.IntegerField(default=0, db_default=0)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    total_usage_limit = models.PositiveIntegerField(null=True, blank=True)
    total_usage_count = models.PositiveIntegerField(default=0, db_default=0)
    percentage = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    fixed_amount_cents = models.BigIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    skus = models.ManyToManyField(Sku, blank=True, related_name="promotions")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                name="a_promotion_says_how_much",
                condition=Q(
                    type="percentage_discount_promotions",
                    percentage__isnull=False,
                    percentage__gte=1,
                    percentage__lte=100,
                    fixed_amount_cents=None,
                )
                | Q(
                    type="fixed_amount_promotions",
                    fixed_amount_cents__isnull=False,
                    fixed_amount_cents__gt=0,
                    percentage=None,
                ),
            ),
            models.CheckConstraint(
                name="a_promotion_ends_after_it_starts",
                condition=Q(expires_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Coupon(Resource):
    """A code that unlocks a promotion."""

    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="coupons")
    code = CodeField(max_length=40)
    customer_single_use = flag()
    usage_limit = models.PositiveIntegerField(null=True, blank=True)
    usage_count = models.PositiveIntegerField(default=0, db_default=0)
    recipient_email = models.EmailField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "code"], name="one_coupon_per_code"),
            models.CheckConstraint(
                name="a_coupon_is_not_used_too_often",
                condition=Q(usage_limit=None) | Q(usage_count__lte=F("usage_limit")),
            ),
        ]

    def __str__(self) -> str:
        return self.code
