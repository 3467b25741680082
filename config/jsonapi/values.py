"""The JSON types of the contract: how a value is read from a body or an address, and written.

Reading is strict (``"1"`` is no integer): what is not understood is refused, never guessed.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from config.jsonapi.storable import why_not_storable

LARGEST_INTEGER = 2**63 - 1
# What is stored can be told in every time zone, where it may be some hours earlier or later.
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
YES_AND_NO = {"true": True, "1": True, "false": False, "0": False}


class BadValue(ValueError):
    """A value that is not of its type; the message goes to the client."""


@dataclass(frozen=True)
class Kind:
    """A type: ``read`` takes JSON, ``read_text`` what stands in an address, ``write`` makes JSON.

    ``write`` is None where the value is JSON already.
    """

    read: Callable[[Any], Any]
    read_text: Callable[[str], Any]
    write: Callable[[Any], Any] | None = None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue("is not a string")
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadValue("is not a whole number")
    if abs(value) > LARGEST_INTEGER:
        raise BadValue("is too large")
    return value


def _integer_in_text(text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise BadValue("is not a whole number")
    return _integer(int(text))


def _float(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadValue("is not a number")
    try:
        number = float(value)
    except OverflowError:
        raise BadValue("is too large") from None
    if not math.isfinite(number):
        raise BadValue("is too large")
    return number


def _float_in_text(text: str) -> float:
    try:
        return _float(float(text))
    except ValueError:
        raise BadValue("is not a number") from None


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("is neither true nor false")
    return value


def _boolean_in_text(text: str) -> bool:
    if text.lower() not in YES_AND_NO:
        raise BadValue("is neither true nor false")
    return YES_AND_NO[text.lower()]


def _datetime(value: Any) -> datetime:
    found = _datetime_in_text(_string(value))
    if not EARLIEST <= found <= LATEST:
        raise BadValue("is too far away: times go from 0001-01-02 to 9999-12-31")
    return found


def _datetime_in_text(text: str) -> datetime:
    """A time without a zone is UTC, a date without a time is its midnight."""
    try:
        found = parse_datetime(text) or datetime.fromisoformat(date.fromisoformat(text).isoformat())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue("is not a time such as 2024-10-24T16:05:41.076Z") from None


def write_datetime(value: datetime | None) -> str | None:
    """Milliseconds and Z, as the contract has it."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadValue("is not an object")
    return value


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadValue("is not a list")
    return value


def object_in_text(text: str) -> dict[str, Any]:
    """A JSON object inside an address, as ``metadata_jcont`` has it."""
    try:
        value = _object(json.loads(text, parse_constant=_refuse_constant))
    except (ValueError, RecursionError):
        raise BadValue("is not a JSON object") from None
    if reason := why_not_storable(value):
        raise BadValue(reason)
    return value


def _refuse_constant(name: str) -> Any:
    raise BadValue(f"{name} is not JSON")


KINDS = {
    "string": Kind(_string, _string),
    "integer": Kind(_integer, _integer_in_text),
    "float": Kind(_float, _float_in_text),
    "boolean": Kind(_boolean, _boolean_in_text),
    "datetime": Kind(_datetime, _datetime_in_text, write_datetime),
    "object": Kind(_object, object_in_text),
    "array": Kind(_array, lambda text: text.split(",")),
}
