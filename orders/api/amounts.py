"""Amounts of money in threes: cents, the same as a float, and as a person reads it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from babel import UnknownLocaleError

from config.jsonapi.resource import Computed
from orders.money import as_decimal, format_cents

Read = Callable[[Any], Any]


def amount(
    stem: str,
    *,
    cents: str | Read | None = None,
    currency: str = "currency_code",
    language: str | None = None,
    joins: tuple[str, ...] = (),
    annotations: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Computed]:
    """The three attributes of an amount such as ``total_amount``.

    ``cents`` is the column if it is not called ``<stem>_cents``, or a function where it follows
    from others; ``currency`` and ``language`` are ways from the row, over ``joins`` and
    ``annotations``. Without a currency there are cents only.
    """
    column = None if callable(cents) else cents or f"{stem}_cents"
    read: Read = cents if callable(cents) else attrgetter(cents or f"{stem}_cents")
    code = attrgetter(currency)
    speaks = attrgetter(language) if language else _english
    return {
        f"{stem}_cents": Computed(read, column=column),
        f"{stem}_float": Computed(_float(read, code), joins, annotations=annotations),
        f"formatted_{stem}": Computed(
            _formatted(read, code, speaks), joins, annotations=annotations
        ),
    }


def _float(read: Read, code: Read) -> Read:
    def found(row: Any) -> float | None:
        cents, currency = read(row), code(row)
        return None if cents is None or not currency else float(as_decimal(cents, currency))

    return found


def _formatted(read: Read, code: Read, speaks: Read) -> Read:
    def found(row: Any) -> str | None:
        cents, currency = read(row), code(row)
        return None if cents is None or not currency else _in_words(cents, currency, speaks(row))

    return found


@lru_cache(maxsize=8_192)
def _in_words(cents: int, currency_code: str, language: str) -> str:
    """A list has the same few amounts again and again, most of all zero."""
    try:
        return format_cents(cents, currency_code, locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return format_cents(cents, currency_code, locale="en")


def _english(_row: Any) -> str:
    return "en"
