"""`manage.py list_copies`: what became of the copies."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from config.cli.output import as_json, moment, number_of, table
from ordercopy.causes import sentence_of
from ordercopy.choosing import choose_copies
from ordercopy.cli.command import OperatorCommand
from ordercopy.cli.options import whole_number
from ordercopy.cli.reports import error_documents
from ordercopy.cli.selection import add_copy_filters, copy_filter
from ordercopy.copies import current_errors
from ordercopy.models import FactoryStatus, OrderCopy

# So many are shown to a person who did not say how many; a script gets all.
SHOWN = 50
CHUNK = 1_000
# Orders have many columns, and of a million copies every one would be felt.
SHOWN_COLUMNS = (
    *("mode", "status", "attempt", "errors_count", "batch_id", "created_at", "started_at"),
    *("completed_at", "failed_at", "aborted_at", "source_order__number"),
    *("target_order__number", "target_order__status"),
)
# Of each copy; show_copy has all.
MOST_MESSAGES = 2


class Command(OperatorCommand):
    name = "list_copies"
    help = "List order copies, the latest first."
    examples = f"""\
  manage.py list_copies                               the latest {SHOWN}
  manage.py list_copies --status failed --limit 200
  manage.py list_copies --error out_of_stock          by the code of an error
  manage.py list_copies --error NW021                 by a part of its message
  manage.py list_copies --source 10248                the copies of one order
  manage.py list_copies --batch aB3dE6gH9k --json | jq -r '.[].target_number'

With --json all of them are printed, unless --limit says how many.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        add_copy_filters(parser, statuses=FactoryStatus)
        parser.add_argument("--source", metavar="NUMBER_OR_ID", help="copies of this order")
        parser.add_argument("--limit", type=whole_number, metavar="N", help="so many at most")

    def run(self, **options: Any) -> None:
        wanted = copy_filter(options, source=options["source"])
        copies = choose_copies(wanted, mode=options["mode"])
        found = (
            copies.select_related("source_order", "target_order")
            .only(*SHOWN_COLUMNS)
            .prefetch_related("error_rows")
            .iterator(chunk_size=CHUNK)
        )
        if self.in_json:
            self._write_json(islice(found, options["limit"]))
        else:
            self._write_table(found, limit=options["limit"] or SHOWN, mode=options["mode"])

    def _write_json(self, copies: Iterable[OrderCopy]) -> None:
        """Write one list, a copy on each line: a million of them never are in memory together."""
        self.stdout.write("[", ending="")
        for nth, copy in enumerate(copies):
            document = as_json(_document(copy), indent=None)
            self.stdout.write((",\n" if nth else "\n") + document, ending="")
        self.stdout.write("\n]")

    def _write_table(self, copies: Iterator[OrderCopy], *, limit: int, mode: str) -> None:
        rows = [_row(copy) for copy in islice(copies, limit)]
        if not rows:
            self.say(f"No such copies in {mode}.")
            return
        headers = ["copy", "created", "source", "status", "target", "target is", "errors"]
        self.say(table(headers, rows))
        if next(copies, None) is not None:
            self.say(f"… and more; these are {number_of(limit, 'copy', 'copies')} (--limit).")


def _row(copy: OrderCopy) -> list[str]:
    target = copy.target_order
    return [
        copy.pk,
        moment(copy.created_at),
        copy.source_order.number,
        copy.status,
        target.number if target else "–",
        target.status if target else "–",
        _in_short([sentence_of(error) for error in current_errors(copy)]),
    ]


def _in_short(messages: list[str]) -> str:
    more = len(messages) - MOST_MESSAGES
    return "; ".join(messages[:MOST_MESSAGES]) + (f" and {more} more" if more > 0 else "")


def _document(copy: OrderCopy) -> dict[str, Any]:
    target = copy.target_order
    return {
        "id": copy.pk,
        "mode": copy.mode,
        "status": copy.status,
        "source_number": copy.source_order.number,
        "source_id": copy.source_order_id,
        "target_number": target.number if target else None,
        "target_id": copy.target_order_id,
        "target_status": target.status if target else None,
        "batch_id": copy.batch_id,
        "attempt": copy.attempt,
        "created_at": copy.created_at,
        "started_at": copy.started_at,
        "ended_at": copy.completed_at or copy.failed_at or copy.aborted_at,
        "errors_count": copy.errors_count,
        "errors": error_documents(current_errors(copy)),
    }
