"""The common list of all that makes orders from orders; it is only looked at."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from ordercopy.admin.columns import COLUMNS, FactoryList
from ordercopy.admin.filters import StatusFilter
from ordercopy.admin.wording import TYPES
from ordercopy.models import OrderFactory
from orders.admin.base import ReadOnlyAdmin
from orders.admin.days import DayFilter


class TypeFilter(DropdownFilter):
    title = _("kind")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return TYPES.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(OrderFactory)
class OrderFactoryAdmin(FactoryList, ReadOnlyAdmin):
    list_display = [COLUMNS[0], "kind", *COLUMNS[1:]]
    list_filter = [TypeFilter, StatusFilter, ("created_at", DayFilter)]

    @display(description=_("Kind"))
    def kind(self, factory: OrderFactory) -> Any:
        return TYPES[factory.type]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An order copy has its own page, which tells more."""
        factory = self.get_object(request, object_id)
        if factory is None or factory.type != OrderFactory.Type.ORDER_COPY:
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:ordercopy_ordercopy_change", args=[factory.pk]))
