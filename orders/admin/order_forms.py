"""The forms of which the page of an open order is made."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from orders.models import LineItem, PaymentMethod, ShippingMethod, Sku

# As many products as are added at once.
NEW_LINES = 3
# Of the column.
MOST_PIECES = 2_147_483_647


class ProductSelect(AutocompleteSelect):
    """Says what is to be chosen where nothing is yet, for screen readers above all."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().build_attrs(*args, **kwargs), "data-placeholder": _("Choose a product…")}


def _text(label: Any, max_length: int = 255) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=max_length,
        required=False,
        empty_value=None,
        widget=UnfoldAdminTextInputWidget,
    )


def _quantity(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MOST_PIECES,
        widget=UnfoldAdminIntegerFieldWidget,
        **options,
    )


class LineForm(forms.Form):
    """A line that is there: how many of it, or none any more."""

    line = forms.CharField(widget=forms.HiddenInput)
    quantity = _quantity()
    remove = forms.BooleanField(label=_("Remove"), required=False, widget=UnfoldBooleanWidget)


class NewLineForm(forms.Form):
    """A product to be added."""

    sku: Any = forms.ModelChoiceField(
        label=_("Product"),
        queryset=Sku.objects.none(),
        required=False,
        widget=ProductSelect(LineItem._meta.get_field("sku"), admin.site),
    )
    quantity = _quantity(required=False, initial=1)

    def __init__(self, *args: Any, mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sku"].queryset = Sku.objects.filter(mode=mode)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("sku") and not cleaned.get("quantity") and not self.errors:
            self.add_error("quantity", _("Say how many."))
        return cleaned


LineForms = formset_factory(LineForm, extra=0)
NewLineForms = formset_factory(NewLineForm, extra=NEW_LINES)


class DetailsForm(forms.Form):
    """Who buys, and with which coupon."""

    customer_email = forms.EmailField(
        label=_("Customer's e-mail address"),
        max_length=254,
        required=False,
        empty_value=None,
        widget=UnfoldAdminEmailInputWidget,
    )
    coupon_code = _text(_("Coupon"), 40)


class AddressForm(forms.Form):
    """An address, or none at all."""

    first_name = _text(_("First name"))
    last_name = _text(_("Last name"))
    company = _text(_("Company"))
    line_1 = _text(_("Street"))
    line_2 = _text(_("Street, second line"))
    zip_code = _text(_("Postcode"))
    city = _text(_("City"))
    state_code = _text(_("State or province"))
    country_code = _text(_("Country (two letters)"), 2)
    phone = _text(_("Telephone"))

    NEEDED = ("line_1", "city", "country_code")

    def __init__(self, *args: Any, has_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_address = has_address

    def clean_country_code(self) -> str | None:
        code = self.cleaned_data["country_code"]
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("Two letters, such as IT or US."))
        return code.upper() if code else None

    def clean(self) -> dict[str, Any]:
        """Ask for what every address has, once there is anything of one."""
        cleaned = super().clean() or {}
        if self.has_address or any(cleaned.values()):
            for name in self.NEEDED:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Every address has this."))
        return cleaned


class ShippingForm(forms.Form):
    """How a parcel goes."""

    method: Any = forms.ModelChoiceField(
        label=_("Shipping method"),
        queryset=ShippingMethod.objects.none(),
        required=False,
        empty_label=_("– none –"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, offered: QuerySet[ShippingMethod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].queryset = offered  # type: ignore[attr-defined]


class PaymentForm(forms.Form):
    """How the order is paid, and what with."""

    method: Any = forms.ModelChoiceField(
        label=_("Payment method"),
        queryset=PaymentMethod.objects.none(),
        required=False,
        empty_label=_("– none –"),
        widget=UnfoldAdminSelectWidget,
    )
    source = forms.ChoiceField(
        label=_("Pay with"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("What lies in the customer's wallet, or came with this order."),
    )

    def __init__(
        self,
        *args: Any,
        offered: QuerySet[PaymentMethod],
        sources: list[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].queryset = offered  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _("– nothing yet –")), *sources]  # type: ignore[attr-defined]
