"""Figures as the reader's language writes them: amounts of money, and counts of things."""

from django.utils.formats import number_format
from django.utils.translation import get_language, to_locale

from orders.money import format_in


def in_money(cents: int, currency_code: str) -> str:
    """An amount in the smallest unit of its currency, with the currency's sign."""
    return format_in(to_locale(get_language() or "en"), cents, currency_code)


def grouped(number: int) -> str:
    """A whole number, its thousands set apart."""
    return number_format(number, force_grouping=True)
