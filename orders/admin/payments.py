from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from orders.admin.catalogue import OfMarketForm, charged
from orders.admin.records import RecordAdmin
from orders.admin.switching import Switchable
from orders.models import PaymentMethod


@admin.register(PaymentMethod)
class PaymentMethodAdmin(Switchable, RecordAdmin):
    form = OfMarketForm
    list_display = ["__str__", "payment_source_type", "market", "costs", "in_use"]
    list_select_related = ["market__price_list"]
    list_filter = ["payment_source_type"]
    search_fields = ["=id", "^name"]
    search_help_text = _("The beginning of a name")
    autocomplete_fields = ["market"]
    fields = [
        "name",
        "payment_source_type",
        "market",
        ("price_amount_cents", "currency_code"),
        "moto",
        "require_capture",
        "auto_place",
        "auto_capture",
        "auto_capture_max_amount_cents",
        "reference",
    ]

    @display(description=_("Costs"), ordering="price_amount_cents")
    def costs(self, method: PaymentMethod) -> str:
        return charged(method, method.price_amount_cents)
