"""Stock: quantities are typed in the list, and never over what orders took meanwhile."""

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.admin.records import RecordAdmin, RecordForm, RecordInline
from orders.models import StockItem


class StockItemForm(RecordForm):
    """Carries the quantity that it was opened with, and refuses when that is not true any more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "quantity" in self.fields:
            quantity = self.fields["quantity"]
            quantity.show_hidden_initial = True
            if not self.instance._state.adding:
                where = f"{self.instance.sku.code}, {self.instance.stock_location.name}"
                quantity.widget.attrs["aria-label"] = f"{quantity.label}: {where}"

    def clean_quantity(self) -> int:
        """Take the new quantity; the rows are locked by whoever opened the form for saving."""
        stored: int | None = self.instance.quantity
        if self.instance._state.adding:
            return int(self.cleaned_data["quantity"])
        if "quantity" not in self.changed_data:
            return int(stored or 0)
        opened_with = self.opened_with()
        if opened_with != stored:
            self._open_with(stored)
            raise ValidationError(
                gettext(
                    "Meanwhile the stock went from %(was)s to %(is)s, by an order for example. "
                    "Nothing was changed here: check the number and save again."
                )
                % {"was": opened_with, "is": stored},
                code="changed_meanwhile",
            )
        return int(self.cleaned_data["quantity"])

    def opened_with(self) -> int | None:
        """What the quantity was when somebody began to type."""
        said = self.data.get(self.add_initial_prefix("quantity"), "")
        return int(said) if said.isdecimal() else None

    def _open_with(self, quantity: int | None) -> None:
        """Let the form that is shown again start from what is true now."""
        self.data = cast("QueryDict", self.data).copy()
        self.data[self.add_initial_prefix("quantity")] = str(quantity)


class StockItemInline(RecordInline):
    model = StockItem
    form = StockItemForm
    hide_title = True
    fields = ["stock_location", "quantity"]
    verbose_name = _("stock location")
    verbose_name_plural = _("Stock")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockItem]:
        rows = super().get_queryset(request).select_related("sku", "stock_location")
        return rows.order_by("stock_location__name")


@admin.register(StockItem)
class StockItemAdmin(RecordAdmin):
    """One row for each SKU and place; the number is changed where it stands."""

    form = StockItemForm
    list_form = StockItemForm
    fields = ["sku", "stock_location", "quantity"]
    list_display = ["sku", "sku_name", "stock_location", "quantity", "level"]
    list_editable = ["quantity"]
    list_select_related = ["sku", "stock_location"]
    list_filter = ["stock_location"]
    search_fields = ["=id", "^sku__code"]
    search_help_text = _("The beginning of a SKU's code")
    autocomplete_fields = ["sku", "stock_location"]
    ordering = ["sku__code", "id"]
    list_before_template = "orders/stock_hint.html"

    @display(description=_("Name"))
    def sku_name(self, item: StockItem) -> str:
        return item.sku.name

    @display(
        description=_("State"),
        ordering="quantity",
        label={"there": "success", "none": "danger", "uncounted": "info"},
    )
    def level(self, item: StockItem) -> tuple[str, Any]:
        if item.sku.do_not_track:
            return "uncounted", _("Never out of stock")
        return ("there", _("In stock")) if item.quantity else ("none", _("Out of stock"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What lies where is not turned into something else; only how many."""
        return ["sku", "stock_location"] if obj else []

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        with transaction.atomic():
            return super().changelist_view(request, extra_context)

    def _get_list_editable_queryset(self, request: HttpRequest, prefix: str) -> Any:
        """Hold the rows that are saved, in the order in which orders take them."""
        keys = self._get_edited_object_pks(request, prefix)
        hold_stock(self.get_queryset(request).filter(pk__in=keys))
        return super()._get_list_editable_queryset(request, prefix)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            hold_stock(self.get_queryset(request).filter(pk=object_id))
        return super().get_object(request, object_id, from_field)


def hold_stock(items: QuerySet[StockItem]) -> None:
    """Let nobody else change these quantities until the transaction ends."""
    list(
        items.order_by("pk")
        .select_related(None)
        .select_for_update(no_key=True, of=("self",))
        .values_list("pk", flat=True)
    )
