from django.contrib import admin

from orders.admin.base import ShopAdmin, ShopInline
from orders.models import (
    Market,
    MarketStockLocation,
    Organization,
    PriceList,
    ShippingMethod,
    StockLocation,
    Tag,
)


class MarketStockLocationInline(ShopInline):
    model = MarketStockLocation
    mode_lookup = "market__mode"


@admin.register(Market)
class MarketAdmin(ShopAdmin):
    list_display = ["name", "code", "price_list", "disabled_at"]
    list_select_related = ["price_list"]
    search_fields = ["=id", "^name", "=code"]
    autocomplete_fields = ["price_list", "default_shipping_method", "default_payment_method"]
    inlines = [MarketStockLocationInline]


@admin.register(PriceList)
class PriceListAdmin(ShopAdmin):
    list_display = ["name", "code", "currency_code", "tax_included"]
    search_fields = ["=id", "^name", "=code"]


@admin.register(StockLocation)
class StockLocationAdmin(ShopAdmin):
    list_display = ["name", "code"]
    search_fields = ["=id", "^name", "=code"]


@admin.register(ShippingMethod)
class ShippingMethodAdmin(ShopAdmin):
    list_display = ["name", "market", "price_amount_cents", "disabled_at"]
    list_select_related = ["market"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market", "tags"]


@admin.register(Tag)
class TagAdmin(ShopAdmin):
    list_display = ["name", "created_at"]
    search_fields = ["=id", "^name"]


@admin.register(Organization)
class OrganizationAdmin(ShopAdmin):
    """The shop itself: one row, for test and live alike."""

    mode_lookup = None
    list_display = ["name", "slug", "support_email"]
    search_fields = ["=id", "^name"]
