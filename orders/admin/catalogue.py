"""What the shop sells: SKUs with their prices and stock on one page, options, price lists."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.admin.figures import in_money
from orders.admin.records import RecordAdmin, RecordForm, RecordInline
from orders.admin.stock import StockItemInline, hold_stock
from orders.admin.switching import OUT_OF_USE, Switchable
from orders.models import Price, PriceList, Sku, SkuOption, StockItem
from orders.obstacles import Obstructed
from orders.pricing import inherit_currency
from orders.sku_options import require_pattern

STOCK = Subquery(
    StockItem.objects.filter(sku=OuterRef("pk"))
    .order_by()
    .values("sku")
    .annotate(pieces=Sum("quantity"))
    .values("pieces")
)


class PriceInline(RecordInline):
    model = Price
    hide_title = True
    fields = ["price_list", "amount_cents", "compare_at_amount_cents"]
    verbose_name = _("price")
    verbose_name_plural = _("Prices")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        rows = super().get_queryset(request).select_related("price_list")
        return rows.order_by("price_list__name")


@admin.register(Sku)
class SkuAdmin(Switchable, RecordAdmin):
    disabled_means = OUT_OF_USE
    list_display = ["code", "name", "in_use", "pieces", "updated_at"]
    list_filter = [("disabled_at", admin.EmptyFieldListFilter), "do_not_track"]
    search_fields = ["=id", "^code", "^name", "=reference"]
    search_help_text = _("The beginning of a code or a name, or a reference")
    autocomplete_fields = ["tags"]
    inlines = [PriceInline, StockItemInline]
    ordering = ["code"]
    fieldsets = [
        (None, {"fields": ["code", "name", "description", "image_url"]}),
        (_("How it is sold"), {"fields": ["do_not_ship", "do_not_track"]}),
        (
            _("More"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("weight", "unit_of_weight"),
                    "pieces_per_pack",
                    "hs_tariff_number",
                    "reference",
                    "tags",
                ],
            },
        ),
    ]
    deletion_advice = _("Disable it instead: then it goes into no new order.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        return super().get_queryset(request).annotate(pieces_=STOCK)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            hold_stock(StockItem.objects.filter(sku=object_id))
        return super().get_object(request, object_id, from_field)

    @display(description=_("Pieces"))
    def pieces(self, sku: Any) -> Any:
        if sku.do_not_track:
            return _("not counted")
        return sku.pieces_ or 0


@admin.register(Price)
class PriceAdmin(RecordAdmin):
    list_display = ["sku", "price_list", "price", "former_price"]
    list_select_related = ["sku", "price_list"]
    list_filter = ["price_list"]
    search_fields = ["=id", "^sku__code"]
    search_help_text = _("The beginning of a SKU's code")
    autocomplete_fields = ["sku", "price_list"]
    fields = ["sku", "price_list", "amount_cents", "compare_at_amount_cents"]

    @display(description=_("Price"), ordering="amount_cents")
    def price(self, price: Price) -> str:
        return in_money(price.amount_cents, price.price_list.currency_code)

    @display(description=_("Former price"))
    def former_price(self, price: Price) -> str | None:
        cents = price.compare_at_amount_cents
        return None if cents is None else in_money(cents, price.price_list.currency_code)


class OfMarketForm(RecordForm):
    """What a market charges is in its currency, where nobody says which."""

    def _post_clean(self) -> None:
        super()._post_clean()
        inherit_currency(self.instance)

    def settled(self) -> set[str]:
        return {"currency_code"}


class SkuOptionForm(OfMarketForm):
    def clean_sku_code_regex(self) -> str | None:
        pattern: str | None = self.cleaned_data["sku_code_regex"]
        if pattern:
            try:
                require_pattern(pattern)
            except Obstructed as error:
                message = _("This is no pattern. ^MUG means: codes that begin with MUG.")
                raise ValidationError(message) from error
        return pattern


@admin.register(SkuOption)
class SkuOptionAdmin(RecordAdmin):
    form = SkuOptionForm
    list_display = ["name", "market", "costs", "sku_code_regex"]
    list_select_related = ["market__price_list"]
    search_fields = ["=id", "^name"]
    search_help_text = _("The beginning of a name")
    autocomplete_fields = ["market", "tags"]
    fields = [
        "name",
        "description",
        "market",
        ("price_amount_cents", "currency_code"),
        "sku_code_regex",
        "delay_hours",
        "reference",
        "tags",
    ]

    @display(description=_("Costs"), ordering="price_amount_cents")
    def costs(self, option: SkuOption) -> str:
        return charged(option, option.price_amount_cents)


@admin.register(PriceList)
class PriceListAdmin(RecordAdmin):
    list_display = ["name", "code", "currency_code", "tax_included"]
    search_fields = ["=id", "^name", "=code"]
    search_help_text = _("The beginning of a name, or a code")
    fields = ["name", "code", "currency_code", "tax_included", "reference"]


def charged(row: Any, cents: int) -> str:
    """What a market charges, with the sign of its currency where that is known."""
    currency = row.currency_code
    if currency is None and row.market is not None:
        currency = row.market.price_list.currency_code
    return in_money(cents, currency) if currency else number_format(cents / 100, 2)
