"""Orders and what belongs to them; they change by the steps of their lifecycle only."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.admin_site import shop_site
from config.modes import mode_of
from config.templatetags.shop import moment
from orders.admin.base import ReadOnlyAdmin
from orders.admin.exporting import Exported
from orders.admin.figures import in_money
from orders.admin.order_editing import edit_or_show
from orders.admin.order_export import RowsOfOrders
from orders.admin.order_filters import FILTERS
from orders.admin.order_page import Panel
from orders.admin.order_search import matching
from orders.admin.spreadsheets import Rows
from orders.admin.steps import ask_or_take
from orders.admin.wording import AXES, SHIPMENT_STATES, STATES, state
from orders.lifecycle.moves import FULFILLMENT, PAYMENT, STATUS
from orders.models import Order, Shipment

PAGE_TEMPLATE = "orders/order.html"
MOMENTS = [
    "on_hold_at",
    "picking_at",
    "packing_at",
    "ready_to_ship_at",
    "shipped_at",
    "delivered_at",
]


def _state_column(axis: str) -> Any:
    """A column that shows one state of an order as a coloured label with its word."""
    colours = {value: colour for value, (_word, colour) in STATES[axis].items()}

    @display(description=AXES[axis], label=colours)
    def column(order: Order) -> Any:
        value = getattr(order, axis)
        return value, state(axis, value)[0]

    return column


@admin.register(Order)
class OrderAdmin(Exported, ReadOnlyAdmin):
    """The list of orders, and a page of each with all that can be done with it."""

    list_display = [
        "shown_number",
        "shown_customer",
        _state_column(STATUS),
        _state_column(PAYMENT),
        _state_column(FULFILLMENT),
        "total",
        "placed",
        "created",
    ]
    # What an index has in order.
    sortable_by = ["shown_number", "shown_customer", "total", "placed", "created"]
    list_before_template = "orders/order_list_tools.html"
    name_of_file = _("orders")
    list_filter: Any = FILTERS
    search_fields = ["number", "customer__email", "line_items__sku__code", "reference"]
    search_help_text = _(
        "An order's number or reference, the beginning of the customer's e-mail address, or a SKU"
    )

    @display(description=_("Number"), ordering="number")
    def shown_number(self, order: Order) -> str:
        return order.number

    @display(description=_("Customer"), ordering="customer_email", empty_value="–")
    def shown_customer(self, order: Order) -> str | None:
        return order.customer_email

    @display(description=_("Total"), ordering="total_amount_cents")
    def total(self, order: Order) -> str:
        return in_money(order.total_amount_cents, order.currency_code)

    @display(description=_("Placed"), ordering="placed_at")
    def placed(self, order: Order) -> str:
        return moment(order.placed_at)

    @display(description=_("Created"), ordering="created_at")
    def created(self, order: Order) -> str:
        return moment(order.created_at)

    def rows_of_file(self, orders: QuerySet[Order]) -> Rows:
        return RowsOfOrders(orders)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        if not search_term.strip():
            return queryset, False
        return matching(queryset, search_term, mode=mode_of(request)), False

    def get_urls(self) -> list[URLPattern]:
        steps = path(
            "<str:object_id>/step/<str:name>/",
            self.admin_site.admin_view(self.step_view),
            name="orders_order_step",
        )
        return [steps, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show an order; one that is open can be edited where it is shown."""
        order = self._order(request, object_id)
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return edit_or_show(request, order, self)

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask whether to take a step of the lifecycle, and take it when that is confirmed."""
        order = self._order(request, object_id)
        if order is None:
            raise Http404
        return ask_or_take(request, order, name)

    def panels(self, request: HttpRequest, order: Order) -> list[Panel]:
        """What others have to show on the page of an order, after what the shop itself shows."""
        return []

    def show_page(self, request: HttpRequest, order: Order, **context: Any) -> HttpResponse:
        """Answer the page of an order."""
        return shop_site.show(
            request,
            PAGE_TEMPLATE,
            title=_("Order %(number)s") % {"number": order.number},
            opts=self.opts,
            original=order,
            order=order,
            panels=self.panels(request, order),
            **context,
        )

    def _order(self, request: HttpRequest, object_id: str) -> Order | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        orders = self.get_queryset(request).select_related(
            "market__price_list",
            "customer",
            "billing_address",
            "shipping_address",
            "payment_method",
            "payment_source",
            "copied_from",
        )
        order = orders.filter(pk=object_id).first()
        if order is None:
            self.refuse_other_mode(request, object_id)
        return order


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    """Where an order's parcel is; it is moved by the steps of its order."""

    list_display = ["number", "order", "shipping_method", "state", "cost"]
    # What an index has in order.
    sortable_by = ["number"]
    list_select_related = ["order", "shipping_method"]
    list_filter = ["status"]
    search_fields = ["=id", "=number", "=order__number"]
    search_help_text = _("The number of a shipment or of its order")
    fields = ["number", "order", "standing", "shipping_method", "stock_location", "cost", *MOMENTS]
    readonly_fields = fields

    @display(
        description=_("Status"),
        label={value: colour for value, (_word, colour) in SHIPMENT_STATES.items()},
    )
    def state(self, shipment: Shipment) -> Any:
        return shipment.status, SHIPMENT_STATES[shipment.status][0]

    @display(description=_("Status"))
    def standing(self, shipment: Shipment) -> Any:
        return SHIPMENT_STATES[shipment.status][0]

    @display(description=_("Cost"))
    def cost(self, shipment: Shipment) -> str:
        return in_money(shipment.cost_amount_cents, shipment.order.currency_code)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Tell of what has happened, and not of what has not."""
        return [name for name in self.fields if name not in MOMENTS or getattr(obj, name, None)]
