"""What all admin pages of the shop have in common."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ResourceAdmin(ModelAdmin):
    """Lists newest first, by mode; searching is by exact value or by the beginning of one.

    Searching inside texts would read whole tables.
    """

    list_filter: Any = ["mode"]
    ordering: Any = ["-created_at", "-id"]
    readonly_fields: Any = ["id", "created_at", "updated_at"]
    list_per_page = 50
    show_full_result_count = False


class ReadOnlyAdmin(ResourceAdmin):
    """For what is changed by actions only, never by editing a row."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
