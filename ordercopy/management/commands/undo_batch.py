"""`manage.py undo_batch`: what a batch has made is taken back."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from config.cli.output import number_of, table
from ordercopy.cli.command import Failed, OperatorCommand
from ordercopy.cli.progress import spinner
from ordercopy.cli.selection import find_batch
from ordercopy.models import FactoryStatus, OrderCopyBatch
from ordercopy.results import progress_in
from ordercopy.scope import CopyScope
from ordercopy.undo_requests import undo_now

# Of the copies that could not be taken back for one reason, so many are named.
SHOWN = 5


class Command(OperatorCommand):
    name = "undo_batch"
    help = "Take back what a batch of copies has made."
    examples = """\
  manage.py undo_batch aB3dE6gH9k
  manage.py undo_batch aB3dE6gH9k --yes --mode live
  manage.py undo_batch aB3dE6gH9k --yes --json | jq .left

New orders that are still drafts or pending are deleted, placed ones are cancelled where their state
allows it, and those where it does not are named. Copies that still wait are aborted. Sources that
the copies have cancelled stay cancelled. Doing it twice is harmless. Once it has begun, workers go
on with it, even if this command is interrupted or copies of the batch are still being made. The
exit code is 1 when something could not be taken back, or not yet.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="BATCH_ID", help="the batch's id")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def run(self, **options: Any) -> None:
        batch = find_batch(options["id"], mode=options["mode"])
        self.confirm(_question(batch), yes=options["yes"])
        with spinner("taking back"):
            is_over = undo_now(batch, who=self.who)
        report: dict[str, Any] = batch.undo_report or {}
        document = {"mode": batch.mode, "batch_id": batch.pk, "is_over": is_over, **report}
        self.answer(document)
        self.say(*_lines(batch, report))
        if not is_over:
            raise Failed("Copies of it are being made; workers go on once these have ended.")
        left = sum(each["count"] for each in report["left"])
        if left:
            raise Failed(f"{number_of(left, 'copy', 'copies')} could not be taken back.")


def _question(batch: OrderCopyBatch) -> str:
    progress = progress_in(CopyScope(batch_id=batch.pk))
    made = number_of(progress.count(FactoryStatus.COMPLETED), "order")
    waiting = number_of(progress.open, "copy", "copies")
    return f"Take back {made} that batch {batch.pk} made in {batch.mode}, and abort {waiting}?"


def _lines(batch: OrderCopyBatch, report: dict[str, Any]) -> Iterator[str]:
    yield (
        f"Batch {batch.pk} in {batch.mode}: "
        f"{number_of(report['deleted_count'], 'new order')} deleted, "
        f"{report['cancelled_count']:,} cancelled; "
        f"{number_of(report['aborted_count'], 'copy', 'copies')} that waited aborted."
    )
    if report["left"]:
        yield ""
        yield table(
            ["copies", "could not be taken back", "such as"],
            [
                [f"{each['count']:,}", each["message"], ", ".join(each["order_copy_ids"][:SHOWN])]
                for each in report["left"]
            ],
        )
