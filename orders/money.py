"""Money is whole cents and a currency code; here it becomes text, by the rules of its currency.

In the API an amount looks the same in every language and every list: the common currencies are
written as their own country writes them. What shares a sign with a larger one says whose it is
(CA$). On pages it is written as the reader's language has it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NO_BREAK_SPACE = "\u00a0"
# How 1234.56 is written.
WRITTEN = {
    "ARS": "AR$ 1.234,56",
    "AUD": "A$1,234.56",
    "BGN": "1 234,56 лв.",
    "BRL": "R$ 1.234,56",
    "CAD": "CA$1,234.56",
    "CHF": "CHF 1’234.56",
    "CLP": "CL$ 1.234",
    "CNY": "CN¥1,234.56",
    "COP": "CO$ 1.234,56",
    "CZK": "1 234,56 Kč",
    "DKK": "1.234,56 kr.",
    "EUR": "€1.234,56",
    "GBP": "£1,234.56",
    "HKD": "HK$1,234.56",
    "HUF": "1 234,56 Ft",
    "IDR": "Rp 1.234,56",
    "ILS": "₪1,234.56",
    "INR": "₹1,234.56",
    "ISK": "1.234 kr.",
    "JPY": "¥1,234",
    "KRW": "₩1,234",
    "KZT": "1 234,56 ₸",
    "MXN": "MX$1,234.56",
    "MYR": "RM 1,234.56",
    "NGN": "₦1,234.56",
    "NOK": "1 234,56 kr",
    "NZD": "NZ$1,234.56",
    "PEN": "S/ 1,234.56",
    "PHP": "₱1,234.56",
    "PLN": "1 234,56 zł",
    "RON": "1.234,56 lei",
    "RUB": "1 234,56 ₽",
    "SEK": "1 234,56 kr",
    "SGD": "S$1,234.56",
    "THB": "฿1,234.56",
    "TRY": "₺1.234,56",
    "TWD": "NT$1,234.56",
    "UAH": "1 234,56 ₴",
    "USD": "$1,234.56",
    "VND": "1.234 ₫",
    "ZAR": "R 1 234,56",
}
TYPED = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]+)?")
SAMPLE = re.compile(r"(\D*)1(\D)234(?:(\D)56)?(\D*)")
# Where a currency has no sign but letters, they stand apart from the digits, as the rules of all
# languages have it; Babel writes them together.
LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@dataclass(frozen=True)
class Form:
    """What stands around the digits of an amount, and between them."""

    before: str
    thousands: str
    decimal: str
    after: str

    def write(self, amount: Decimal) -> str:
        marks = {ord(","): self.thousands, ord("."): self.decimal}
        digits = f"{abs(amount):,f}".translate(marks)
        return f"{'-' if amount < 0 else ''}{self.before}{digits}{self.after}"


def read_form(sample: str) -> Form:
    matched = SAMPLE.fullmatch(sample.replace(" ", NO_BREAK_SPACE))
    if matched is None:
        raise ValueError(f"{sample} is not a way to write 1234.56")
    return Form(*matched.groups(default=""))


FORMS = {currency_code: read_form(sample) for currency_code, sample in WRITTEN.items()}


def as_decimal(cents: int, currency_code: str) -> Decimal:
    """The amount in units of its currency, with as many digits as that currency has.

    >>> as_decimal(2480, "USD"), as_decimal(2480, "JPY"), as_decimal(2480, "KWD")
    (Decimal('24.80'), Decimal('2480'), Decimal('2.480'))
    """
    return Decimal(cents).scaleb(-get_currency_precision(currency_code))


def read_amount(text: str) -> Decimal:
    """An amount as people type it, with a point or a comma; ValueError for anything else.

    >>> read_amount("12.50"), read_amount(" 12,5 ")
    (Decimal('12.50'), Decimal('12.5'))
    """
    typed = "".join(text.split())
    if TYPED.fullmatch(typed) is None:
        raise ValueError(text)
    return Decimal(typed.replace(",", "."))


def as_cents(amount: Decimal, currency_code: str) -> int:
    """The amount in the smallest unit of its currency; ValueError for a part of such a unit.

    >>> as_cents(Decimal("24.8"), "USD"), as_cents(Decimal("2480"), "JPY")
    (2480, 2480)
    """
    cents = amount.scaleb(get_currency_precision(currency_code))
    if cents != int(cents):
        raise ValueError(f"{amount} is no amount in {currency_code}")
    return int(cents)


def decimals(currency_code: str) -> int:
    """How many digits an amount has after its point: 2 for USD, none for JPY."""
    return get_currency_precision(currency_code)


def format_cents(cents: int, currency_code: str, *, locale: str = "en_US") -> str:
    """The amount as a person reads it; ``locale`` decides for currencies without a form of ours.

    >>> format_cents(130381037, "USD"), format_cents(-500, "JPY"), format_cents(1000, "EUR")
    ('$1,303,810.37', '-¥500', '€10,00')
    """
    amount = as_decimal(cents, currency_code)
    if form := FORMS.get(currency_code):
        return form.write(amount)
    return format_in(locale, cents, currency_code)


def format_in(locale: str, cents: int, currency_code: str) -> str:
    """The amount as a language has it, whatever the currency's own country does.

    >>> format_in("en", 123456, "EUR")
    '€1,234.56'
    """
    text = format_currency(as_decimal(cents, currency_code), currency_code, locale=locale)
    return LETTER_BESIDE_DIGIT.sub(NO_BREAK_SPACE, text)


@cache
def currencies() -> frozenset[str]:
    """The ISO 4217 codes of all money that is or was legal tender somewhere.

    Gold, test codes and "no currency" have codes as well, and nothing is priced in them.
    """
    of_territories = get_global("territory_currencies").values()
    return frozenset(
        code for used in of_territories for code, _since, _until, tender in used if tender
    )


def is_currency(code: str) -> bool:
    return code in currencies()


def validate_currency(code: str) -> None:
    """Refuse what is no currency (``ValidationError``)."""
    if not is_currency(code):
        message = _("%(code)s is no currency; codes are such as USD or EUR")
        raise ValidationError(message, code="currency", params={"code": code})
