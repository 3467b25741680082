"""`manage.py import_products`: a Shopify products export into the shop."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from orders.shopify.command import ImportCommand
from orders.shopify.product_import import import_products
from orders.shopify.report import Report
from orders.shopify.watch import Watch


class Command(ImportCommand):
    help = "Import products from a Shopify export (Products → Export → CSV for Excel, Numbers, …)."
    examples = """\
  manage.py import_products products.csv --dry-run        what would change, and what is wrong
  manage.py import_products products.csv --currency EUR   the file names no currency
  manage.py import_products products.csv --mode live      into the live data
  manage.py import_products products.csv --market EU      into the price list of this market
  manage.py import_products products.csv --json | jq .skus

Each variant becomes a SKU with its price and its stock; a SKU that is there already is brought up
to date. A product that is not active makes disabled SKUs. A variant without a SKU code is left out
and reported. What is wrong is named by line and column on the error output, the exit code is 1, and
the other variants come in.

A market with its price list and stock location is made where the shop has none in the currency.
"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--currency",
            default="",
            metavar="CODE",
            help="of the prices (without it: the currency of the shop's markets; USD when it has "
            "none)",
        )

    def read_file(self, path: Path, *, watch: Watch, **options: Any) -> Report:
        return import_products(
            path,
            mode=options["mode"],
            currency=options["currency"],
            market_name=options["market_name"],
            dry_run=options["dry_run"],
            watch=watch,
        )
