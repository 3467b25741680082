"""Where the shop sells: markets, their price lists and the places that hold their stock."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.base import (
    CurrencyField,
    Disableable,
    Resource,
    WebAddressField,
    flag,
    nullable_text,
)
from orders.pricing import currency_obstacles


class PriceList(Resource):
    """Prices in one currency."""

    name = models.CharField(max_length=255)
    code = nullable_text()
    currency_code = CurrencyField()
    tax_included = flag()

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "name"], name="one_price_list_per_name"),
            models.UniqueConstraint(fields=["mode", "code"], name="one_price_list_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency_code})"

    def clean(self) -> None:
        """Keep the currency as long as there is something in it."""
        super().clean()
        stored = PriceList.objects.filter(pk=self.pk).exclude(currency_code=self.currency_code)
        if stored.exists():
            for obstacle in currency_obstacles(self.pk):
                message = _("It stays as it is: there are prices or orders in this currency.")
                raise ValidationError({obstacle.key: message}, code=obstacle.code)


class StockLocation(Resource):
    """A warehouse or a shop that holds stock."""

    name = models.CharField(max_length=255)
    code = nullable_text()

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "name"], name="one_stock_location_per_name"),
            models.UniqueConstraint(fields=["mode", "code"], name="one_stock_location_per_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Market(Disableable, Resource):
    """A place of business: one price list, some stock locations, its own rules."""

    name = models.CharField(max_length=255)
    code = nullable_text()
    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="markets")
    stock_locations = models.ManyToManyField(
        StockLocation, through="MarketStockLocation", related_name="markets"
    )
    requires_shipping_method = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_(
            "Orders that ship can be placed only with a shipping method on every shipment."
        ),
    )
    checkout_url = WebAddressField(null=True, blank=True)
    facebook_pixel_id = nullable_text()
    shipping_cost_cutoff = models.BigIntegerField(null=True, blank=True)
    default_shipping_method = models.ForeignKey(
        "ShippingMethod", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    default_payment_method = models.ForeignKey(
        "PaymentMethod", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(Resource.Meta):
        constraints = [
            *Resource.Meta.constraints,
            models.UniqueConstraint(fields=["mode", "name"], name="one_market_per_name"),
            models.UniqueConstraint(fields=["mode", "code"], name="one_market_per_code"),
        ]

    def __str__(self) -> str:
        return self.name


class MarketStockLocation(models.Model):
    """A stock location of a market; stock is taken from the lowest priority number first."""

    market = models.ForeignKey(Market, models.CASCADE)
    stock_location = models.ForeignKey(StockLocation, models.PROTECT)
    priority = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["market", "stock_location"],
                name="each_location_once_per_market",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market} · {self.stock_location} ({self.priority})"
