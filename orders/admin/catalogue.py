from django.contrib import admin
from unfold.admin import TabularInline

from orders.admin.base import ResourceAdmin
from orders.models import Price, Sku, SkuOption, StockItem


class PriceInline(TabularInline):
    model = Price
    fields = ["mode", "price_list", "amount_cents", "compare_at_amount_cents"]
    extra = 0


class StockItemInline(TabularInline):
    model = StockItem
    fields = ["mode", "stock_location", "quantity"]
    extra = 0


@admin.register(Sku)
class SkuAdmin(ResourceAdmin):
    list_display = ["code", "name", "disabled_at", "do_not_track", "do_not_ship", "mode"]
    search_fields = ["=id", "^code", "^name", "=reference"]
    autocomplete_fields = ["tags"]
    inlines = [PriceInline, StockItemInline]
    ordering = ["code"]


@admin.register(Price)
class PriceAdmin(ResourceAdmin):
    list_display = ["sku", "price_list", "amount_cents", "compare_at_amount_cents", "mode"]
    list_select_related = ["sku", "price_list"]
    search_fields = ["=id", "^sku__code"]
    autocomplete_fields = ["sku", "price_list"]


@admin.register(StockItem)
class StockItemAdmin(ResourceAdmin):
    list_display = ["sku", "stock_location", "quantity", "mode"]
    list_editable = ["quantity"]
    list_select_related = ["sku", "stock_location"]
    search_fields = ["=id", "^sku__code"]
    autocomplete_fields = ["sku", "stock_location"]


@admin.register(SkuOption)
class SkuOptionAdmin(ResourceAdmin):
    list_display = ["name", "market", "price_amount_cents", "currency_code", "mode"]
    list_select_related = ["market"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market", "tags"]
