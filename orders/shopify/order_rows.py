"""From rows to orders.

Several rows share one ``Name``: the first holds the order's own columns and its first line, each
further one a line.
"""

import re
from collections.abc import Iterator, Sequence

from orders.models import Order, ShippingMethod
from orders.shopify.cells import currency, quoted, refusal, required_text, text
from orders.shopify.fingerprints import fingerprint
from orders.shopify.lengths import longest
from orders.shopify.order_amounts import read_amounts
from orders.shopify.order_parts import (
    read_financial_standing,
    read_metadata,
    read_payment,
    read_place,
    read_standing,
    read_tags,
)
from orders.shopify.problems import RowRefused, said
from orders.shopify.reading import Row
from orders.shopify.shopify_order import ShopifyOrder

# Filled on the first row of an order only.
OWN_COLUMNS = ("Financial Status", "Currency", "Subtotal", "Total")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

LONGEST_NUMBER = longest(Order, "number")
LONGEST_REFERENCE = longest(Order, "reference")
LONGEST_EMAIL = longest(Order, "customer_email")
LONGEST_COUPON = longest(Order, "coupon_code")
LONGEST_SHIPPING_METHOD = longest(ShippingMethod, "name")


def begins_order(row: Row) -> bool:
    return any(row[column] for column in OWN_COLUMNS)


def rows_by_order(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Gather the rows of each order.

    A row without a name counts with the rows above it: if it is one of that order's lines, the
    order must not come in without it.
    """
    group: list[Row] = []
    for row in rows:
        if group and (begins_order(row) or row["Name"] not in {"", group[0]["Name"]}):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def read_order(rows: Sequence[Row]) -> ShopifyOrder:
    """One order out of its rows; raises RowRefused at the first thing that is wrong with it."""
    for row in rows:
        if row.fault is not None:
            raise row.fault
        required_text(row, "Name", longest=LONGEST_NUMBER)
    first = rows[0]
    number = first["Name"].removeprefix("#")
    if not number:
        raise refusal(first, "Name", said("has no number after the #"))
    if not number.isprintable() or number.startswith("-"):
        raise refusal(
            first,
            "Name",
            said(
                "is no number that could be typed: it begins with - or has "
                "a line break or the like in it"
            ),
        )
    if not begins_order(first):
        raise stray_line(first)
    money = currency(first, "Currency")
    reference = text(first, "Id", longest=LONGEST_REFERENCE)
    amounts, items = read_amounts(rows, money)
    financial = read_financial_standing(first)
    return ShopifyOrder(
        line=first.line,
        fingerprint=fingerprint(rows),
        number=number,
        reference=reference,
        email=read_email(first),
        currency=money,
        standing=read_standing(first, financial),
        amounts=amounts,
        items=items,
        payment=read_payment(
            first,
            financial,
            total=amounts.total,
            currency=money,
            identity=reference or number,
        ),
        shipping_method=text(first, "Shipping Method", longest=LONGEST_SHIPPING_METHOD),
        billing=read_place(first, "Billing"),
        shipping=read_place(first, "Shipping"),
        coupon_code=read_coupon_code(first),
        tags=read_tags(first),
        metadata=read_metadata(first),
    )


def stray_line(row: Row) -> RowRefused:
    return refusal(
        row,
        "Name",
        said(
            "a further line of %(number)s that does not follow the rows of that order "
            "(or the order's first row without %(columns)s)",
            number=row["Name"],
            columns=", ".join(OWN_COLUMNS),
        ),
    )


def read_email(row: Row) -> str | None:
    email = text(row, "Email", longest=LONGEST_EMAIL)
    if email is not None and EMAIL.fullmatch(email) is None:
        raise refusal(row, "Email", said("%(value)s is no e-mail address", value=quoted(email)))
    return email


def read_coupon_code(row: Row) -> str | None:
    """The first code, where the customer used several."""
    code = row["Discount Code"].partition(",")[0].strip()
    if len(code) > LONGEST_COUPON:
        raise refusal(
            row,
            "Discount Code",
            said(
                "%(value)s is longer than the %(longest)d characters of a coupon",
                value=quoted(code),
                longest=LONGEST_COUPON,
            ),
        )
    return code or None
