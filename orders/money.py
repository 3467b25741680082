"""Money is whole cents and a currency code; here it becomes text, by the rules of its currency."""

import re
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

# Where a currency has no sign but letters, they stand apart from the digits, as the rules of all
# languages have it; Babel writes them together.
LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def as_decimal(cents: int, currency_code: str) -> Decimal:
    """The amount in units of its currency, with as many digits as that currency has.

    >>> as_decimal(2480, "USD"), as_decimal(2480, "JPY"), as_decimal(2480, "KWD")
    (Decimal('24.80'), Decimal('2480'), Decimal('2.480'))
    """
    return Decimal(cents).scaleb(-get_currency_precision(currency_code))


def format_cents(cents: int, currency_code: str, *, locale: str = "en_US") -> str:
    """The amount as a person reads it.

    >>> format_cents(130381037, "USD"), format_cents(-500, "JPY")
    ('$1,303,810.37', '-¥500')
    """
    text = format_currency(as_decimal(cents, currency_code), currency_code, locale=locale)
    return LETTER_BESIDE_DIGIT.sub("\u00a0", text)
