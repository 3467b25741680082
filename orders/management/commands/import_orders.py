"""`manage.py import_orders`: a Shopify orders export into the shop."""

from pathlib import Path
from typing import Any

from orders.shopify.command import ImportCommand
from orders.shopify.order_import import import_orders
from orders.shopify.report import Report
from orders.shopify.watch import Watch


class Command(ImportCommand):
    help = "Import orders from a Shopify export (Orders → Export → CSV for Excel, Numbers, …)."
    examples = """\
  manage.py import_orders orders.csv --dry-run       what would come in, and what is wrong
  manage.py import_orders orders.csv                 import; the same file again changes nothing
  manage.py import_orders orders.csv --mode live     into the live data
  manage.py import_orders orders.csv --market EU     into the market with this code or name
  manage.py import_orders orders.csv --json | jq .orders

Import products first: lines find their SKUs by code, and a line whose code is unknown comes in
without one. An order comes in with all its lines or not at all; what is wrong with it is named by
line and column on the error output, the exit code is 1, and the other orders come in. Mend the file
and run the command again: orders that are there already are left as they are.

Markets, customers, shipping and payment methods that the file names and the shop does not have are
made. Stock is not touched and no events are sent.
"""

    def read_file(self, path: Path, *, watch: Watch, **options: Any) -> Report:
        return import_orders(
            path,
            mode=options["mode"],
            market_name=options["market_name"],
            dry_run=options["dry_run"],
            watch=watch,
        )
