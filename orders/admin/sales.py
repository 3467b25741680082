"""Orders and what belongs to them; they change by the steps of their lifecycle only."""

from django.contrib import admin

from orders.admin.base import ReadOnlyAdmin, ReadOnlyInline
from orders.models import LineItem, LineItemOption, Order, Shipment, StockLineItem


class LineItemInline(ReadOnlyInline):
    model = LineItem
    fields = ["position", "sku_code", "name", "quantity", "unit_amount_cents", "discount_cents"]
    ordering = ["position"]


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = [
        "number",
        "customer_email",
        "status",
        "payment_status",
        "fulfillment_status",
        "total_amount_cents",
        "currency_code",
        "placed_at",
    ]
    list_filter = ["status", "payment_status", "fulfillment_status"]
    search_fields = ["=id", "=number", "=token", "=reference", "^customer__email"]
    inlines = [LineItemInline]


@admin.register(LineItem)
class LineItemAdmin(ReadOnlyAdmin):
    list_display = ["order", "sku_code", "name", "quantity", "total_amount_cents"]
    list_select_related = ["order"]
    list_filter = ["item_type"]
    search_fields = ["=id", "=order__number", "=sku__code"]


@admin.register(LineItemOption)
class LineItemOptionAdmin(ReadOnlyAdmin):
    list_display = ["line_item", "name", "quantity", "total_amount_cents"]
    list_select_related = ["line_item"]
    search_fields = ["=id", "=line_item__order__number"]


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ["number", "order", "shipping_method", "status", "cost_amount_cents"]
    list_select_related = ["order", "shipping_method"]
    list_filter = ["status"]
    search_fields = ["=id", "=number", "=order__number"]


@admin.register(StockLineItem)
class StockLineItemAdmin(ReadOnlyAdmin):
    mode_lookup = "order__mode"
    list_display = ["order", "line_item", "stock_item", "quantity"]
    list_select_related = ["order", "line_item", "stock_item"]
    readonly_fields = ["id"]
    search_fields = ["=id", "=order__number"]
    ordering = ["-id"]
