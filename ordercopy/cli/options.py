"""Options that several commands take, and what their values must look like."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, date, datetime, time
from typing import Any

from ordercopy.options import OPTION_NAMES, CopyOptions

LONGEST_REFERENCE = 255


def add_copy_options(parser: ArgumentParser) -> None:
    """Add the options of an order copy, spelled as in the API."""
    group = parser.add_argument_group("options of the copy")
    group.add_argument(
        "--place-target-order",
        action="store_const",
        const=True,
        help="place the new order (otherwise it stays pending)",
    )
    group.add_argument(
        "--cancel-source-order",
        action="store_const",
        const=True,
        help="cancel the source once everything else has succeeded",
    )
    group.add_argument(
        "--no-reuse-wallet",
        dest="reuse_wallet",
        action="store_false",
        help="do not take over the payment source from the customer's wallet",
    )
    group.add_argument(
        "--apply-promotions",
        action="store_true",
        help="compute discounts anew from the promotions that are valid now "
        "(otherwise discounts stay as they were)",
    )
    group.add_argument(
        "--skip-errors",
        action="store_true",
        help="leave out lines that cannot be copied, instead of failing",
    )
    group.add_argument(
        "--ignore-invalid-coupon",
        action="store_true",
        help="leave the coupon off when it is not valid any more, instead of failing",
    )
    group.add_argument("--reference", type=reference, help="your own reference for the copy")
    group.add_argument(
        "--reference-origin", type=reference, metavar="ORIGIN", help="where the reference is from"
    )
    group.add_argument(
        "--metadata",
        type=json_object,
        metavar="JSON",
        help="""a JSON object to keep with the copy, such as '{"reason": "damaged"}'""",
    )


def copy_options(options: dict[str, Any]) -> CopyOptions:
    """The copy's options out of all that a command was given."""
    return CopyOptions(**{name: options[name] for name in OPTION_NAMES})


def references(options: dict[str, Any]) -> dict[str, Any]:
    """The merchant's own marks out of all that a command was given."""
    return {
        "reference": options["reference"],
        "reference_origin": options["reference_origin"],
        "metadata": options["metadata"] or {},
    }


def reference(text: str) -> str:
    """A reference that a column can hold."""
    if not text or len(text) > LONGEST_REFERENCE or not is_storable(text):
        raise ArgumentTypeError(f"give 1 to {LONGEST_REFERENCE} characters")
    return text


def json_object(text: str) -> dict[str, Any]:
    """The object that a JSON text stands for."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise ArgumentTypeError(f"that is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ArgumentTypeError("""give a JSON object, such as '{"reason": "damaged"}'""")
    if not is_storable(value):
        raise ArgumentTypeError("it holds characters that the database cannot keep")
    return value


def is_storable(value: object) -> bool:
    """Whether PostgreSQL can keep the text in it: neither NUL nor half a character."""
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def point_in_time(text: str) -> datetime:
    """A date (midnight in UTC) or an ISO 8601 time, in UTC unless it says otherwise."""
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            f"{text!r} is no time; write 2026-01-31, 2026-01-31T18:30 or 2026-01-31T18:30:00+02:00"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def whole_number(text: str) -> int:
    """A number of things, at least one."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def days(text: str) -> int:
    """A number of days that a calendar can hold; 0 means everything up to now."""
    if not text.isascii() or not text.isdigit() or int(text) > 36_500:
        raise ArgumentTypeError(f"{text!r} is not a number of days from 0 to 36500")
    return int(text)
