from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.admin.base import ReadOnlyAdmin
from orders.models import Event, EventStore


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["name", "resource_type", "resource_id", "created_at"]
    search_fields = ["=id", "=resource_id"]
    exclude = ["metadata", "reference", "reference_origin"]


@admin.register(EventStore)
class EventStoreAdmin(ReadOnlyAdmin):
    list_display = ["resource_type", "resource_id", "event", "who", "created_at"]
    list_filter = ["event"]
    search_fields = ["=id", "=resource_id"]
    fields = ["resource_type", "resource_id", "event", "changes", "who", "created_at"]

    @display(description=_("What changed"))
    def changes(self, entry: EventStore) -> SafeString:
        told = (
            (name, *("–" if value is None else value for value in (change["from"], change["to"])))
            for name, change in entry.payload.items()
        )
        return format_html_join("", "<p><code>{}: {} → {}</code></p>", told)
