"""From rows to variants: what Shopify calls a variant is a SKU of ours.

The rows of a product share its ``Handle``. The first holds what is the same for all its variants;
further rows are variants, or only bring an image.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orders.models import Sku
from orders.models.catalogue import UnitOfWeight
from orders.shopify.cells import (
    amount,
    decimal_number,
    refusal,
    required_amount,
    required_text,
    text,
    whole_number,
    yes_or_no,
)
from orders.shopify.fingerprints import fingerprint
from orders.shopify.lengths import longest
from orders.shopify.problems import RowRefused, said
from orders.shopify.reading import Row

VARIANT_COLUMNS = ("Variant SKU", "Variant Price", "Option1 Value")
OPTION_COLUMNS = ("Option1 Value", "Option2 Value", "Option3 Value")
# What the export says for a product that has no options.
NO_OPTION = "Default Title"

LONGEST_CODE = longest(Sku, "code")
LONGEST_NAME = longest(Sku, "name")
LONGEST_URL = longest(Sku, "image_url")


@dataclass(frozen=True, slots=True)
class Product:
    """What the first row of a handle tells for all its variants."""

    title: str
    is_active: bool
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Variant:
    """A SKU as the file tells it; ``values`` has only the fields for which there is a column."""

    line: int
    fingerprint: bytes
    code: str
    is_active: bool
    values: dict[str, Any]
    price_values: dict[str, int | None]
    quantity: int | None


@dataclass(frozen=True, slots=True)
class NamelessVariant:
    """A variant without a SKU code: there is nothing to know it by."""

    line: int
    name: str


def rows_by_handle(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Gather the rows of each product."""
    group: list[Row] = []
    for row in rows:
        if group and row["Handle"] != group[0]["Handle"]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def read_variants(
    rows: Sequence[Row], currency: str
) -> Iterator[Variant | NamelessVariant | RowRefused]:
    """All variants of one product, each by itself: one that is refused does not stop the others."""
    first = rows[0]
    try:
        product = read_product(first)
    except RowRefused as refused:
        yield refused
        for row in rows[1:]:
            if is_variant(row):
                message = said("its product, on line %(line)d, is refused", line=first.line)
                yield refusal(row, "Handle", message)
        return
    for row in rows:
        try:
            if row.fault is not None:
                raise row.fault
            if is_variant(row):
                yield read_variant(row, product, currency)
        except RowRefused as refused:
            yield refused


def is_variant(row: Row) -> bool:
    return any(row[column] for column in VARIANT_COLUMNS)


def read_product(row: Row) -> Product:
    if row.fault is not None:
        raise row.fault
    required_text(row, "Handle", longest=LONGEST_NAME)
    status = required_text(row, "Status", longest=LONGEST_NAME)
    values: dict[str, Any] = {}
    if row.has("Body (HTML)"):
        values["description"] = row["Body (HTML)"] or None
    if row.has("Image Src"):
        values["image_url"] = text(row, "Image Src", longest=LONGEST_URL)
    return Product(
        title=required_text(row, "Title", longest=LONGEST_NAME),
        is_active=status.casefold() == "active",
        values=values,
    )


def read_variant(row: Row, product: Product, currency: str) -> Variant | NamelessVariant:
    name = variant_name(row, product)
    code = text(row, "Variant SKU", longest=LONGEST_CODE)
    if code is None:
        return NamelessVariant(row.line, name)
    quantity = whole_number(row, "Variant Inventory Qty")
    if quantity is not None and quantity < 0:
        raise refusal(row, "Variant Inventory Qty", said("%(value)s is negative", value=quantity))
    values = {**product.values, "name": name, **read_weight(row)}
    if row.has("Variant Inventory Tracker"):  # Shopify writes 0 for what it does not track
        values["do_not_track"] = not row["Variant Inventory Tracker"] and not quantity
    elif row.has("Variant Inventory Qty"):
        values["do_not_track"] = quantity is None
    if row.has("Variant Requires Shipping"):
        values["do_not_ship"] = yes_or_no(row, "Variant Requires Shipping") is False
    if image := text(row, "Variant Image", longest=LONGEST_URL):
        values["image_url"] = image
    return Variant(
        line=row.line,
        fingerprint=fingerprint([row]),
        code=code,
        is_active=product.is_active,
        values=values,
        price_values=read_price(row, currency),
        quantity=quantity,
    )


def read_price(row: Row, currency: str) -> dict[str, int | None]:
    values: dict[str, int | None] = {
        "amount_cents": required_amount(row, "Variant Price", currency)
    }
    if row.has("Variant Compare At Price"):
        compare_at = amount(row, "Variant Compare At Price", currency)
        values["compare_at_amount_cents"] = compare_at or None
    return values


def variant_name(row: Row, product: Product) -> str:
    """The title, and after it the options that tell variants apart: ``Shirt – Small / Red``."""
    options = [row[column] for column in OPTION_COLUMNS]
    told = " / ".join(option for option in options if option and option != NO_OPTION)
    name = f"{product.title} – {told}" if told else product.title
    if len(name) > LONGEST_NAME:
        message = said(
            "with its options longer than the %(longest)d characters of a name",
            longest=LONGEST_NAME,
        )
        raise refusal(row, "Title", message)
    return name


def read_weight(row: Row) -> dict[str, Any]:
    """The weight; the export writes 0 where nobody weighed."""
    if not row.has("Variant Grams"):
        return {}
    grams = decimal_number(row, "Variant Grams")
    if not grams:
        return {"weight": None, "unit_of_weight": None}
    return {"weight": float(grams), "unit_of_weight": UnitOfWeight.GRAM.value}
