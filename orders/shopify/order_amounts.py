"""The lines of an order and what they come to, held against the sums that the file states."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.models import LineItem
from orders.shopify.cells import (
    amount,
    plain_amount,
    refusal,
    required_amount,
    required_text,
    text,
    whole_number,
)
from orders.shopify.lengths import longest
from orders.shopify.problems import said
from orders.shopify.reading import Row
from orders.shopify.shopify_order import Amounts, Item
from orders.shopify.spreading import spread

LONGEST_NAME = longest(LineItem, "name")
LONGEST_SKU_CODE = longest(LineItem, "sku_code")


@dataclass(frozen=True, slots=True)
class StatedLine:
    """A line as its own row tells it, before the order's discount and taxes are spread."""

    sku_code: str | None
    name: str
    quantity: int
    unit: int
    compare_at: int | None
    discount: int

    @property
    def remaining(self) -> int:
        """What the line costs after its own discount."""
        return self.unit * self.quantity - self.discount


def read_amounts(rows: Sequence[Row], currency: str) -> tuple[Amounts, tuple[Item, ...]]:
    """Read lines and sums; refuses an order whose sums are not those of its lines."""
    first = rows[0]
    lines = [read_line(row, currency) for row in rows]
    discounts = spread_discount(first, lines, currency)
    subtotal = sum(line.remaining for line in lines) - sum(discounts)
    stated = required_amount(first, "Subtotal", currency)
    if stated != subtotal:
        come_to = plain_amount(subtotal, currency)
        raise refusal(
            first,
            "Subtotal",
            said(
                "%(stated)s, but the lines come to %(sum)s after discounts",
                stated=first["Subtotal"],
                sum=come_to,
            ),
        )
    taxes = amount(first, "Taxes", currency) or 0
    shipping = amount(first, "Shipping", currency) or 0
    total, tax_included = read_total(first, subtotal + shipping, taxes, currency)
    net = [line.remaining - off for line, off in zip(lines, discounts, strict=True)]
    items = tuple(
        Item(
            sku_code=line.sku_code,
            name=line.name,
            quantity=line.quantity,
            unit=line.unit,
            compare_at=line.compare_at,
            discount=-(line.discount + off),
            tax=tax,
        )
        for line, off, tax in zip(lines, discounts, spread(taxes, net), strict=True)
    )
    amounts = Amounts(
        subtotal=sum(item.total for item in items),
        discount=sum(item.discount for item in items),
        shipping=shipping,
        taxes=taxes,
        total=total,
        tax_included=tax_included,
    )
    return amounts, items


def read_line(row: Row, currency: str) -> StatedLine:
    quantity = whole_number(row, "Lineitem quantity")
    if quantity is None or quantity < 1:
        raise refusal(row, "Lineitem quantity", said("must be 1 or more"))
    unit = required_amount(row, "Lineitem price", currency)
    discount = amount(row, "Lineitem discount", currency) or 0
    if discount > unit * quantity:
        costs = plain_amount(unit * quantity, currency)
        message = said(
            "%(discount)s of a line that costs %(costs)s",
            discount=row["Lineitem discount"],
            costs=costs,
        )
        raise refusal(row, "Lineitem discount", message)
    return StatedLine(
        sku_code=text(row, "Lineitem sku", longest=LONGEST_SKU_CODE),
        name=required_text(row, "Lineitem name", longest=LONGEST_NAME),
        quantity=quantity,
        unit=unit,
        compare_at=amount(row, "Lineitem compare at price", currency) or None,
        discount=discount,
    )


def spread_discount(first: Row, lines: Sequence[StatedLine], currency: str) -> list[int]:
    """Each line's part of the order's discount, never more than the line still costs."""
    off = amount(first, "Discount Amount", currency) or 0
    remaining = [line.remaining for line in lines]
    if off > sum(remaining):
        costs = plain_amount(sum(remaining), currency)
        message = said(
            "%(discount)s off lines that cost %(costs)s",
            discount=first["Discount Amount"],
            costs=costs,
        )
        raise refusal(first, "Discount Amount", message)
    return spread(off, remaining)


def read_total(first: Row, before_taxes: int, taxes: int, currency: str) -> tuple[int, bool]:
    """The total, and whether it holds the taxes already."""
    total = required_amount(first, "Total", currency)
    if total == before_taxes:
        return total, taxes > 0
    if total == before_taxes + taxes:
        return total, False
    sums = {
        "total": first["Total"],
        "net": plain_amount(before_taxes, currency),
        "gross": plain_amount(before_taxes + taxes, currency),
    }
    message = (
        said(
            "%(total)s, but Subtotal + Shipping is %(net)s, with Taxes %(gross)s",
            **sums,
        )
        if taxes
        else said("%(total)s, but Subtotal + Shipping is %(net)s", **sums)
    )
    raise refusal(first, "Total", message)
