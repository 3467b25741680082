"""What the shop sells: SKUs, their options, prices and stock."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.base import (
    CodeField,
    CurrencyField,
    Disableable,
    Resource,
    WebAddressField,
    cents,
    newest_first,
    nullable_text,
)
from orders.models.market import Market, PriceList, StockLocation
from orders.models.tag import Tag


class UnitOfWeight(models.TextChoices):
    GRAM = "gr", _("Grams")
    OUNCE = "oz", _("Ounces")
    POUND = "lb", _("Pounds")


class Sku(Disableable, Resource):
    """One thing that can be bought."""

    code = CodeField(max_length=255)
    name = models.CharField(max_length=1024)
    description = models.TextField(null=True, blank=True)
    image_url = WebAddressField(max_length=2048, null=True, blank=True)
    pieces_per_pack = models.PositiveIntegerField(null=True, blank=True)
    weight = models.FloatField(null=True, blank=True)
    unit_of_weight = models.CharField(
        max_length=2, choices=UnitOfWeight.choices, null=True, blank=True
    )
    hs_tariff_number = nullable_text()
    do_not_ship = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Nothing to send: a service or a download."),
    )
    do_not_track = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Never out of stock: quantities are not kept."),
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        verbose_name = "SKU"
        permissions = [("import_products", "Can import products from files")]
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "code"], name="one_sku_per_code"),
        ]
        indexes = [newest_first("skus_newest")]

    def __str__(self) -> str:
        return self.code


class Price(Resource):
    """What a SKU costs in a price list."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="prices")
    amount_cents = cents()
    compare_at_amount_cents = models.BigIntegerField(null=True, blank=True)

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(
                fields=["price_list", "sku"], name="one_price_per_sku_and_list"
            ),
            models.CheckConstraint(
                name="a_price_is_not_negative", condition=Q(amount_cents__gte=0)
            ),
            models.CheckConstraint(
                name="a_former_price_is_not_negative", condition=Q(compare_at_amount_cents__gte=0)
            ),
        ]
        indexes = [newest_first("prices_newest")]

    def __str__(self) -> str:
        return f"{self.sku} · {self.price_list}"


class StockItem(Resource):
    """How many of a SKU a stock location holds."""

    stock_location = models.ForeignKey(StockLocation, models.CASCADE, related_name="stock_items")
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stock_items")
    quantity = models.BigIntegerField(default=0, db_default=0)

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(
                fields=["sku", "stock_location"], name="one_stock_item_per_place"
            ),
            models.CheckConstraint(name="stock_is_never_negative", condition=Q(quantity__gte=0)),
        ]
        indexes = [newest_first("stock_items_newest")]

    def __str__(self) -> str:
        return f"{self.sku} · {self.stock_location}"


class SkuOption(Resource):
    """Something that can be added to a SKU when it is ordered, such as an engraving."""

    market = models.ForeignKey(
        Market, models.CASCADE, null=True, blank=True, related_name="sku_options"
    )
    name = models.CharField(max_length=255)
    currency_code = CurrencyField(null=True, blank=True)
    description = models.TextField(null=True, blank=True)
    price_amount_cents = cents()
    delay_hours = models.PositiveIntegerField(null=True, blank=True)
    sku_code_regex = nullable_text()
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta(Resource.Meta):
        verbose_name = "SKU option"

    def __str__(self) -> str:
        return self.name
