from django.contrib import admin
from unfold.admin import TabularInline

from orders.admin.base import ResourceAdmin
from orders.models import (
    Market,
    MarketStockLocation,
    Organization,
    PriceList,
    ShippingMethod,
    StockLocation,
    Tag,
)


class MarketStockLocationInline(TabularInline):
    model = MarketStockLocation
    extra = 0


@admin.register(Market)
class MarketAdmin(ResourceAdmin):
    list_display = ["name", "code", "price_list", "disabled_at", "mode"]
    list_select_related = ["price_list"]
    search_fields = ["=id", "^name", "=code"]
    autocomplete_fields = ["price_list", "default_shipping_method", "default_payment_method"]
    inlines = [MarketStockLocationInline]


@admin.register(PriceList)
class PriceListAdmin(ResourceAdmin):
    list_display = ["name", "code", "currency_code", "tax_included", "mode"]
    search_fields = ["=id", "^name", "=code"]


@admin.register(StockLocation)
class StockLocationAdmin(ResourceAdmin):
    list_display = ["name", "code", "mode"]
    search_fields = ["=id", "^name", "=code"]


@admin.register(ShippingMethod)
class ShippingMethodAdmin(ResourceAdmin):
    list_display = ["name", "market", "price_amount_cents", "disabled_at", "mode"]
    list_select_related = ["market"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market", "tags"]


@admin.register(Tag)
class TagAdmin(ResourceAdmin):
    list_display = ["name", "created_at", "mode"]
    search_fields = ["=id", "^name"]


@admin.register(Organization)
class OrganizationAdmin(ResourceAdmin):
    list_display = ["name", "slug", "support_email"]
    list_filter: list[str] = []
    search_fields = ["=id", "^name"]
