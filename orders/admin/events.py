from django.contrib import admin

from orders.admin.base import ReadOnlyAdmin
from orders.models import Event, EventStore


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["name", "resource_type", "resource_id", "created_at"]
    search_fields = ["=id", "=resource_id"]


@admin.register(EventStore)
class EventStoreAdmin(ReadOnlyAdmin):
    list_display = ["resource_type", "resource_id", "event", "who", "created_at"]
    list_filter = ["event"]
    search_fields = ["=id", "=resource_id"]
