"""Lists that can be taken along: all that the filters match, as a file for a spreadsheet."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from orders.admin.spreadsheets import Rows, export


class Exported:
    """An admin whose list has an address for each kind of file."""

    opts: Any
    admin_site: Any
    # What files of the list are called, before the day.
    name_of_file: Any

    def rows_of_file(self, found: QuerySet[Any]) -> Rows:
        """What the file tells of these rows."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [
            path("export/<str:kind>/", view, name=name),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """All that the list shows with these filters, as a file."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        changelist = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        found = changelist.get_queryset(request)
        return export(self.rows_of_file(found), str(self.name_of_file), kind)
