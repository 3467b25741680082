from django.contrib import admin

from orders.admin.base import ShopAdmin
from orders.models import Coupon, Promotion


@admin.register(Promotion)
class PromotionAdmin(ShopAdmin):
    list_display = ["name", "type", "starts_at", "expires_at", "total_usage_count"]
    list_filter = ["type"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market", "skus", "tags"]


@admin.register(Coupon)
class CouponAdmin(ShopAdmin):
    list_display = ["code", "promotion", "usage_count", "usage_limit", "expires_at"]
    list_select_related = ["promotion"]
    search_fields = ["=id", "^code", "=recipient_email"]
    autocomplete_fields = ["promotion", "tags"]
