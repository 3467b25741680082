"""The list of orders as a file for a spreadsheet: a row for each, amounts as plain numbers."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from orders.admin.spreadsheets import Row, Rows
from orders.admin.wording import AXES, state
from orders.models import Order
from orders.money import as_decimal

AMOUNTS = (
    "subtotal_amount_cents",
    "discount_amount_cents",
    "shipping_amount_cents",
    "payment_method_amount_cents",
    "adjustment_amount_cents",
    "total_tax_amount_cents",
    "total_amount_cents",
)
# Of a wide table, what the file tells.
READ = (
    "number",
    "customer_email",
    "reference",
    "currency_code",
    "country_code",
    "placed_at",
    "created_at",
    "market__name",
)


class RowsOfOrders(Rows):
    """A row for each order."""

    def __init__(self, orders: QuerySet[Order]) -> None:
        super().__init__(orders.select_related("market").only(*READ, *AXES, *AMOUNTS))

    def head(self) -> Row:
        return [
            gettext("Number"),
            gettext("Customer"),
            *(str(words) for words in AXES.values()),
            gettext("Currency"),
            gettext("Subtotal"),
            gettext("Discount"),
            gettext("Shipping"),
            gettext("Payment method"),
            gettext("Adjustment"),
            gettext("Taxes"),
            gettext("Total"),
            gettext("Market"),
            gettext("Shipped to (country)"),
            gettext("Reference"),
            self.with_zone(gettext("Placed")),
            self.with_zone(gettext("Created")),
            gettext("ID"),
        ]

    def row(self, each: Any) -> Row:
        currency = each.currency_code
        return [
            each.number,
            each.customer_email or "",
            *(str(state(axis, getattr(each, axis))[0]) for axis in AXES),
            currency,
            *(as_decimal(getattr(each, name), currency) for name in AMOUNTS),
            each.market.name,
            each.country_code or "",
            each.reference or "",
            self.local(each.placed_at),
            self.local(each.created_at),
            each.pk,
        ]
