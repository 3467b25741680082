from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.admin.catalogue import OfMarketForm, charged
from orders.admin.records import RecordAdmin, RecordForm, RecordInline
from orders.admin.switching import Switchable
from orders.markets import foreign_defaults
from orders.models import (
    Market,
    MarketStockLocation,
    Organization,
    ShippingMethod,
    StockLocation,
    Tag,
)


class MarketStockLocationInline(RecordInline):
    model = MarketStockLocation
    mode_lookup = "market__mode"
    verbose_name = _("stock location")
    verbose_name_plural = _("Stock locations")
    ordering = ["priority", "id"]


class MarketForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for name in foreign_defaults(self.instance.pk, given):
            self.add_error(name, gettext("This one is offered in another market only."))
        return given


@admin.register(Market)
class MarketAdmin(Switchable, RecordAdmin):
    form = MarketForm
    list_display = ["name", "code", "price_list", "locations", "in_use"]
    list_select_related = ["price_list"]
    search_fields = ["=id", "^name", "=code"]
    search_help_text = _("The beginning of a name, or a code")
    autocomplete_fields = ["price_list", "default_shipping_method", "default_payment_method"]
    inlines = [MarketStockLocationInline]
    fields = [
        "name",
        "code",
        "price_list",
        "requires_shipping_method",
        "default_shipping_method",
        "default_payment_method",
        "checkout_url",
        "reference",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Market]:
        return super().get_queryset(request).prefetch_related("stock_locations")

    @display(description=_("Stock locations"))
    def locations(self, market: Market) -> str:
        return ", ".join(location.name for location in market.stock_locations.all())


@admin.register(StockLocation)
class StockLocationAdmin(RecordAdmin):
    list_display = ["name", "code"]
    search_fields = ["=id", "^name", "=code"]
    search_help_text = _("The beginning of a name, or a code")
    fields = ["name", "code", "reference"]


@admin.register(ShippingMethod)
class ShippingMethodAdmin(Switchable, RecordAdmin):
    form = OfMarketForm
    list_display = ["name", "market", "costs", "free_from", "in_use"]
    list_select_related = ["market__price_list"]
    search_fields = ["=id", "^name"]
    search_help_text = _("The beginning of a name")
    autocomplete_fields = ["market", "tags"]
    fields = [
        "name",
        "market",
        ("price_amount_cents", "currency_code"),
        "free_over_amount_cents",
        "use_subtotal",
        ("min_weight", "max_weight", "unit_of_weight"),
        "tax_code",
        "reference",
        "tags",
    ]

    @display(description=_("Costs"), ordering="price_amount_cents")
    def costs(self, method: ShippingMethod) -> str:
        return charged(method, method.price_amount_cents)

    @display(description=_("Free from"))
    def free_from(self, method: ShippingMethod) -> str | None:
        cents = method.free_over_amount_cents
        return None if cents is None else charged(method, cents)


@admin.register(Tag)
class TagAdmin(RecordAdmin):
    list_display = ["name", "created_at"]
    search_fields = ["=id", "^name"]
    search_help_text = _("The beginning of a name")
    fields = ["name"]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the tags alone: whatever has one is only rid of it, and stays."""
        rows = list(objs)
        _found, _counts, refused, kept = super().get_deleted_objects(rows, request)
        return [str(tag) for tag in rows], {Tag._meta.verbose_name_plural: len(rows)}, refused, kept


@admin.register(Organization)
class OrganizationAdmin(RecordAdmin):
    """The shop itself: one row, for test and live alike, so its page stands in place of a list."""

    mode_lookup = None
    search_fields = ["=id", "^name"]
    fieldsets = [
        (None, {"fields": ["name", "support_email", "support_phone"]}),
        (
            _("More"),
            {
                "classes": ["collapse"],
                "fields": [
                    "domain",
                    "slug",
                    "logo_url",
                    "favicon_url",
                    "primary_color",
                    "reference",
                ],
            },
        ),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shop = Organization.objects.first()
        if shop is None:
            return super().changelist_view(request, extra_context)
        return self.change_view(request, shop.pk, extra_context=extra_context)
