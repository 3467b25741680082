"""The options of a copy as a form, each explained by what it does to the merchant's orders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from ordercopy.admin.wording import OPTIONS
from ordercopy.options import OPTION_NAMES, CopyOptions


def _switch(label: Any, help_text: Any, *, initial: bool = False) -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        help_text=help_text,
        initial=initial,
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )


class CopyForm(forms.Form):
    """How orders are to be copied; ``groups`` says which options belong together."""

    place_target_order = _switch(
        OPTIONS["place_target_order"],
        _(
            "The new orders count as bought: their stock is taken and their payment is authorized. "
            "Otherwise they stay pending, and you can look at them and place them yourself."
        ),
    )
    apply_promotions = _switch(
        OPTIONS["apply_promotions"],
        _(
            "Discounts are worked out anew. Otherwise the new orders keep the discounts of the "
            "originals, to the cent. Prices are always those of the originals."
        ),
    )
    reuse_wallet = _switch(
        OPTIONS["reuse_wallet"],
        _(
            "Only where the original was paid from the customer's wallet, and it is still there. "
            "Otherwise the new orders have no payment yet."
        ),
        initial=True,
    )
    skip_errors = _switch(
        OPTIONS["skip_errors"],
        _(
            "Products that are sold out, disabled or gone are left out, and the rest is copied. "
            "Otherwise such an order is not copied, and you are told why."
        ),
    )
    ignore_invalid_coupon = _switch(
        OPTIONS["ignore_invalid_coupon"],
        _("Otherwise an order with such a coupon is not copied."),
    )
    cancel_source_order = _switch(
        OPTIONS["cancel_source_order"],
        _(
            "Each original is cancelled once its copy is there, as when you replace an order. "
            "Orders that cannot be cancelled, such as paid ones, are then not copied."
        ),
    )
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("A word of your own to find these copies by, such as «spring recall»."),
        max_length=255,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    without_copied = _switch(
        _("Leave out those copied in the last 24 hours"),
        _("So that nobody gets the same order twice."),
    )

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The options as the page shows them, under a heading each."""
        return [
            (heading, [self[name] for name in names])
            for heading, names in (
                (
                    _("The new orders"),
                    ("place_target_order", "apply_promotions", "reuse_wallet"),
                ),
                (_("If something stands in the way"), ("skip_errors", "ignore_invalid_coupon")),
                (_("The original orders"), ("cancel_source_order",)),
                (_("For your own records"), ("reference",)),
            )
        ]

    @property
    def options(self) -> CopyOptions:
        """What was chosen; only of a valid form."""
        return CopyOptions(**{name: self.cleaned_data[name] for name in OPTION_NAMES})

    @property
    def asked(self) -> dict[str, str]:
        """The same for an address; only of a valid form."""
        given = self.cleaned_data
        return {name: "on" if given[name] is True else given[name] for name in given if given[name]}

    @property
    def chosen(self) -> list[Any]:
        """The labels of the options that were switched on; only of a valid form."""
        return [self[name].label for name in OPTION_NAMES if self.cleaned_data[name]]


class GoForm(forms.Form):
    """What the preview sends along: how many orders it named."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
