"""What a preview of many orders shows: numbers, causes, money, and each order."""

from collections.abc import Iterable
from typing import Any

from ordercopy.admin.mending import copies_with
from ordercopy.admin.wording import cause_in_words, error_in_words
from ordercopy.causes import Cause
from ordercopy.models import CopyError
from ordercopy.reporting import CopyReport, LineReport, Money, PreviewOfMany
from orders.admin.figures import in_money

# Of the orders that were tried out, so many are shown one by one.
MOST_SHOWN = 50
# Of causes, and of the errors of one order, so many at first sight.
FIRST_CAUSES, FIRST_ERRORS = 8, 2


def shown_preview(preview: PreviewOfMany) -> dict[str, Any]:
    """The preview for its template; orders that lack something come first."""
    shortened = {report.source_id for report in preview.shortened}
    whole = [report for report in preview.complete if report.source_id not in shortened]
    unplaced = sum(report.is_left_unplaced for report in preview.fail)
    in_order = [*preview.fail, *preview.shortened, *whole]
    return {
        "tried": len(preview.reports),
        "whole": len(whole),
        "shortened": len(shortened),
        "unplaced": unplaced,
        "failing": len(preview.fail) - unplaced,
        "will_fail": len(preview.fail),
        "none_succeeds": not preview.complete,
        "stopped_by_products": any(report.is_stopped_by_lines for report in preview.fail),
        "causes": shown_causes(preview.causes.causes),
        "money": [_shown_money(money) for money in preview.money],
        "orders": [_shown_order(report) for report in in_order[:MOST_SHOWN]],
        "not_shown": max(0, len(in_order) - MOST_SHOWN),
    }


def shown_causes(
    causes: Iterable[Cause], *, batch_id: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Causes in words, with how many copies each concerns: the ``first``, and the ``rest``.

    Those of a batch lead to its failed copies that met them.
    """
    shown = [
        {
            "words": cause_in_words(cause),
            "copies": cause.copies,
            "examples": cause.examples,
            "link": batch_id and cause.failed and f"{copies_with(cause)}&batch={batch_id}",
        }
        for cause in causes
    ]
    return {"first": shown[:FIRST_CAUSES], "rest": shown[FIRST_CAUSES:]}


def _shown_money(money: Money) -> dict[str, Any]:
    return {
        "now": in_money(money.now_cents, money.currency_code),
        "then": in_money(money.then_cents, money.currency_code),
        "difference": _difference(money.then_cents - money.now_cents, money.currency_code),
    }


def _shown_order(report: CopyReport) -> dict[str, Any]:
    now, then = report.source_totals, report.target_totals
    outcome = _outcome(report)
    return {
        "id": report.source_id,
        "number": report.source_number,
        "outcome": outcome,
        "now": in_money(now.total_amount_cents, now.currency_code),
        "then": then
        and outcome != "failing"
        and in_money(then.total_amount_cents, then.currency_code),
        "lines": [_shown_line(line, now.currency_code, report.errors) for line in report.lines],
        "errors": [error_in_words(vars(error)) for error in report.errors[:FIRST_ERRORS]],
        "more_errors": max(0, len(report.errors) - FIRST_ERRORS),
    }


def _outcome(report: CopyReport) -> str:
    if report.would == "fail":
        return "unplaced" if report.is_left_unplaced else "failing"
    return "shortened" if report.leaves_out else "whole"


def _shown_line(
    line: LineReport, currency_code: str, errors: Iterable[CopyError]
) -> dict[str, Any]:
    return {
        "name": line.name,
        "sku": line.sku_code,
        "quantity": line.quantity,
        "total": in_money(line.total_amount_cents, currency_code),
        "outcome": line.outcome,
        "why": next(
            (error_in_words(vars(error)) for error in errors if error.message == line.message),
            None,
        ),
    }


def _difference(cents: int, currency_code: str) -> str | None:
    """How much more or less, None for the same."""
    if not cents:
        return None
    amount = in_money(abs(cents), currency_code)
    return f"+{amount}" if cents > 0 else f"−{amount}"
