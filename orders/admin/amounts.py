"""Amounts of money in forms: typed as people write them, stored in cents."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize_input
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from orders.money import as_cents, as_decimal, decimals, read_amount

# Where a row has no currency of its own, its amounts count in that of each order; most have this
# many digits.
LIKE_MOST = "EUR"


class AmountField(forms.CharField):
    """Shows cents as 12.50, or 12,50 to whom that is usual, and answers a decimal number.

    Which currency it is, the form knows (``AmountsForm``), which makes cents of it.
    """

    currency = LIKE_MOST
    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, lowest: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.lowest = lowest

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        shown = as_decimal(value, self.currency) if isinstance(value, int) else value
        return localize_input(shown)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_amount(text)
        except ValueError as error:
            message = _("Write an amount in digits, such as 1250.00, without thousands separators.")
            raise ValidationError(message, code="amount") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            typed = self.to_python(data)
        except ValidationError:
            return True
        stored = None if initial is None else as_decimal(initial, self.currency)
        return bool(typed != stored)

    def cents(self, amount: Decimal, currency: str) -> int:
        """Make cents of what was typed; ValidationError where that is not possible."""
        try:
            cents = as_cents(amount, currency)
        except ValueError as error:
            raise ValidationError(self._too_fine(currency), code="decimals") from error
        if cents < self.lowest:
            raise ValidationError(
                gettext("An amount is not below zero.")
                if self.lowest == 0
                else gettext("An amount has to be above zero."),
                code="lowest",
            )
        return cents

    @staticmethod
    def _too_fine(currency: str) -> str:
        digits = decimals(currency)
        if digits == 0:
            return gettext("%(currency)s has no decimals.") % {"currency": currency}
        return gettext("%(currency)s has %(digits)d decimals, no more.") % {
            "currency": currency,
            "digits": digits,
        }


class AmountsForm(forms.ModelForm):
    """A form that knows the currency of its amounts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amounts = self._amounts()
        if amounts and not self.instance._state.adding:
            currency = currency_of(vars_of(self.instance)) or LIKE_MOST
            for field in amounts.values():
                field.currency = currency

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        amounts = self._amounts()
        if amounts:
            currency = currency_of({**vars_of(self.instance), **given}) or LIKE_MOST
            for name, field in amounts.items():
                self._turn_into_cents(given, name, field, currency)
        return given

    def _turn_into_cents(
        self, given: dict[str, Any], name: str, field: AmountField, currency: str
    ) -> None:
        amount = given.get(name)
        if amount is None:
            return
        try:
            given[name] = field.cents(amount, currency)
        except ValidationError as error:
            self.add_error(name, error)

    def _amounts(self) -> dict[str, AmountField]:
        return {
            name: field for name, field in self.fields.items() if isinstance(field, AmountField)
        }


def currency_of(row: dict[str, Any]) -> str | None:
    """The currency that the amounts of a row are in: its own, else of its list or its market."""
    if own := row.get("currency_code"):
        return str(own)
    prices = row.get("price_list")
    if prices is None and (market := row.get("market")):
        prices = market.price_list
    return prices.currency_code if prices else None


def vars_of(instance: Any) -> dict[str, Any]:
    """What a row says of its currency so far."""
    names = ("currency_code", "price_list", "market")
    fields = {field.name: field for field in instance._meta.concrete_fields}
    return {
        name: getattr(instance, name)
        for name in names
        if name in fields and getattr(instance, fields[name].attname) is not None
    }
