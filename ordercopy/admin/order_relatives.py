"""What the orders' pages show of copies: how many there are, which failed, and the family tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from config.modes import mode_of
from ordercopy.admin.wording import STATUS_LABELS, STATUSES
from ordercopy.lineage import generations_of
from ordercopy.models import FactoryStatus, OrderCopy, OrderFactory
from orders.admin.figures import in_money
from orders.admin.order_page import Label, Panel, address_of
from orders.admin.selection import Selection
from orders.admin.wording import state
from orders.lifecycle.moves import STATUS
from orders.models import Order

# Of a larger family, and of more copies, the nearest and the latest are shown.
RELATIVES_SHOWN = 40
COPIES_SHOWN = 10

COPIES_OF_ORDER = Subquery(
    OrderCopy.objects.filter(source_order=OuterRef("pk"))
    .order_by()
    .values("source_order")
    .annotate(number=Count("pk"))
    .values("number")
)


class FailedCopiesFilter(DropdownFilter):
    """Orders of which a copy has failed, and waits to be mended."""

    title, parameter_name = _("Copies"), "failed_copies"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Has failed copies"))]

    def queryset(self, request: HttpRequest, orders: QuerySet[Order]) -> QuerySet[Order]:
        if self.value() != "yes":
            return orders
        failed = OrderFactory.objects.filter(
            mode=mode_of(request),
            status=FactoryStatus.FAILED,
            type=OrderFactory.Type.ORDER_COPY,
        )
        return orders.filter(pk__in=failed.values("source_order"))


@dataclass
class Relative:
    """An order of the family, with what was made from it."""

    order: Order
    is_this: bool
    children: list["Relative"] = field(default_factory=list)

    @property
    def address(self) -> str:
        return address_of(self.order)

    @property
    def label(self) -> Label:
        return Label(*state(STATUS, self.order.status))

    @property
    def total(self) -> str:
        return in_money(self.order.total_amount_cents, self.order.currency_code)


class CopiesOfOrders:
    """Adds columns, a filter and panels to the pages of orders."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        orders = super().get_queryset(request)  # type: ignore[misc]
        return orders.annotate(copies_made=Coalesce(COPIES_OF_ORDER, 0))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))  # type: ignore[misc]
        total = columns.index("total") + 1
        return [*columns[:total], "copies", *columns[total:]]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), FailedCopiesFilter]  # type: ignore[misc]

    @display(description=_("Copies"))
    def copies(self, order: Any) -> SafeString | str:
        if not order.copies_made:
            return "–"
        words = ngettext("%(count)d copy", "%(count)d copies", order.copies_made)
        return format_html(
            '<a class="text-link" href="{}">{}</a>',
            copies_address(order),
            words % {"count": order.copies_made},
        )

    def panels(self, request: HttpRequest, order: Order) -> list[Panel]:
        return [
            *super().panels(request, order),  # type: ignore[misc]
            Panel("ordercopy/order_family.html", _family(request, order)),
        ]


def copies_address(order: Order) -> str:
    """The list of the copies of an order."""
    copies = reverse("admin:ordercopy_ordercopy_changelist")
    return f"{copies}?source_order__id__exact={order.pk}"


def _copying(order: Order) -> str:
    return f"{reverse('admin:ordercopy_copy_orders')}?{Selection.ticked([order.pk]).query_string()}"


def _family(request: HttpRequest, order: Order) -> dict[str, Any]:
    """The family tree of an order, its copies, and what to do with it."""
    generations = generations_of(order.pk)
    return {
        "order": order,
        "roots": _tree(order, generations),
        "relatives": len(generations) - 1,
        "left_out": max(0, len(generations) - RELATIVES_SHOWN),
        "copies": list(_copies(order)),
        "copies_address": copies_address(order),
        "copy": _copying(order) if request.user.has_perm("ordercopy.copy_order") else None,
        "compare": order.copied_from_id and reverse("admin:ordercopy_compare", args=[order.pk]),
    }


def _tree(order: Order, generations: dict[str, int]) -> list[Relative]:
    """The family from the oldest shown on, each with its children, the earliest first."""
    nearest = sorted(generations, key=lambda pk: (abs(generations[pk]), pk))[:RELATIVES_SHOWN]
    relatives = {
        row.pk: Relative(row, row.pk == order.pk)
        for row in Order.objects.filter(pk__in=nearest).order_by("created_at", "pk")
    }
    roots: list[Relative] = []
    for relative in relatives.values():
        parent = relatives.get(relative.order.copied_from_id or "")
        (parent.children if parent else roots).append(relative)
    return roots


def _copies(order: Order) -> Iterator[dict[str, Any]]:
    """The latest copies of an order, whether they came to anything or not."""
    copies = OrderCopy.objects.filter(source_order=order).select_related("target_order")
    for copy in copies.order_by("-created_at", "-pk")[:COPIES_SHOWN]:
        yield {
            "address": reverse("admin:ordercopy_ordercopy_change", args=[copy.pk]),
            "label": Label(STATUSES[copy.status], STATUS_LABELS[FactoryStatus(copy.status)]),
            "at": copy.created_at,
            "target": copy.target_order,
            "target_address": address_of(copy.target_order) if copy.target_order else None,
        }
