"""The single errors and attempts of copies: looked at here."""

from django.contrib import admin

from ordercopy.models import CopyAttempt, CopyError
from orders.admin.base import ReadOnlyAdmin


@admin.register(CopyError)
class CopyErrorAdmin(ReadOnlyAdmin):
    mode_lookup = "factory__mode"
    list_display = ["factory", "attempt", "code", "sku_code", "message"]
    list_filter = ["code"]
    search_fields = ["=factory__id", "=sku_code"]
    readonly_fields: list[str] = []
    ordering = ["-id"]


@admin.register(CopyAttempt)
class CopyAttemptAdmin(ReadOnlyAdmin):
    mode_lookup = "factory__mode"
    list_display = ["factory", "number", "status", "started_at", "ended_at", "worker"]
    list_filter = ["status"]
    search_fields = ["=factory__id"]
    readonly_fields: list[str] = []
    ordering = ["-id"]
