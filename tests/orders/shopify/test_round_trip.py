"""Whatever a shop sold, written as an export and imported, comes out with the same figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from babel.numbers import get_currency_precision
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from orders.shopify.order_import import import_orders
from orders.statements import execute
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES
from tests.orders.shopify.exports import Cells, further_line, order, write_csv

NUMBERS = count(1)
# Everything that a cell can hold, with what makes trouble in CSV more often than by chance.
TROUBLE = st.sampled_from("\",;\n\r\t 'éß漢🫖\u200f\u2028")
ANYTHING = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(TROUBLE | ANYTHING, min_size=1, max_size=40)


@dataclass(frozen=True)
class Sold:
    name: str
    quantity: int
    price: int
    off: int

    @property
    def remaining(self) -> int:
        return self.price * self.quantity - self.off


@st.composite
def sold(draw: st.DrawFn) -> Sold:
    quantity, price = draw(st.integers(1, 1_000)), draw(st.integers(0, 10**7))
    off = draw(st.just(0) | st.integers(0, quantity * price))
    return Sold(draw(TEXT.filter(str.strip)), quantity, price, off)


@dataclass(frozen=True)
class Sale:
    number: str
    currency: str
    lines: list[Sold]
    discount: int
    shipping: int
    taxes: int
    tax_included: bool
    notes: str

    @property
    def subtotal(self) -> int:
        return sum(line.remaining for line in self.lines) - self.discount

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping + (0 if self.tax_included else self.taxes)

    def plain(self, cents: int) -> str:
        return f"{Decimal(cents).scaleb(-get_currency_precision(self.currency)):f}"

    def rows(self) -> Iterator[Cells]:
        for at, line in enumerate(self.lines):
            own = {
                "currency": self.currency,
                "subtotal": self.plain(self.subtotal),
                "shipping": self.plain(self.shipping),
                "taxes": self.plain(self.taxes),
                "total": self.plain(self.total),
                "discount_amount": self.plain(self.discount),
                "notes": self.notes,
            }
            cells = {
                "lineitem_name": line.name,
                "lineitem_quantity": str(line.quantity),
                "lineitem_price": self.plain(line.price),
                "lineitem_discount": self.plain(line.off),
            }
            yield further_line(self.number, **cells) if at else order(self.number, **own, **cells)


@st.composite
def sale(draw: st.DrawFn) -> Sale:
    lines = draw(st.lists(sold(), min_size=1, max_size=6))
    remaining = sum(line.remaining for line in lines)
    return Sale(
        number=str(next(NUMBERS)),
        currency=draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"])),
        lines=lines,
        discount=draw(st.just(0) | st.integers(0, remaining)),
        shipping=draw(st.integers(0, 10**6)),
        taxes=draw(st.integers(0, 10**6)),
        tax_included=draw(st.booleans()),
        notes=draw(st.just("") | TEXT),
    )


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sales=st.lists(sale(), min_size=1, max_size=4))
def test_the_figures_of_the_file_are_those_of_the_shop(
    orders_file: Path, sales: list[Sale]
) -> None:
    with transaction.atomic():
        write_csv(orders_file, *(row for each in sales for row in each.rows()))
        report = import_orders(orders_file, mode="test")
        assert report.problems == []
        for each in sales:
            assert_same(Order.objects.get(number=each.number), each)
        assert execute(ORDERS_THAT_DIFFER_FROM_THEIR_LINES) == []
        transaction.set_rollback(True)


def assert_same(imported: Order, sale: Sale) -> None:
    lines = list(imported.line_items.order_by("position"))
    assert [(line.name, line.quantity, line.unit_amount_cents) for line in lines] == [
        (line.name.strip(), line.quantity, line.price) for line in sale.lines
    ]
    for line, told in zip(lines, sale.lines, strict=True):
        assert told.off <= -line.discount_cents <= told.price * told.quantity
    off = sum(line.off for line in sale.lines) + sale.discount
    assert -sum(line.discount_cents for line in lines) == -imported.discount_amount_cents == off
    assert sum(line.tax_amount_cents for line in lines) == sale.taxes
    assert imported.total_amount_cents == sale.total
    assert imported.currency_code == sale.currency
    assert imported.metadata.get("notes", "") == sale.notes.strip()
