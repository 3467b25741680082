"""Editing an open order where it is shown: all its parts in one form, saved together or not at all.

The rules are the domain's; what it refuses stands beside the field that it is about, and nothing
that was typed is lost.
"""

import hashlib
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from orders import line_items, order_details, payments, shipments
from orders.addresses import write_own
from orders.admin.order_forms import (
    AddressForm,
    DetailsForm,
    LineForms,
    NewLineForms,
    PaymentForm,
    ShippingForm,
)
from orders.admin.order_page import OrderPage, ShownLine, address_of, source_in_words
from orders.admin.steps import steps_of
from orders.admin.wording import obstacle_in_words
from orders.audit import Who
from orders.models import (
    LineItem,
    Order,
    PaymentMethod,
    PaymentSource,
    Shipment,
    ShippingMethod,
)
from orders.obstacles import Obstructed
from orders.open_orders import OPEN, hold
from orders.shipping import is_offered, weights_of

ADDRESSES = ("billing_address", "shipping_address")
VERSION = "_version"
THEN_PLACE = "_place"


class OrderEdit:
    """The forms of an order, empty-handed or with what somebody sent."""

    def __init__(self, page: OrderPage, sent: QueryDict | None = None) -> None:
        self.page, self.order, self.sent = page, page.order, sent
        order = self.order
        lines = [row for row in page.rows if row.item_type in line_items.MADE_BY_HAND]
        self.lines = LineForms(
            sent,
            prefix="lines",
            initial=[{"line": line.pk, "quantity": line.quantity} for line in lines],
        )
        self.new_lines = NewLineForms(sent, prefix="new", form_kwargs={"mode": order.mode})
        self.details = DetailsForm(
            sent,
            prefix="details",
            initial={"customer_email": order.customer_email, "coupon_code": order.coupon_code},
        )
        self.addresses = {name: self._address_form(name) for name in ADDRESSES}
        self.shipping = [
            ShippingForm(
                sent,
                prefix=f"shipping-{pk}",
                offered=self.shipping_methods,
                initial={"method": chosen},
            )
            for pk, chosen in self._parcels()
        ]
        self.payment = PaymentForm(
            sent,
            prefix="payment",
            offered=self._payment_methods(),
            sources=[(pk, source_in_words(source)) for pk, source in self.sources.items()],
            initial={"method": order.payment_method_id, "source": order.payment_source_id or ""},
        )
        self.version = version_of(page)
        self.is_stale = False

    def _address_form(self, name: str) -> AddressForm:
        address = getattr(self.order, name)
        known = {field: getattr(address, field, None) for field in AddressForm.base_fields}
        return AddressForm(self.sent, prefix=name, initial=known, has_address=address is not None)

    def _parcels(self) -> list[tuple[str, str | None]]:
        """Each shipment with its method; one to be, where something has to be sent by none."""
        there = [
            (row.pk, row.shipping_method_id)
            for row in self.page.shipment_rows
            if row.status != Shipment.Status.CANCELLED
        ]
        ships = any(
            row.item_type == "skus" and not (row.sku and row.sku.do_not_ship)
            for row in self.page.rows
        )
        return there or ([("new", None)] if ships else [])

    @cached_property
    def shipping_methods(self) -> Any:
        """What is offered for the weight that the order has now."""
        order = self.order
        grams = weights_of([order.pk])[order.pk]
        methods = ShippingMethod.objects.filter(mode=order.mode).order_by("name", "pk")
        offered = [method.pk for method in methods if is_offered(method, order, grams=grams)]
        chosen = [row.shipping_method_id for row in self.page.shipment_rows]
        return methods.filter(pk__in={*offered, *filter(None, chosen)})

    def _payment_methods(self) -> Any:
        methods = PaymentMethod.objects.filter(mode=self.order.mode)
        fitting = payments.offered_to([self.order]) | Q(pk=self.order.payment_method_id)
        return methods.filter(fitting).order_by("name", "pk")

    @cached_property
    def sources(self) -> dict[str, PaymentSource]:
        """What the order may be paid with: its own sources and the customer's wallet."""
        order = self.order
        sources = PaymentSource.objects.filter(mode=order.mode)
        own = Q(order=order, from_wallet=False) | Q(pk=order.payment_source_id)
        if order.customer_id:
            own |= Q(wallet_entries__customer=order.customer_id)
        return {row.pk: row for row in sources.filter(own).distinct().order_by("created_at", "pk")}

    @property
    def rows(self) -> list[tuple[ShownLine, Any]]:
        """Each line that is shown, with its form if it has one."""
        forms_by_line = {form["line"].value(): form for form in self.lines}
        return [(shown, forms_by_line.get(shown.line.pk)) for shown in self.page.lines]

    @property
    def media(self) -> Any:
        return self.new_lines.media

    @property
    def all_forms(self) -> list[forms.Form]:
        return [
            *self.lines,
            *self.new_lines,
            self.details,
            *self.addresses.values(),
            *self.shipping,
            self.payment,
        ]

    @property
    def has_errors(self) -> bool:
        broken = self.lines.non_form_errors() or self.new_lines.non_form_errors()
        return self.is_stale or bool(broken) or any(form.errors for form in self.all_forms)

    # Saving

    def save(self, *, who: Who) -> bool:
        """Change what is other than it was; answers whether it could all be done."""
        checked = [self.lines.is_valid(), self.new_lines.is_valid()]
        checked += [form.is_valid() for form in self.all_forms]
        if not all(checked):
            return False
        with transaction.atomic():
            order = hold(self.order.pk)
            if self._has_changed_meanwhile():
                self.is_stale = True
                return False
            self._write(order, who)
            if self.has_errors:
                transaction.set_rollback(True)
        return not self.has_errors

    def _has_changed_meanwhile(self) -> bool:
        sent = self.sent.get(VERSION) if self.sent else None
        fresh = OrderPage(Order.objects.select_related(*ADDRESSES).get(pk=self.order.pk))
        self.version = version_of(fresh)
        return sent != self.version

    def _write(self, order: Order, who: Who) -> None:
        if self.details.has_changed():
            given = {name: self.details.cleaned_data[name] for name in self.details.changed_data}
            self._try(
                self.details,
                "customer_email",
                lambda: order_details.change_details(order, given, who=who),
            )
        self._write_lines(who)
        for name, form in self.addresses.items():
            if form.has_changed() and any(form.cleaned_data.values()):
                given = {field: form.cleaned_data[field] for field in form.fields}
                self._try(form, "country_code", partial(write_own, order, name, given, who=who))
        for parcel in self.shipping:
            if parcel.has_changed():
                self._try(parcel, "method", partial(self._ship, parcel, who))
        if self.payment.has_changed():
            self._try(self.payment, "method", lambda: self._pay(who))

    def _write_lines(self, who: Who) -> None:
        there = {line.pk: line for line in self.page.rows}
        # First what is added, so that an order that gets one product for another is never empty.
        for new in self.new_lines:
            if sku := new.cleaned_data.get("sku"):
                given = {"sku": sku, "quantity": new.cleaned_data["quantity"]}
                self._try(new, "sku", partial(self._add, given, who))
        for form in self.lines:
            line = there.get(form.cleaned_data["line"])
            if line is None:
                continue
            if form.cleaned_data["remove"]:
                self._try(form, "remove", partial(line_items.remove_line, line, who=who))
            elif "quantity" in form.changed_data:
                self._try(
                    form, "quantity", partial(self._count, line, form.cleaned_data["quantity"], who)
                )

    def _add(self, given: dict[str, Any], who: Who) -> None:
        line_items.add_line(self.order.pk, given, who=who, merge=True)

    @staticmethod
    def _count(line: LineItem, quantity: int, who: Who) -> None:
        # Promotions were applied anew meanwhile, perhaps to this line.
        line.refresh_from_db()
        line_items.change_line(line, {"quantity": quantity}, who=who)

    def _ship(self, form: ShippingForm, who: Who) -> None:
        """Choose the method of a shipment, which the lines may have made or taken away just now."""
        given = {"shipping_method": form.cleaned_data["method"]}
        pk = (form.prefix or "").removeprefix("shipping-")
        parcels = Shipment.objects.filter(order=self.order.pk).exclude(
            status=Shipment.Status.CANCELLED
        )
        there = parcels.filter(pk=pk).first() if pk != "new" else parcels.first()
        if there:
            shipments.change_shipment(there, given, who=who)
        elif pk == "new":
            shipments.add_shipment(self.order.pk, given, who=who)

    def _pay(self, who: Who) -> None:
        cleaned = self.payment.cleaned_data
        source = self.sources.get(cleaned["source"])
        payments.pay(hold(self.order.pk), source, method=cleaned["method"], who=who)

    @staticmethod
    def _try(form: Any, usual_field: str, change: Callable[[], Any]) -> None:
        """Make a change; what stands in its way goes beside the field that it is about."""
        try:
            with transaction.atomic():
                change()
        except Obstructed as refused:
            for obstacle in refused.obstacles:
                place = PLACES.get(obstacle.key, obstacle.key)
                field = place if place in form.fields else usual_field
                form.add_error(field, obstacle_in_words(obstacle))


# Where the domain's keys stand in the forms.
PLACES = {
    "item": "sku",
    "payment_method": "method",
    "payment_source": "source",
    "shipping_method": "method",
}


def version_of(page: OrderPage) -> str:
    """A mark of how an order is at this moment; it tells a form that was opened before from one
    that is new, also one that is sent a second time.
    """
    order = page.order
    parts = [order, *page.rows, *page.shipment_rows, order.billing_address, order.shipping_address]
    seen = "|".join(f"{part.pk} {part.updated_at.isoformat()}" for part in parts if part)
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def edit_or_show(request: HttpRequest, order: Order, pages: Any) -> HttpResponse:
    """Answer the page of an order; ``pages`` is the admin that frames it."""
    may_edit = request.user.has_perm("orders.change_order")
    page = OrderPage(order)
    edit = None
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if order.status not in OPEN:
            return _no_longer_open(request, order, page)
        edit = OrderEdit(page, request.POST)
        if edit.save(who=Who.user(request.user)):
            return _saved(request, order)
    elif may_edit and page.is_open:
        edit = OrderEdit(page)
    return pages.show_page(
        request,
        order,
        page=page,
        edit=edit,
        media=edit.media if edit else "",
        steps=steps_of(request, order, page.ahead),
        status=422 if edit and edit.has_errors else 200,
    )


def _saved(request: HttpRequest, order: Order) -> HttpResponse:
    address = address_of(order)
    words = gettext("Order {} is saved.")
    messages.success(
        request, format_html(words, format_html('<a href="{}">{}</a>', address, order.number))
    )
    if THEN_PLACE in request.POST:
        return HttpResponseRedirect(reverse("admin:orders_order_step", args=[order.pk, "place"]))
    return HttpResponseRedirect(address)


def _no_longer_open(request: HttpRequest, order: Order, page: OrderPage) -> HttpResponse:
    words = gettext("Order %(number)s is %(status)s: what is in it can no longer be changed.")
    status = str(page.labels[0][1].text).lower()
    messages.error(request, words % {"number": order.number, "status": status})
    return HttpResponseRedirect(address_of(order))
