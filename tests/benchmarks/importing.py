"""A large export of another shop, imported by the command that a merchant uses."""

import csv
import io
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.core.management import call_command

from orders.models import Order
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.measuring import ENGINE, Figure, summary
from tests.benchmarks.seeding import SKU_COUNT

COMMAND = "import_orders"
ORDERS = 20_000
# Orders of one to five lines, three on average, as small shops have them.
MOST_LINES = 5

ORDER_COLUMNS = (
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Shipping Method",
    "Created at",
    "Payment Method",
    *(
        f"{whose} {part}"
        for whose in ("Billing", "Shipping")
        for part in ("Name", "Street", "Address1", "City", "Zip", "Country", "Phone")
    ),
)
LINE_COLUMNS = ("Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku")


def measure_import(*, folder: Path, database: BenchDatabase) -> Figure:
    """Write the export, and read it in; only the reading is measured."""
    export = folder / "bench-orders.csv"
    write_export(export)
    said = io.StringIO()
    try:
        with database.as_default():
            before = Order.objects.count()
            database.tidy()
            began = time.perf_counter()
            call_command(COMMAND, str(export), mode="test", stdout=said, stderr=said)
            seconds = time.perf_counter() - began
            imported = Order.objects.count() - before
    except SystemExit as exit_code:
        raise RuntimeError(f"{COMMAND} ended with {exit_code}: {said.getvalue()}") from exit_code
    finally:
        export.unlink()
    if imported != ORDERS:
        raise RuntimeError(f"{imported} of {ORDERS} orders came in: {said.getvalue()}")
    return summary(COMMAND, ENGINE, [seconds], orders=ORDERS)


def write_export(path: Path) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*ORDER_COLUMNS, *LINE_COLUMNS])
        rows.writerows(chain.from_iterable(rows_of_order(nth) for nth in range(1, ORDERS + 1)))


def rows_of_order(nth: int) -> Iterator[list[str]]:
    """A paid order; what is about the order as a whole stands in its first row only."""
    lines = nth % MOST_LINES + 1
    when = f"2025-{nth % 12 + 1:02}-{nth % 28 + 1:02} 10:{nth % 60:02}:00 +0000"
    address = ["Ada Lovelace", "1 Bench Street", "1 Bench Street", "London", "E1", "GB", "+4420"]
    order = [
        *(f"#{nth}", f"import{nth % 5000}@example.com", "paid", when, "fulfilled", "USD"),
        *(f"{lines * 10}.00", "5.00", "0.00", f"{lines * 10 + 5}.00", "Standard", when, "manual"),
        *(address + address),
    ]
    for line in range(lines):
        sku = (nth * 7 + line) % SKU_COUNT + 1
        yield [*order, "1", f"Bench product {sku}", "10.00", f"BENCH{sku}"]
        order = [order[0], order[1], *[""] * (len(order) - 2)]
