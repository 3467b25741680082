"""`manage.py undo_batch`: what a batch has made is taken back."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from config.cli.output import number_of, table
from ordercopy.batches import Undone, undo_batch
from ordercopy.cli.command import Failed, OperatorCommand
from ordercopy.cli.progress import spinner
from ordercopy.cli.selection import find_batch
from ordercopy.models import FactoryStatus, OrderCopyBatch
from ordercopy.results import progress_in
from ordercopy.scope import CopyScope


class Command(OperatorCommand):
    name = "undo_batch"
    help = "Take back what a batch of copies has made."
    examples = """\
  manage.py undo_batch aB3dE6gH9k
  manage.py undo_batch aB3dE6gH9k --yes --mode live
  manage.py undo_batch aB3dE6gH9k --yes --json | jq .refused

New orders that are still drafts or pending are deleted, placed ones are cancelled where their state
allows it, and those where it does not are named. Copies that still wait are aborted. Sources that
the copies have cancelled stay cancelled. Doing it twice is harmless. The exit code is 1 when
something could not be taken back.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="BATCH_ID", help="the batch's id")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def run(self, **options: Any) -> None:
        batch = find_batch(options["id"], mode=options["mode"])
        self.confirm(_question(batch), yes=options["yes"])
        with spinner("taking back"):
            undone = undo_batch(batch, who=self.who)
        self.answer(_document(batch, undone))
        self.say(*_lines(batch, undone))
        left = len(undone.refused) + len(undone.locked)
        if left:
            raise Failed(f"{number_of(left, 'copy', 'copies')} could not be taken back.")


def _question(batch: OrderCopyBatch) -> str:
    progress = progress_in(CopyScope(batch_id=batch.pk))
    made = number_of(progress.count(FactoryStatus.COMPLETED), "order")
    waiting = number_of(progress.open, "copy", "copies")
    return f"Take back {made} that batch {batch.pk} made in {batch.mode}, and abort {waiting}?"


def _document(batch: OrderCopyBatch, undone: Undone) -> dict[str, Any]:
    return {
        "mode": batch.mode,
        "batch_id": batch.pk,
        "deleted": undone.deleted,
        "cancelled": undone.cancelled,
        "aborted": undone.aborted,
        "locked": undone.locked,
        "refused": {
            copy_id: [obstacle.message for obstacle in obstacles]
            for copy_id, obstacles in undone.refused.items()
        },
    }


def _lines(batch: OrderCopyBatch, undone: Undone) -> Iterator[str]:
    yield (
        f"Batch {batch.pk} in {batch.mode}: {number_of(len(undone.deleted), 'new order')} deleted, "
        f"{len(undone.cancelled):,} cancelled; "
        f"{number_of(len(undone.aborted), 'copy', 'copies')} that waited aborted."
    )
    if undone.locked:
        yield f"Held by somebody at this moment, so left alone: {', '.join(undone.locked)}."
    if undone.refused:
        yield ""
        yield table(
            ["copy", "could not be taken back, as its order"],
            [
                [copy_id, "; ".join(obstacle.message for obstacle in obstacles)]
                for copy_id, obstacles in undone.refused.items()
            ],
        )
