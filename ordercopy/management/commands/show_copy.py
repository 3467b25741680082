"""`manage.py show_copy`: one copy with its errors, and its target beside its source."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from config.cli.output import moment, table
from ordercopy.cli.command import OperatorCommand
from ordercopy.cli.comparisons import comparison_document, comparison_lines
from ordercopy.cli.reports import report_document, report_lines
from ordercopy.comparing import Comparison, compare
from ordercopy.models import OrderCopy
from ordercopy.options import OPTION_NAMES
from ordercopy.reporting import report_of


class Command(OperatorCommand):
    name = "show_copy"
    help = "Show one copy: how it went, what stood in the way, and how source and target differ."
    examples = """\
  manage.py show_copy aB3dE6gH9k
  manage.py show_copy aB3dE6gH9k --mode live
  manage.py show_copy aB3dE6gH9k --json | jq .comparison.differences

In the comparison, = is a line that is the same in both orders, ~ one that differs, - one that only
the source has and + one that only the target has. They are compared as they are today: what
somebody has changed since the copy shows as well.
"""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", help="the copy's id")

    def run(self, **options: Any) -> None:
        copy = (
            OrderCopy.objects.select_related("source_order", "target_order")
            .filter(pk=options["id"], mode=options["mode"])
            .first()
        )
        if copy is None:
            raise CommandError(f"There is no copy {options['id']} in {options['mode']}.")
        target = copy.target_order
        comparison = compare(copy.source_order, target) if target else None
        self.answer(_document(copy, comparison))
        self.say(*_lines(copy, comparison))


def _document(copy: OrderCopy, comparison: Comparison | None) -> dict[str, Any]:
    return {
        **report_document(report_of(copy), preview=False),
        "batch_id": copy.batch_id,
        "again_of": copy.again_of_id,
        "options": {name: getattr(copy, name) for name in OPTION_NAMES},
        "reference": copy.reference,
        "reference_origin": copy.reference_origin,
        "metadata": copy.metadata,
        "who": copy.who,
        "attempts": [
            {
                "number": attempt.number,
                "status": attempt.status,
                "started_at": attempt.started_at,
                "ended_at": attempt.ended_at,
                "worker": attempt.worker,
                "errors_count": attempt.errors_count,
                "target_id": attempt.target_order_id,
            }
            for attempt in copy.attempts.all()
        ],
        "comparison": comparison_document(comparison) if comparison else None,
    }


def _lines(copy: OrderCopy, comparison: Comparison | None) -> Iterator[str]:
    yield from report_lines(report_of(copy), preview=False)
    yield ""
    yield f"asked for {moment(copy.created_at)} by {_author(copy)}"
    if chosen := [name for name in OPTION_NAMES if getattr(copy, name) and name != "reuse_wallet"]:
        yield f"options: {', '.join(chosen)}"
    if not copy.reuse_wallet:
        yield "options: without the customer's wallet"
    if attempts := copy.attempts.all():
        yield ""
        yield table(
            ["attempt", "outcome", "started", "ended", "errors", "worker"],
            [
                [
                    attempt.number,
                    attempt.status,
                    moment(attempt.started_at),
                    moment(attempt.ended_at),
                    attempt.errors_count,
                    attempt.worker or "–",
                ]
                for attempt in attempts
            ],
            right="attempt,errors",
        )
    if comparison:
        yield ""
        yield from comparison_lines(comparison, currency_code=copy.source_order.currency_code)


def _author(copy: OrderCopy) -> str:
    """Who asked for it, out of what the audit trail keeps: a person, a client, a command."""
    kind, name = next(iter(copy.who.items()), ("", "somebody"))
    if isinstance(name, dict):
        name = name.get("name") or name.get("id")
    return f"{kind} {name}"
