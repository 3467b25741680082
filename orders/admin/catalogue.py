from django.contrib import admin

from orders.admin.base import ShopAdmin, ShopInline
from orders.models import Price, Sku, SkuOption, StockItem


class PriceInline(ShopInline):
    model = Price
    fields = ["price_list", "amount_cents", "compare_at_amount_cents"]


class StockItemInline(ShopInline):
    model = StockItem
    fields = ["stock_location", "quantity"]


@admin.register(Sku)
class SkuAdmin(ShopAdmin):
    list_display = ["code", "name", "disabled_at", "do_not_track", "do_not_ship"]
    search_fields = ["=id", "^code", "^name", "=reference"]
    autocomplete_fields = ["tags"]
    inlines = [PriceInline, StockItemInline]
    ordering = ["code"]


@admin.register(Price)
class PriceAdmin(ShopAdmin):
    list_display = ["sku", "price_list", "amount_cents", "compare_at_amount_cents"]
    list_select_related = ["sku", "price_list"]
    search_fields = ["=id", "^sku__code"]
    autocomplete_fields = ["sku", "price_list"]


@admin.register(StockItem)
class StockItemAdmin(ShopAdmin):
    list_display = ["sku", "stock_location", "quantity"]
    list_editable = ["quantity"]
    list_select_related = ["sku", "stock_location"]
    search_fields = ["=id", "^sku__code"]
    autocomplete_fields = ["sku", "stock_location"]


@admin.register(SkuOption)
class SkuOptionAdmin(ShopAdmin):
    list_display = ["name", "market", "price_amount_cents", "currency_code"]
    list_select_related = ["market"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market", "tags"]
