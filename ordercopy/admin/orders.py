"""The orders' pages, with what was made from them and how they are copied."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from ordercopy.admin.exports import RowsOfOrdersWithCopies
from ordercopy.admin.order_relatives import CopiesOfOrders
from orders.admin.sales import OrderAdmin
from orders.admin.selection import Selection
from orders.admin.spreadsheets import Rows
from orders.models import Order

admin.site.unregister(Order)


@admin.register(Order)
class OrderWithCopiesAdmin(CopiesOfOrders, OrderAdmin):
    """The orders' pages, from where they are copied, with their copies and families."""

    actions = ["copy_orders"]

    def rows_of_file(self, orders: QuerySet[Order]) -> Rows:
        return RowsOfOrdersWithCopies(orders)

    def has_copy_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ordercopy.copy_order")

    @action(description=_("Copy…"), permissions=["copy"])
    def copy_orders(self, request: HttpRequest, _orders: QuerySet[Order]) -> HttpResponse:
        """Go to the page that asks how to copy them."""
        address = reverse("admin:ordercopy_copy_orders")
        return HttpResponseRedirect(f"{address}?{Selection.sent(request).query_string()}")
