from django.contrib import admin

from orders.admin.base import ReadOnlyAdmin, ShopAdmin
from orders.models import PaymentMethod, PaymentSource, Transaction


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ShopAdmin):
    list_display = ["__str__", "payment_source_type", "market", "price_amount_cents"]
    list_select_related = ["market"]
    list_filter = ["payment_source_type"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market"]


@admin.register(PaymentSource)
class PaymentSourceAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "order", "from_wallet", "created_at"]
    list_select_related = ["order"]
    list_filter = ["type"]
    search_fields = ["=id", "=payment_source_token", "=order__number"]


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    list_display = ["type", "order", "amount_cents", "currency_code", "succeeded", "created_at"]
    list_select_related = ["order"]
    list_filter = ["type", "succeeded"]
    search_fields = ["=id", "=order__number"]
