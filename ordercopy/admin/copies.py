"""Order factories, copies and batches: looked at here, changed by actions only."""

from django.contrib import admin

from ordercopy.models import CopyAttempt, CopyError, OrderCopy, OrderCopyBatch, OrderFactory
from orders.admin.base import ReadOnlyAdmin, ReadOnlyInline

FACTORY_COLUMNS = [
    "id",
    "status",
    "source_order",
    "target_order",
    "errors_count",
    "attempt",
    "created_at",
]
FACTORY_SEARCH = ["=id", "=source_order__number", "=target_order__number", "=reference"]


class CopyErrorInline(ReadOnlyInline):
    model = CopyError
    fields = ["attempt", "code", "key", "sku_code", "requested", "available", "message"]
    mode_lookup = "factory__mode"


class CopyAttemptInline(ReadOnlyInline):
    model = CopyAttempt
    fields = ["number", "status", "started_at", "ended_at", "worker", "errors_count"]
    mode_lookup = "factory__mode"


@admin.register(OrderFactory)
class OrderFactoryAdmin(ReadOnlyAdmin):
    list_display = ["type", *FACTORY_COLUMNS]
    list_select_related = ["source_order", "target_order"]
    list_filter = ["type", "status"]
    search_fields = FACTORY_SEARCH
    inlines = [CopyErrorInline, CopyAttemptInline]


@admin.register(OrderCopy)
class OrderCopyAdmin(ReadOnlyAdmin):
    list_display = FACTORY_COLUMNS
    list_select_related = ["source_order", "target_order"]
    list_filter = ["status", "place_target_order", "skip_errors"]
    search_fields = [*FACTORY_SEARCH, "=batch__id"]
    inlines = [CopyErrorInline, CopyAttemptInline]


@admin.register(OrderCopyBatch)
class OrderCopyBatchAdmin(ReadOnlyAdmin):
    list_display = ["id", "total_count", "created_at", "aborted_at", "undone_at"]
    search_fields = ["=id", "=reference"]


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
