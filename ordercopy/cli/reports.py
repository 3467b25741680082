"""How a copy's report and the results of many copies look, for people and for scripts."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from config.cli.output import MOST_ROWS, clean, number_of, table
from ordercopy.causes import Cause
from ordercopy.models import CopyError, FactoryStatus
from ordercopy.reporting import CopyReport, Totals
from ordercopy.results import Results
from orders.money import format_cents

AMOUNTS = {
    "subtotal_amount_cents": "subtotal",
    "discount_amount_cents": "discount",
    "adjustment_amount_cents": "adjustments",
    "shipping_amount_cents": "shipping",
    "payment_method_amount_cents": "payment method",
    "total_tax_amount_cents": "taxes",
    "total_amount_cents": "total",
}


def report_document(report: CopyReport, *, preview: bool) -> dict[str, Any]:
    """One copy's report for a script."""
    return {
        "preview": preview,
        "id": report.id,
        "mode": report.mode,
        "status": report.status,
        "would": report.would,
        "source_number": report.source_number,
        "target_id": report.target_id,
        "target_number": report.target_number,
        "target_status": report.target_status,
        "source_totals": asdict(report.source_totals),
        "target_totals": asdict(report.target_totals) if report.target_totals else None,
        "lines": [asdict(line) for line in report.lines],
        "errors": error_documents(report.errors),
        "errors_log": report.errors_log,
        "errors_count": report.errors_count,
    }


def error_documents(errors: Sequence[CopyError]) -> list[dict[str, Any]]:
    """The errors of a copy for a script."""
    return [
        {
            "code": error.code,
            "key": error.key,
            "sku_code": error.sku_code,
            "requested": error.requested,
            "available": error.available,
            "message": error.message,
        }
        for error in errors
    ]


def report_lines(report: CopyReport, *, preview: bool) -> Iterator[str]:
    """One copy's report for a person."""
    yield _headline(report, preview=preview)
    if report.lines:
        yield ""
        yield _lines_table(report)
    yield ""
    yield _totals_table(report.source_totals, report.target_totals)
    if report.errors:
        yield ""
        yield "errors that were skipped:" if report.status == FactoryStatus.COMPLETED else "errors:"
        for error in report.errors:
            yield f"  {clean(error.key)}: {clean(error.message)}"


def _headline(report: CopyReport, *, preview: bool) -> str:
    source = f"{clean(report.source_number)} ({report.mode})"
    if preview:
        kept = f" and leave a {report.target_status} order" if report.target_status else ""
        return f"A copy of {source} would {report.would}{kept}. Nothing was changed."
    target = ""
    if report.target_number:
        verb = "is" if report.status == FactoryStatus.COMPLETED else "stays"
        target = f": {clean(report.target_number)} {verb} {report.target_status}"
    return f"Copy {report.id} of {source} {report.status}{target}."


def _lines_table(report: CopyReport) -> str:
    """The lines; one that has nothing in its way is not «copied» when there is no target."""
    currency = report.source_totals.currency_code
    return table(
        ["line", "quantity", "unit", "total", "outcome", ""],
        [
            [
                line.sku_code or line.name or "",
                line.quantity,
                format_cents(line.unit_amount_cents, currency),
                format_cents(line.total_amount_cents, currency),
                "fine" if line.outcome == "copied" and not report.target_totals else line.outcome,
                line.message or "",
            ]
            for line in report.lines
        ],
        right="quantity,unit,total",
    )


def _totals_table(source: Totals, target: Totals | None) -> str:
    """Amounts of both orders, without those that are nought in both."""
    rows = []
    for name, label in AMOUNTS.items():
        before, after = getattr(source, name), getattr(target, name) if target else None
        if before or after or label == "total":
            rows.append(
                [
                    label,
                    format_cents(before, source.currency_code),
                    "–" if target is None else format_cents(after or 0, target.currency_code),
                ]
            )
    return table(["", "source", "target"], rows, right="source,target")


def results_document(results: Results) -> dict[str, Any]:
    """The results of many copies for a script."""
    progress = results.progress
    return {
        "total": progress.total,
        **{status.value: progress.count(status) for status in FactoryStatus},
        "target_total_cents": results.target_total_cents,
        "target_totals_cents": results.target_totals,
        "errors": [_cause_document(cause) for cause in results.causes.causes],
        "errors_by_code": [_cause_document(kind) for kind in results.causes.kinds],
    }


def _cause_document(cause: Cause) -> dict[str, Any]:
    return {
        "cause": cause.cause,
        "code": cause.code,
        "sku_code": cause.sku_code,
        "count": cause.copies,
        "failed": cause.failed,
        "examples": list(cause.examples),
    }


def results_lines(results: Results) -> Iterator[str]:
    """The results of many copies for a person."""
    progress = results.progress
    counts = [
        f"{progress.count(status):,} {status.label.lower()}"
        for status in FactoryStatus
        if progress.count(status) or status in {FactoryStatus.COMPLETED, FactoryStatus.FAILED}
    ]
    yield ", ".join(sorted(counts, key=lambda count: "completed" not in count)) + "."
    if results.target_totals:
        money = [format_cents(cents, code) for code, cents in results.target_totals.items()]
        yield f"The new orders come to {' and '.join(money)}."
    if results.causes.causes:
        yield ""
        yield causes_table(results.causes.kinds, header="what was in the way")
        yield ""
        yield causes_table(results.causes.causes, header="cause")


def causes_table(causes: Sequence[Cause], *, header: str) -> str:
    """Causes with their counts; the last line says how many more there are."""
    shown = table(
        [header, "copies", "for example"],
        [
            [cause.cause, f"{cause.copies:,}", ", ".join(cause.examples)]
            for cause in causes[:MOST_ROWS]
        ],
        right="copies",
    )
    more = len(causes) - MOST_ROWS
    return (
        shown
        if more <= 0
        else f"{shown}\n… and {number_of(more, 'more cause', 'more causes')}; --json has all"
    )
