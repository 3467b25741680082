from django.contrib import admin

from orders.admin.base import ResourceAdmin
from orders.models import Coupon, Promotion


@admin.register(Promotion)
class PromotionAdmin(ResourceAdmin):
    list_display = ["name", "type", "starts_at", "expires_at", "total_usage_count", "mode"]
    list_filter = ["mode", "type"]
    search_fields = ["=id", "^name"]
    autocomplete_fields = ["market", "skus", "tags"]


@admin.register(Coupon)
class CouponAdmin(ResourceAdmin):
    list_display = ["code", "promotion", "usage_count", "usage_limit", "expires_at", "mode"]
    list_select_related = ["promotion"]
    search_fields = ["=id", "^code", "=recipient_email"]
    autocomplete_fields = ["promotion", "tags"]
