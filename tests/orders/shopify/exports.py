"""Files as a merchant downloads them, or as an accident left them.

write_csv(path, order("1001"), further_line("1001", price="5.00"))
write_csv(path, order("1001", **{"Total": "11.00"}))        # sums that do not add up
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

Cells = dict[str, str]

PARTS_OF_AN_ADDRESS = (
    "Name",
    "Street",
    "Address1",
    "Address2",
    "Company",
    "City",
    "Zip",
    "Province",
    "Country",
    "Phone",
)
ORDER_COLUMNS = (
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem discount",
    *(f"{whose} {part}" for whose in ("Billing", "Shipping") for part in PARTS_OF_AN_ADDRESS),
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Id",
    "Tags",
)
PRODUCT_COLUMNS = (
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Image Src",
    "Status",
)


def order(number: str, **cells: str) -> Cells:
    """The first row of an order of one pot of tea for 10.00; ``cells`` by column, _ for a space."""
    usual = {
        "Name": f"#{number}",
        "Id": f"9{number}",
        "Email": "ann@shop.example",
        "Financial Status": "paid",
        "Currency": "USD",
        "Subtotal": "10.00",
        "Shipping": "0.00",
        "Taxes": "0.00",
        "Total": "10.00",
        "Created at": "2024-05-31 10:00:00 +0200",
        "Lineitem quantity": "1",
        "Lineitem name": "Tea",
        "Lineitem price": "10.00",
        "Lineitem sku": "TEA",
    }
    return usual | by_column(cells, ORDER_COLUMNS)


def further_line(number: str, **cells: str) -> Cells:
    """A further row of an order: a free sample, unless told otherwise."""
    usual = {
        "Name": f"#{number}",
        "Created at": "2024-05-31 10:00:00 +0200",
        "Lineitem quantity": "1",
        "Lineitem name": "Sample",
        "Lineitem price": "0.00",
    }
    return usual | by_column(cells, ORDER_COLUMNS)


def product(code: str, **cells: str) -> Cells:
    """A product with one variant."""
    usual = {
        "Handle": code.lower(),
        "Title": code.title(),
        "Status": "active",
        "Variant SKU": code,
        "Variant Price": "10.00",
        "Variant Inventory Qty": "5",
        "Variant Requires Shipping": "true",
    }
    return usual | by_column(cells, PRODUCT_COLUMNS)


def by_column(cells: Mapping[str, str], columns: Iterable[str]) -> Cells:
    """Turn ``lineitem_price`` into ``Lineitem price``."""
    names = {
        name.replace(" ", "_").replace("(", "").replace(")", "").lower(): name for name in columns
    }
    return {names[word.lower()]: value for word, value in cells.items()}


def write_csv(path: Path, *rows: Cells, columns: Iterable[str] = ()) -> Path:
    """Write rows under a header, all columns of the kind of export unless told otherwise."""
    usual = PRODUCT_COLUMNS if rows and "Handle" in rows[0] else ORDER_COLUMNS
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns) or usual, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
