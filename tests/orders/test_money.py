"""Cents become text by the rules of their currency."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision

from orders.money import WRITTEN, as_decimal, currencies, format_cents


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (2480, "USD", "$24.80"),
        (130381037, "USD", "$1,303,810.37"),
        (0, "EUR", "€0,00"),
        (123456789, "EUR", "€1.234.567,89"),
        (-1000, "EUR", "-€10,00"),
        (1000, "GBP", "£10.00"),
        (123456, "CHF", "CHF\xa01’234.56"),
        (123456, "SEK", "1\xa0234,56\xa0kr"),
        (123456, "CAD", "CA$1,234.56"),
        (12345, "VND", "12.345\xa0₫"),
        (-500, "JPY", "-¥500"),
        (1500, "JPY", "¥1,500"),
        (2480, "KWD", "KWD\xa02.480"),
        (10**18 + 1, "USD", "$10,000,000,000,000,000.01"),
        (1, "XQZ", "XQZ\xa00.01"),
    ],
)
def test_amounts_have_the_digits_of_their_currency(cents: int, currency: str, text: str) -> None:
    assert format_cents(cents, currency) == text


def test_a_common_currency_looks_the_same_in_every_language() -> None:
    assert format_cents(123456, "EUR", locale="en") == format_cents(123456, "EUR", locale="de")


def test_any_other_currency_is_written_as_the_language_has_it() -> None:
    assert format_cents(123456, "MAD", locale="en") == "MAD\xa01,234.56"
    assert format_cents(123456, "MAD", locale="de") == "1.234,56\xa0MAD"


def test_every_form_has_the_digits_of_its_currency() -> None:
    for currency, sample in WRITTEN.items():
        digits = get_currency_precision(currency)
        written = format_cents(123456 if digits else 1234, currency)
        assert written == sample.replace(" ", "\xa0")


def test_a_currency_is_what_something_can_be_paid_in() -> None:
    assert {"EUR", "USD", "JPY", "XAF", "DEM"} <= currencies()
    assert not {"XXX", "XTS", "XAU", "QQQ", "eur", "EURO", ""} & currencies()


def test_units_are_exact() -> None:
    assert as_decimal(10**18 + 1, "EUR") == Decimal("10000000000000000.01")
