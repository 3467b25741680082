"""The list of order copies, and the page of each."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from config.admin_site import shop_site
from config.modes import mode_of
from ordercopy.admin.actions import CopyActions
from ordercopy.admin.columns import COLUMNS, FactoryList
from ordercopy.admin.copy_page import page_of
from ordercopy.admin.exports import RowsOfCopies
from ordercopy.admin.filters import (
    BatchFilter,
    CauseFilter,
    MadeAgainFilter,
    MessageFilter,
    OptionFilter,
    PartFilter,
    RetrialFilter,
    SkuFilter,
    StatusFilter,
    asked_retrial,
)
from ordercopy.models import OrderCopy, OrderFactory
from ordercopy.retrials import outcome_of
from orders.admin.base import ReadOnlyAdmin
from orders.admin.days import DayFilter
from orders.admin.exporting import Exported
from orders.admin.spreadsheets import Rows


@admin.register(OrderCopy)
class OrderCopyAdmin(CopyActions, FactoryList, Exported, ReadOnlyAdmin):
    list_display = COLUMNS
    list_filter = [
        StatusFilter,
        CauseFilter,
        SkuFilter,
        PartFilter,
        MessageFilter,
        MadeAgainFilter,
        ("created_at", DayFilter),
        OptionFilter,
        BatchFilter,
        RetrialFilter,
    ]
    list_before_template = "ordercopy/list_tools.html"
    name_of_file = _("order copies")

    def key_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The factories behind the copies: that table alone has all that the list is sorted by."""
        return OrderFactory.objects.filter(mode=mode_of(request), type=OrderFactory.Type.ORDER_COPY)

    def rows_of_file(self, copies: QuerySet[Any]) -> Rows:
        return RowsOfCopies(copies)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.refuse_forbidden(request)
        retrial = asked_retrial(request)
        if retrial is not None:
            outcome = outcome_of(retrial, mode=mode_of(request))
            extra_context = {**(extra_context or {}), "retrial": retrial, "outcome": outcome}
        return super().changelist_view(request, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The copy's own page: it is looked at, and changed by the buttons on it."""
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        copy = self.get_object(request, object_id)
        if copy is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = page_of(request, copy)
        return shop_site.show(request, "ordercopy/copy.html", **page)
