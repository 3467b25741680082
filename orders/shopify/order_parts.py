"""What belongs to an order beside its lines: addresses, payment, where it stands."""

from typing import Literal

from orders.models import (
    Address,
    OrderStatus,
    PaymentMethod,
    PaymentSource,
    PaymentSourceType,
    PaymentStatus,
    Tag,
    Transaction,
)
from orders.shopify.cells import (
    amount,
    country,
    moment,
    one_of,
    plain_amount,
    quoted,
    refusal,
    text,
)
from orders.shopify.lengths import longest
from orders.shopify.problems import said
from orders.shopify.reading import Row
from orders.shopify.shopify_order import Payment, Place, Standing
from orders.shopify.statuses import STANDINGS, FinancialStanding, fulfillment_status

# Paid outside any gateway, so a transfer that the merchant settles by hand.
BY_HAND = frozenset({"", "manual", "bank deposit", "money order", "cash on delivery"})
NAMELESS_METHOD = "Wire transfer"

LONGEST_LINE = longest(Address, "line_1")
LONGEST_METHOD = longest(PaymentMethod, "name")
LONGEST_TOKEN = longest(PaymentSource, "payment_source_token")
LONGEST_TAG = longest(Tag, "name")


def read_financial_standing(row: Row) -> FinancialStanding:
    return STANDINGS[one_of(row, "Financial Status", STANDINGS)]


def read_standing(row: Row, financial: FinancialStanding) -> Standing:
    placed_at = moment(row, "Created at")
    if placed_at is None:
        raise refusal(row, "Created at", said("must not be blank"))
    paid_at = moment(row, "Paid at")
    fulfilled_at = moment(row, "Fulfilled at")
    cancelled_at = moment(row, "Cancelled at")
    status = OrderStatus.CANCELLED if cancelled_at else financial.status
    if status is OrderStatus.CANCELLED and cancelled_at is None:
        # The export has no time of refunding or voiding: it was not before all that it does tell.
        cancelled_at = max(at for at in (placed_at, paid_at, fulfilled_at) if at)
    captured = Transaction.Type.CAPTURE in financial.transactions
    return Standing(
        status=status,
        payment_status=financial.payment_status,
        fulfillment_status=fulfillment_status(
            row["Fulfillment Status"].casefold(), financial.payment_status
        ),
        placed_at=placed_at,
        approved_at=(paid_at or placed_at) if captured else None,
        cancelled_at=cancelled_at,
        paid_at=paid_at,
        fulfilled_at=fulfilled_at,
    )


def read_payment(
    row: Row, financial: FinancialStanding, *, total: int, currency: str, identity: str
) -> Payment:
    """``identity`` stands in for the token of an external payment that names none."""
    name = text(row, "Payment Method", longest=LONGEST_METHOD) or ""
    by_hand = name.casefold() in BY_HAND
    token = text(row, "Payment Reference", longest=LONGEST_TOKEN)
    return Payment(
        method=name or NAMELESS_METHOD,
        type=PaymentSourceType.WIRE_TRANSFER if by_hand else PaymentSourceType.EXTERNAL,
        token=token if by_hand else token or f"shopify-{identity}",
        transactions=read_transactions(row, financial, total, currency),
    )


def read_transactions(
    row: Row, financial: FinancialStanding, total: int, currency: str
) -> tuple[tuple[Transaction.Type, int], ...]:
    """The money that has moved; only a refund may be of another amount than the total."""
    refunded = amount(row, "Refunded Amount", currency) or 0
    if refunded > total:
        message = said(
            "%(refunded)s of an order that came to %(total)s",
            refunded=row["Refunded Amount"],
            total=plain_amount(total, currency),
        )
        raise refusal(row, "Refunded Amount", message)
    if not refunded and financial.payment_status is PaymentStatus.REFUNDED:
        refunded = total
    return tuple(
        (kind, refunded if kind is Transaction.Type.REFUND else total)
        for kind in financial.transactions
        if refunded or kind is not Transaction.Type.REFUND
    )


def read_place(row: Row, whose: Literal["Billing", "Shipping"]) -> Place | None:
    """An address, or None where the file has neither a street nor a city.

    What else is blank stays blank: an old order with half an address is still an order.
    """

    def part(name: str) -> str | None:
        return text(row, f"{whose} {name}", longest=LONGEST_LINE)

    street, city = part("Address1") or part("Street"), part("City")
    if not street and not city:
        return None
    first_name, _, last_name = (part("Name") or "").partition(" ")
    zip_code = part("Zip")
    return Place(
        first_name=first_name or None,
        last_name=last_name.strip() or None,
        company=part("Company"),
        line_1=street or "",
        line_2=part("Address2"),
        city=city or "",
        # the export puts an apostrophe before a code, so that spreadsheets keep its zeros
        zip_code=zip_code.removeprefix("'") if zip_code else None,
        state_code=part("Province"),
        country_code=country(row, f"{whose} Country"),
        phone=part("Phone"),
    )


def read_tags(row: Row) -> tuple[str, ...]:
    """The tags, each once. A tag that is too long is refused: half of it would be another tag."""
    names = [name for part in row["Tags"].split(",") if (name := part.strip())]
    for name in names:
        if len(name) > LONGEST_TAG:
            message = said(
                "%(value)s is longer than the %(longest)d characters of a tag",
                value=quoted(name),
                longest=LONGEST_TAG,
            )
            raise refusal(row, "Tags", message)
    return tuple(dict.fromkeys(names))


def read_metadata(row: Row) -> dict[str, str]:
    """The merchant's notes, as they stand in the file."""
    notes = {"notes": row["Notes"], "note_attributes": row["Note Attributes"]}
    return {key: value for key, value in notes.items() if value}
