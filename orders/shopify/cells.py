"""From the text of a cell to a value, or to a refusal that names line and column.

Nothing is guessed: what could be read in two ways is refused with a word on how to write it.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from orders.money import as_decimal, is_currency
from orders.shopify.problems import RowRefused
from orders.shopify.reading import Row

# Twelve digits before the point: far above any order, far below what a bigint of cents holds.
AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]+)?")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) ?"
    r"(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})"
)
YES_AND_NO = {"true": True, "false": False, "yes": True, "no": False}


def refusal(row: Row, column: str, message: str) -> RowRefused:
    return RowRefused(message, line=row.line, column=column)


def quoted(text: str) -> str:
    """A cell's text as an error shows it: in one line, and never endless."""
    line = " ".join(text.split())
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"


def text(row: Row, column: str, *, longest: int) -> str | None:
    """The text of a cell, None when it is blank."""
    value = row[column]
    if len(value) > longest:
        raise refusal(
            row, column, f"{len(value)} characters, but at most {longest} fit: {quoted(value)}"
        )
    return value or None


def required_text(row: Row, column: str, *, longest: int) -> str:
    value = text(row, column, longest=longest)
    if value is None:
        raise refusal(row, column, "must not be blank")
    return value


def amount(row: Row, column: str, currency: str) -> int | None:
    """An amount in the smallest unit of the currency, None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    if AMOUNT.fullmatch(value) is None:
        hint = "without thousands separators" if "," in value else "in digits with a point"
        raise refusal(row, column, f"{quoted(value)} is no amount; write it {hint}, as 1234.50")
    if value.startswith("-"):
        raise refusal(row, column, f"{value} is negative")
    digits = currency_digits(currency)
    cents = Decimal(value).scaleb(digits)
    if cents != int(cents):
        raise refusal(row, column, f"{value} has more decimals than {currency}, which has {digits}")
    return int(cents)


def required_amount(row: Row, column: str, currency: str) -> int:
    value = amount(row, column, currency)
    if value is None:
        raise refusal(row, column, "must not be blank")
    return value


def decimal_number(row: Row, column: str) -> Decimal | None:
    """A number with or without decimals, such as a weight; None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    if AMOUNT.fullmatch(value) is None or value.startswith("-"):
        raise refusal(row, column, f"{quoted(value)} is no number, such as 12.5")
    return Decimal(value)


def whole_number(row: Row, column: str) -> int | None:
    """A count of pieces, None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    if WHOLE_NUMBER.fullmatch(value) is None:
        raise refusal(row, column, f"{quoted(value)} is no whole number of at most nine digits")
    return int(value)


def moment(row: Row, column: str) -> datetime | None:
    """A point in time, in UTC; None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    match = MOMENT.fullmatch(value)
    if match is None:
        raise refusal(
            row,
            column,
            f"{quoted(value)} is no time with a zone; write it as 2024-05-31 16:20:00 +0200",
        )
    date, time, zone = match.group("date", "time", "zone")
    try:
        at = datetime.fromisoformat(f"{date}T{time}{'Z' if zone == 'UTC' else zone}")
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise refusal(row, column, f"{quoted(value)} is not in the calendar") from error


def yes_or_no(row: Row, column: str) -> bool | None:
    """True or false, None when the cell is blank."""
    value = row[column]
    if value and value.casefold() not in YES_AND_NO:
        raise refusal(row, column, f"{quoted(value)} is neither true nor false")
    return YES_AND_NO.get(value.casefold())


def one_of(row: Row, column: str, known: Collection[str]) -> str:
    """A word out of a list, in small letters; "" when it is blank and that is in the list."""
    value = row[column].casefold()
    if value not in known:
        raise refusal(row, column, f"{quoted(value)} is none of: {', '.join(filter(None, known))}")
    return value


def currency(row: Row, column: str) -> str:
    """The code of a currency that exists or existed."""
    value = row[column].upper()
    if not value:
        raise refusal(row, column, "must not be blank")
    if not is_currency(value):
        raise refusal(row, column, f"{quoted(value)} is no currency; codes are such as USD or EUR")
    return value


@lru_cache(maxsize=512)
def currency_digits(code: str) -> int:
    """How many decimals a currency has: 2 for USD, none for JPY, 3 for KWD."""
    return get_currency_precision(code)


def country(row: Row, column: str) -> str:
    """A two-letter country code; "" when the cell is blank."""
    value = row[column].upper()
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise refusal(row, column, f"{quoted(value)} is no two-letter country code")
    return value


def plain_amount(cents: int, currency: str) -> str:
    """An amount the way the file writes it.

    >>> plain_amount(123450, "USD")
    '1234.50'
    """
    return f"{as_decimal(cents, currency):f}"
