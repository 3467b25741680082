"""A products export into the shop."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from orders.audit import Who
from orders.models import Market, Price, Sku, StockItem
from orders.money import is_currency
from orders.shopify.batches import ReadOn
from orders.shopify.cells import quoted
from orders.shopify.layouts import PRODUCTS
from orders.shopify.problems import FileRefused, RowRefused, said
from orders.shopify.product_rows import NamelessVariant, Variant, read_variants, rows_by_handle
from orders.shopify.product_writing import Outcome, write_variants
from orders.shopify.reading import Row
from orders.shopify.report import ProductsReport
from orders.shopify.running import Run
from orders.shopify.seen import Seen
from orders.shopify.surroundings import Into, named_market
from orders.shopify.watch import Unwatched, Watch

CURRENCY_OF_A_NEW_SHOP = "USD"


class ProductRun(Run[Variant | NamelessVariant, ProductsReport]):
    layout = PRODUCTS
    filled = (Sku, Price, StockItem)

    def prepare(self) -> None:
        """Settle the currency first: the file names none."""
        self.report.currency = choose_currency(self.into, self.report.currency)

    def gather(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        return rows_by_handle(rows)

    def read(self, rows: Sequence[Row]) -> Iterable[Variant | NamelessVariant | RowRefused]:
        return read_variants(rows, self.report.currency)

    def write(
        self, items: Sequence[Variant | NamelessVariant], seen: Seen, read_on: ReadOn
    ) -> None:
        for item in items:
            if isinstance(item, NamelessVariant):
                self.report.add_skipped(item.line, item.name)
        variants = [item for item in items if isinstance(item, Variant)]
        for outcome in write_variants(variants, self.into, self.report.currency, seen, read_on):
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        report = self.report
        report.new += outcome.created
        report.updated += outcome.updated
        report.unchanged += outcome.unchanged
        report.disabled += outcome.disabled
        report.refused += len(outcome.problems)
        report.add_creations(outcome.creations)
        for refused in outcome.problems:
            self.refuse(refused)


def choose_currency(into: Into, wanted: str) -> str:
    """The currency of the prices: the one asked for, else that of the market or of all markets."""
    wanted = wanted.upper()
    if wanted and not is_currency(wanted):
        message = said(
            "%(value)s is no currency; codes are such as USD or EUR", value=quoted(wanted)
        )
        raise FileRefused(message)
    if into.market_name is not None:
        market = named_market(into.mode, into.market_name)
        own = market.price_list.currency_code
        if wanted and wanted != own:
            raise FileRefused(
                said(
                    "the market “%(name)s” sells in %(own)s, not in %(wanted)s",
                    name=into.market_name,
                    own=own,
                    wanted=wanted,
                )
            )
        return own
    if wanted:
        return wanted
    currencies = sorted(
        Market.objects.filter(mode=into.mode, disabled_at=None)
        .values_list("price_list__currency_code", flat=True)
        .distinct()
    )
    if len(currencies) > 1:
        known = ", ".join(currencies)
        raise FileRefused(
            said("in which currency are its prices? say --currency, one of %(known)s", known=known)
        )
    return currencies[0] if currencies else CURRENCY_OF_A_NEW_SHOP


def import_products(
    path: Path,
    *,
    mode: str,
    currency: str = "",
    market_name: str | None = None,
    dry_run: bool = False,
    who: Who | None = None,
    watch: Watch | None = None,
) -> ProductsReport:
    """Import a file and tell what came of it; what is wrong with the file never raises."""
    into = Into(mode, who or Who.command("import_products"), market_name)
    report = ProductsReport(path.name, mode, dry_run=dry_run, currency=currency)
    return ProductRun(path, into, report, watch or Unwatched()).go()
