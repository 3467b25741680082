"""Who buys: customers with their orders, address books and wallets."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.templatetags.shop import moment
from orders.addresses import keep_as_placed
from orders.admin.base import ReadOnlyInline
from orders.admin.figures import in_money
from orders.admin.records import RecordAdmin, RecordInline
from orders.audit import Who
from orders.models import Address, Customer, CustomerAddress, CustomerPaymentSource, Order


class CustomersOrderInline(ReadOnlyInline):
    model = Order
    fk_name = "customer"
    verbose_name_plural = _("Orders")
    fields = ["order", "status", "total", "placed"]
    readonly_fields = fields
    hide_title = True
    per_page = 10
    ordering = ["-created_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        wanted = ("number", "mode", "customer", "status", "total_amount_cents", "currency_code")
        return super().get_queryset(request).only(*wanted, "placed_at", "created_at")

    @display(description=_("Number"))
    def order(self, order: Order) -> str:
        address = reverse("admin:orders_order_change", args=[order.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', address, order.number)

    @display(description=_("Total"))
    def total(self, order: Order) -> str:
        return in_money(order.total_amount_cents, order.currency_code)

    @display(description=_("Placed"))
    def placed(self, order: Order) -> Any:
        return moment(order.placed_at)


class AddressBookInline(RecordInline):
    model = CustomerAddress
    fields = ["address"]
    autocomplete_fields = ["address"]
    verbose_name = _("address")
    verbose_name_plural = _("Addresses")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerAddress]:
        return super().get_queryset(request).select_related("address")


class WalletInline(ReadOnlyInline):
    model = CustomerPaymentSource
    verbose_name_plural = _("Wallet")
    fields = ["kind", "payment_source_token", "since"]
    readonly_fields = fields
    hide_title = True
    per_page = 10
    ordering = ["-created_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerPaymentSource]:
        rows = super().get_queryset(request)
        return rows.select_related("payment_method", "payment_source")

    @display(description=_("Kind"))
    def kind(self, entry: CustomerPaymentSource) -> str | None:
        return entry.name

    @display(description=_("Kept since"))
    def since(self, entry: CustomerPaymentSource) -> Any:
        return moment(entry.created_at)


@admin.register(Customer)
class CustomerAdmin(RecordAdmin):
    list_display = ["email", "shopper_reference", "created_at"]
    search_fields = ["=id", "^email", "=reference", "=shopper_reference"]
    search_help_text = _("The beginning of an e-mail address, or a reference")
    autocomplete_fields = ["tags"]
    fields = ["email", "shopper_reference", "tax_exemption_code", "reference", "tags"]
    inlines = [CustomersOrderInline, AddressBookInline, WalletInline]
    change_form_before_template = "orders/customers_orders.html"


@admin.register(Address)
class AddressAdmin(RecordAdmin):
    list_display = ["person", "line_1", "zip_code", "city", "country_code"]
    # Orders have addresses of their own, so there are very many: no order but the newest first.
    sortable_by = ()
    search_fields = ["=id", "^last_name"]
    search_help_text = _("The beginning of a last name")
    autocomplete_fields = ["tags"]
    fields = [
        ("first_name", "last_name"),
        ("company", "business"),
        "line_1",
        "line_2",
        ("zip_code", "city"),
        ("state_code", "country_code"),
        ("phone", "email"),
        "billing_info",
        "notes",
        "reference",
        "tags",
    ]

    @display(description=_("Name"), ordering="last_name")
    def person(self, address: Address) -> str:
        return address.full_name

    def save_model(self, request: HttpRequest, obj: Address, form: Any, change: Any) -> None:
        if change and form.has_changed():
            keep_as_placed(obj.pk, who=Who.user(request.user))
        super().save_model(request, obj, form, change)
