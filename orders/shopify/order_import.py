"""An orders export into the shop."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from orders.audit import Who
from orders.shopify.batches import ReadOn
from orders.shopify.layouts import ORDERS
from orders.shopify.order_rows import read_order, rows_by_order
from orders.shopify.order_tables import FILLED
from orders.shopify.order_writing import Outcome, write_orders
from orders.shopify.problems import RowRefused
from orders.shopify.reading import Row
from orders.shopify.report import OrdersReport
from orders.shopify.running import Run
from orders.shopify.seen import Seen
from orders.shopify.shopify_order import ShopifyOrder
from orders.shopify.surroundings import Into
from orders.shopify.watch import Unwatched, Watch


class OrderRun(Run[ShopifyOrder, OrdersReport]):
    layout = ORDERS
    filled = FILLED

    def gather(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        return rows_by_order(rows)

    def read(self, rows: Sequence[Row]) -> Iterable[ShopifyOrder | RowRefused]:
        try:
            yield read_order(rows)
        except RowRefused as refused:
            yield refused

    def write(self, items: Sequence[ShopifyOrder], seen: Seen, read_on: ReadOn) -> None:
        for outcome in write_orders(items, self.into, seen, read_on):
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        report = self.report
        report.imported += len(outcome.imported)
        report.already_there += outcome.already_there
        report.refused += len(outcome.problems)
        report.lines += sum(len(order.items) for order in outcome.imported)
        report.lines_without_sku += outcome.lines_without_sku
        for order in outcome.imported:
            report.totals[order.currency] += order.amounts.total
        report.add_creations(outcome.creations)
        for refused in outcome.problems:
            self.refuse(refused)


def import_orders(
    path: Path,
    *,
    mode: str,
    market_name: str | None = None,
    dry_run: bool = False,
    who: Who | None = None,
    watch: Watch | None = None,
) -> OrdersReport:
    """Import a file and tell what came of it; what is wrong with the file never raises."""
    into = Into(mode, who or Who.command("import_orders"), market_name)
    report = OrdersReport(path.name, mode, dry_run=dry_run)
    return OrderRun(path, into, report, watch or Unwatched()).go()
