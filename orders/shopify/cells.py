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
from orders.shopify.problems import RowRefused, Sentence, said
from orders.shopify.reading import Row

# Twelve digits before the point: far above any order, far below what a bigint of cents holds.
AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]+)?")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) ?"
    r"(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})"
)
YES_AND_NO = {"true": True, "false": False, "yes": True, "no": False}


def refusal(row: Row, column: str, message: Sentence) -> RowRefused:
    return RowRefused(message, line=row.line, column=column)


def quoted(text: str) -> str:
    """A cell's text as an error shows it: in one line, and never endless."""
    line = " ".join(text.split())
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"


def text(row: Row, column: str, *, longest: int) -> str | None:
    """The text of a cell, None when it is blank."""
    value = row[column]
    if len(value) > longest:
        message = said(
            "%(count)d characters, but at most %(longest)d fit: %(value)s",
            count=len(value),
            longest=longest,
            value=quoted(value),
        )
        raise refusal(row, column, message)
    return value or None


def required_text(row: Row, column: str, *, longest: int) -> str:
    value = text(row, column, longest=longest)
    if value is None:
        raise refusal(row, column, said("must not be blank"))
    return value


def amount(row: Row, column: str, currency: str) -> int | None:
    """An amount in the smallest unit of the currency, None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    if AMOUNT.fullmatch(value) is None:
        message = (
            said(
                "%(value)s is no amount; write it without thousands separators, as 1234.50",
                value=quoted(value),
            )
            if "," in value
            else said(
                "%(value)s is no amount; write it in digits with a point, as 1234.50",
                value=quoted(value),
            )
        )
        raise refusal(row, column, message)
    if value.startswith("-"):
        raise refusal(row, column, said("%(value)s is negative", value=value))
    digits = currency_digits(currency)
    cents = Decimal(value).scaleb(digits)
    if cents != int(cents):
        message = said(
            "%(value)s has more decimals than %(currency)s, which has %(digits)d",
            value=value,
            currency=currency,
            digits=digits,
        )
        raise refusal(row, column, message)
    return int(cents)


def required_amount(row: Row, column: str, currency: str) -> int:
    value = amount(row, column, currency)
    if value is None:
        raise refusal(row, column, said("must not be blank"))
    return value


def decimal_number(row: Row, column: str) -> Decimal | None:
    """A number with or without decimals, such as a weight; None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    if AMOUNT.fullmatch(value) is None or value.startswith("-"):
        raise refusal(
            row, column, said("%(value)s is no number, such as 12.5", value=quoted(value))
        )
    return Decimal(value)


def whole_number(row: Row, column: str) -> int | None:
    """A count of pieces, None when the cell is blank."""
    value = row[column]
    if not value:
        return None
    if WHOLE_NUMBER.fullmatch(value) is None:
        raise refusal(
            row,
            column,
            said("%(value)s is no whole number of at most nine digits", value=quoted(value)),
        )
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
            said(
                "%(value)s is no time with a zone; write it as 2024-05-31 16:20:00 +0200",
                value=quoted(value),
            ),
        )
    date, time, zone = match.group("date", "time", "zone")
    try:
        at = datetime.fromisoformat(f"{date}T{time}{'Z' if zone == 'UTC' else zone}")
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise refusal(
            row, column, said("%(value)s is not in the calendar", value=quoted(value))
        ) from error


def yes_or_no(row: Row, column: str) -> bool | None:
    """True or false, None when the cell is blank."""
    value = row[column]
    if value and value.casefold() not in YES_AND_NO:
        raise refusal(row, column, said("%(value)s is neither true nor false", value=quoted(value)))
    return YES_AND_NO.get(value.casefold())


def one_of(row: Row, column: str, known: Collection[str]) -> str:
    """A word out of a list, in small letters; "" when it is blank and that is in the list."""
    value = row[column].casefold()
    if value not in known:
        message = said(
            "%(value)s is none of: %(known)s",
            value=quoted(value),
            known=", ".join(filter(None, known)),
        )
        raise refusal(row, column, message)
    return value


def currency(row: Row, column: str) -> str:
    """The code of a currency that exists or existed."""
    value = row[column].upper()
    if not value:
        raise refusal(row, column, said("must not be blank"))
    if not is_currency(value):
        raise refusal(
            row,
            column,
            said("%(value)s is no currency; codes are such as USD or EUR", value=quoted(value)),
        )
    return value


@lru_cache(maxsize=512)
def currency_digits(code: str) -> int:
    """How many decimals a currency has: 2 for USD, none for JPY, 3 for KWD."""
    return get_currency_precision(code)


def country(row: Row, column: str) -> str:
    """A two-letter country code; "" when the cell is blank."""
    value = row[column].upper()
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise refusal(
            row, column, said("%(value)s is no two-letter country code", value=quoted(value))
        )
    return value


def plain_amount(cents: int, currency: str) -> str:
    """An amount the way the file writes it.

    >>> plain_amount(123450, "USD")
    '1234.50'
    """
    return f"{as_decimal(cents, currency):f}"
