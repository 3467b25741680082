"""`manage.py demo`: the main job on a sample shop, from its import to a mended copy."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db.models import Count, Max, Min
from django.utils import timezone

from config.cli.output import number_of, table
from config.supervisor import Child
from ordercopy.batches import create_batch
from ordercopy.cli.progress import progress_bar
from ordercopy.making_again import make_again
from ordercopy.models import CopyError, FactoryStatus, OrderCopy, OrderCopyBatch
from ordercopy.options import CopyOptions
from ordercopy.results import Results, progress_in, results_of
from ordercopy.scope import CopyScope
from ordercopy.sources import SourceFilter, choose_orders
from orders.audit import Who
from orders.models import Mode
from orders.money import format_cents
from orders.sample import CURRENCY, ORDERS, PRODUCTS, write_orders_of_late

MODE = Mode.TEST
WHO = Who.command("demo")
LOOK_EVERY = 0.1
LONGEST_WAIT = 300.0
CAUSES_SHOWN = 6

NEXT = """\
What to try next
  make serve                                          the admin, with this data (and a worker)
  .venv/bin/python manage.py list_copies --status failed
  .venv/bin/python manage.py copy_order 10249 --preview
  .venv/bin/python manage.py copy_orders --customer vinet@northwind.example --skip-errors
  .venv/bin/python manage.py import_orders YOUR_SHOPIFY_EXPORT.csv
"""


class Command(BaseCommand):
    help = "Fill a shop with 809 sample orders, copy them all, and show what copying does."

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = time.monotonic()
        self.title("1. A shop: the Northwind sample, as a Shopify merchant exports it")
        call_command("import_products", str(PRODUCTS), currency=CURRENCY, mode=MODE)
        with TemporaryDirectory() as folder:
            orders = Path(folder) / ORDERS.name
            write_orders_of_late(orders, today=timezone.localdate())
            call_command("import_orders", str(orders), mode=MODE)

        with a_worker():
            self.title("2. Every order copied, by a worker in the background")
            batch, seconds = self.copy_everything()
            self.show(results_of(CopyScope(batch_id=batch.pk)), seconds)

            self.title("3. A copy that fails, previewed: nothing is changed")
            failed = self.a_failed_copy(batch)
            self.run_command("copy_order", failed.source_order.number, "--preview")

            self.title(
                "4. The failed copy made again, leaving out what fails; source beside target"
            )
            self.make_again(failed)

        self.title("5. Nothing is out of order in the whole database")
        self.run_command("check_integrity")

        self.stdout.write(f"\nDone in {time.monotonic() - self.began:.0f} seconds.\n\n{NEXT}")

    def title(self, text: str) -> None:
        self.stdout.write(f"\n{self.style.MIGRATE_HEADING(text)}")
        self.stdout.flush()

    def run_command(self, name: str, *arguments: str) -> None:
        """Run a command as if it had been typed; that a copy fails is part of the story."""
        self.stdout.write(f"$ manage.py {' '.join([name, *arguments])}")
        try:
            call_command(name, *arguments, "--mode", MODE, stdout=self.stdout)
        except CommandError as error:
            self.stdout.write(str(error))

    def copy_everything(self) -> tuple[OrderCopyBatch, float]:
        """Ask for all copies at once, wait for the worker, and measure how long it took."""
        sources = choose_orders(SourceFilter(), mode=MODE)
        batch = create_batch(sources, mode=MODE, options=CopyOptions(), who=WHO)
        scope = CopyScope(batch_id=batch.pk)
        with progress_bar("copying", total=len(sources)) as advance:

            def left() -> int:
                count = progress_in(scope).open
                advance(len(sources) - count)
                return count

            wait_until(lambda: left() < len(sources), "the worker to start")
            wait_until(lambda: left() == 0, "the copies to end")
        run = OrderCopy.objects.filter(batch=batch).aggregate(
            began=Min("started_at"), ended=Max("updated_at")
        )
        return batch, (run["ended"] - run["began"]).total_seconds()

    def show(self, results: Results, seconds: float) -> None:
        progress = results.progress
        completed = progress.count(FactoryStatus.COMPLETED)
        failed = progress.count(FactoryStatus.FAILED)
        total = format_cents(results.target_totals.get(CURRENCY, 0), CURRENCY)
        self.stdout.write(
            table(
                ["of", "copies", ""],
                [
                    [f"{progress.total:,}", f"{completed:,} completed", f"new orders for {total}"],
                    ["", f"{failed:,} failed", "nothing of them was left behind"],
                ],
                right="of,copies",
            )
        )
        self.stdout.write("\nWhy they failed (one order can have several reasons)")
        self.stdout.write(
            table(
                ["orders", "reason", "for example orders"],
                [
                    [f"{kind.copies:,}", reason(kind.code), ", ".join(kind.examples)]
                    for kind in results.causes.kinds
                ],
                right="orders",
            )
        )
        self.stdout.write("\nThe products that stand in the way of most")
        causes = results.causes.causes[:CAUSES_SHOWN]
        self.stdout.write(
            table(
                ["orders", "reason", "for example orders"],
                [[f"{c.copies:,}", c.cause, ", ".join(c.examples)] for c in causes],
                right="orders",
            )
        )
        self.stdout.write(
            f"\n{progress.total / seconds:,.0f} copies a second "
            f"({number_of(progress.total, 'copy', 'copies')} in {seconds:.1f} seconds)."
        )

    def a_failed_copy(self, batch: OrderCopyBatch) -> OrderCopy:
        """The first failed copy with something left to copy once what fails is left out."""
        return (
            OrderCopy.objects.filter(batch=batch, status=FactoryStatus.FAILED)
            .select_related("source_order")
            .annotate(line_count=Count("source_order__line_items", distinct=True))
            .filter(line_count__gt=1, errors_count=1)
            .order_by("sequence")[0]
        )

    def make_again(self, failed: OrderCopy) -> None:
        self.stdout.write(f"$ manage.py retry_copies {failed.pk} --leave-out --run")
        (again_id,) = make_again([failed.pk], who=WHO).done
        wait_until(lambda: not OrderCopy.objects.get(pk=again_id).is_open, "the copy to end")
        self.run_command("show_copy", again_id)


def reason(code: str) -> str:
    """What a merchant calls it."""
    if code == CopyError.Code.SKU_DISABLED:
        return "Archived product"
    if code == CopyError.Code.OUT_OF_STOCK:
        return "Short stock"
    return str(CopyError.Code(code).label)


@contextmanager
def a_worker() -> Iterator[None]:
    """A worker process beside this command, ended with it whatever happens."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--verbosity", "0"]
    worker = Child("worker", command, settings.BASE_DIR)
    worker.look_after(time.monotonic())
    try:
        yield
    finally:
        worker.end()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that a worker does; a worker that cannot is an error, not a hang."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not condition():
        if time.monotonic() > deadline:
            raise CommandError(f"Waited {LONGEST_WAIT:.0f} seconds for {what}, in vain.")
        time.sleep(LOOK_EVERY)
