"""The columns of each kind of export, and how a file of the wrong kind is told.

Columns may stand in any order and in any capitals; what is not named here is passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.shopify.problems import FileRefused, Sentence, said


@dataclass(frozen=True)
class Layout:
    """A kind of export: how it is called, and the columns without which it is not one."""

    name: Sentence
    command: str
    required: tuple[str, ...]
    optional: tuple[str, ...]


ORDERS = Layout(
    name=said("an orders export"),
    command="import_orders",
    required=(
        "Name",
        "Financial Status",
        "Currency",
        "Subtotal",
        "Total",
        "Created at",
        "Lineitem quantity",
        "Lineitem name",
        "Lineitem price",
    ),
    optional=(
        "Id",
        "Email",
        "Paid at",
        "Fulfillment Status",
        "Fulfilled at",
        "Shipping",
        "Taxes",
        "Discount Code",
        "Discount Amount",
        "Shipping Method",
        "Cancelled at",
        "Payment Method",
        "Payment Reference",
        "Refunded Amount",
        "Notes",
        "Note Attributes",
        "Tags",
        "Lineitem compare at price",
        "Lineitem sku",
        "Lineitem discount",
        *(
            f"{whose} {part}"
            for whose in ("Billing", "Shipping")
            for part in (
                "Name",
                "Company",
                "Street",
                "Address1",
                "Address2",
                "City",
                "Zip",
                "Province",
                "Country",
                "Phone",
            )
        ),
    ),
)

PRODUCTS = Layout(
    name=said("a products export"),
    command="import_products",
    required=("Handle", "Title", "Status", "Variant SKU", "Variant Price"),
    optional=(
        "Body (HTML)",
        "Option1 Name",
        "Option1 Value",
        "Option2 Value",
        "Option3 Value",
        "Variant Grams",
        "Variant Inventory Tracker",
        "Variant Inventory Qty",
        "Variant Compare At Price",
        "Variant Requires Shipping",
        "Variant Image",
        "Image Src",
    ),
)


def known_columns(header: Sequence[str], layout: Layout) -> Mapping[str, int]:
    """Where each column that the layout knows stands; refuses a header that lacks some."""
    by_name = {name.casefold(): name for name in (*layout.required, *layout.optional)}
    columns: dict[str, int] = {}
    for at, title in enumerate(header):
        name = by_name.get(title.casefold())
        if name is None:
            continue
        if name in columns:
            raise FileRefused(said("the header names this column twice"), line=1, column=name)
        columns[name] = at
    missing = [name for name in layout.required if name not in columns]
    if missing:
        message, at_a_terminal = explain_missing(header, missing, layout)
        raise FileRefused(message, line=1, at_a_terminal=at_a_terminal)
    return columns


def explain_missing(
    header: Sequence[str], missing: Sequence[str], layout: Layout
) -> tuple[Sentence, str]:
    """Say what the header lacks, or what the file is instead and which command is for it."""
    titles = {title.casefold() for title in header}
    for other in (ORDERS, PRODUCTS):
        if other is not layout and all(name.casefold() in titles for name in other.required):
            what = said("this is %(other)s, not %(wanted)s", other=other.name, wanted=layout.name)
            return what, f": use manage.py {other.command}"
    marks = ((";", said("semicolons")), ("\t", said("tabs")))
    separators = [name for mark, name in marks if mark in header[0]]
    if len(header) == 1 and separators:
        what = said(
            "the columns are separated by %(mark)s; export the file with commas",
            mark=separators[0],
        )
        return what, ""
    columns = ", ".join(f'"{name}"' for name in missing)
    return said("required columns are missing: %(columns)s", columns=columns), ""
