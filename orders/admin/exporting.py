"""Lists that can be taken along: all that the filters match, as a file for a spreadsheet."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from orders.admin.figures import grouped
from orders.admin.spreadsheets import MOST_IN_A_WORKBOOK, Rows, TooMany, export


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
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        the_list = HttpResponseRedirect(f"{reverse(page)}?{request.GET.urlencode()}")
        try:
            changelist = self.get_changelist_instance(request)  # type: ignore[attr-defined]
            found = changelist.get_queryset(request)
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            # What it cannot be narrowed down by, the list says best.
            return the_list
        try:
            return export(self.rows_of_file(found), str(self.name_of_file), kind)
        except TooMany:
            self._offer_csv(request)
        return the_list

    def _offer_csv(self, request: HttpRequest) -> None:
        said = gettext(
            "A file for Excel holds up to %(most)s rows, and these are more. Narrow the list down, "
            "or take all of them as CSV, which Excel opens as well."
        )
        csv = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export", args=["csv"])
        link = format_html(
            '<a class="text-link" href="{}?{}">{}</a>',
            csv,
            request.GET.urlencode(),
            gettext("Export as CSV"),
        )
        words = said % {"most": grouped(MOST_IN_A_WORKBOOK)}
        messages.warning(request, format_html("{} {}", words, link))
