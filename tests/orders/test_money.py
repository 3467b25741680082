"""Cents become text by the rules of their currency."""

from decimal import Decimal

import pytest

from orders.money import as_decimal, format_cents


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (2480, "USD", "$24.80"),
        (130381037, "USD", "$1,303,810.37"),
        (0, "EUR", "€0.00"),
        (-500, "JPY", "-¥500"),
        (1500, "JPY", "¥1,500"),
        (2480, "KWD", "KWD\xa02.480"),
        (10**18 + 1, "USD", "$10,000,000,000,000,000.01"),
        (1, "XQZ", "XQZ\xa00.01"),
    ],
)
def test_amounts_have_the_digits_of_their_currency(cents: int, currency: str, text: str) -> None:
    assert format_cents(cents, currency) == text


def test_a_locale_writes_in_its_own_way() -> None:
    assert format_cents(123456, "EUR", locale="de") == "1.234,56\xa0€"


def test_units_are_exact() -> None:
    assert as_decimal(10**18 + 1, "EUR") == Decimal("10000000000000000.01")
