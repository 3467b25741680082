"""`manage.py copy_order`: one order made again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ordercopy.cli.command import Failed, Interrupted, OperatorCommand
from ordercopy.cli.interrupting import stopping_gently
from ordercopy.cli.options import add_copy_options, copy_options, references
from ordercopy.cli.progress import spinner
from ordercopy.cli.reports import report_document, report_lines
from ordercopy.cli.selection import find_source
from ordercopy.copies import create_copies
from ordercopy.following import run_copies
from ordercopy.models import FactoryStatus, OrderCopy
from ordercopy.previewing import Busy
from ordercopy.reporting import CopyReport, preview_report, report_of
from orders.models import Order


class Command(OperatorCommand):
    name = "copy_order"
    help = "Copy one order, and print what came out."
    examples = """\
  manage.py copy_order 10248 --preview              what would come out; changes nothing
  manage.py copy_order 10248                        a new pending order
  manage.py copy_order 10248 --place-target-order   placed at once: takes stock
  manage.py copy_order 10248 --skip-errors          without the lines that cannot be copied
  manage.py copy_order 10248 --metadata '{"reason": "damaged"}' --mode live
  manage.py copy_order 10248 --json | jq -r .target_number

The order is named by its number, or else by its id. It may be in any status. Without options lines,
prices, discounts, addresses and, from the customer's wallet, the payment source are copied as they
are. No worker is needed. The exit code is 1 when the copy failed, or would fail.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("order", metavar="NUMBER_OR_ID", help="the order to copy")
        parser.add_argument(
            "--preview", action="store_true", help="print what would come out and change nothing"
        )
        add_copy_options(parser)

    def run(self, **options: Any) -> None:
        source = find_source(options["order"], mode=options["mode"])
        report = (
            self._preview(source, options) if options["preview"] else self._copy(source, options)
        )
        self.answer(report_document(report, preview=options["preview"]))
        self.say(*report_lines(report, preview=options["preview"]))
        if report.status != FactoryStatus.COMPLETED:
            verb = "would fail" if options["preview"] else report.status
            raise Failed(f"The copy of {report.source_number} {verb}.")

    def _preview(self, source: Order, options: dict[str, Any]) -> CopyReport:
        try:
            return preview_report(source.pk, mode=source.mode, options=copy_options(options))
        except Busy as error:
            raise CommandError(f"{error}.") from error

    def _copy(self, source: Order, options: dict[str, Any]) -> CopyReport:
        (copy_id,) = create_copies(
            [source.pk],
            mode=source.mode,
            options=copy_options(options),
            who=self.who,
            wake=False,
            **references(options),
        )
        with stopping_gently(), spinner(f"copying {source.number}"):
            try:
                for _ in run_copies([copy_id]):
                    pass
            except KeyboardInterrupt:
                pass
        copy = OrderCopy.objects.get(pk=copy_id)
        if copy.is_open:
            raise Interrupted(
                f"Copy {copy_id} ({source.mode}) waits: a worker makes it, or "
                f"`manage.py abort_copies {copy_id} --mode {source.mode}` calls it off."
            )
        return report_of(copy)
