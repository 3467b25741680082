"""What came out of a copy, or would come out: one report for previews and for real copies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from django.db.models import Prefetch, prefetch_related_objects

from ordercopy.causes import Causes, causes_of
from ordercopy.copies import current_errors, errors_log
from ordercopy.models import CopyError, FactoryStatus, OrderCopy
from ordercopy.options import CopyOptions
from ordercopy.previewing import preview, preview_together
from ordercopy.scope import CopyScope
from orders.models import LineItem, Order


@dataclass(frozen=True)
class LineReport:
    """What becomes of one line of the source.

    ``copied``: nothing stands in the way of this line. ``skipped``: it is left out. ``blocked``: it
    is what stops the copy; ``code`` and ``message`` say why.
    """

    sku_code: str | None
    name: str | None
    quantity: int
    unit_amount_cents: int
    total_amount_cents: int
    outcome: Literal["copied", "skipped", "blocked"]
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Totals:
    """The amounts of an order, in cents of its currency."""

    currency_code: str
    subtotal_amount_cents: int
    discount_amount_cents: int
    adjustment_amount_cents: int
    shipping_amount_cents: int
    payment_method_amount_cents: int
    total_tax_amount_cents: int
    total_amount_cents: int

    @classmethod
    def of(cls, order: Order) -> "Totals":
        return cls(**{amount.name: getattr(order, amount.name) for amount in fields(cls)})


@dataclass(frozen=True)
class CopyReport:
    """How a copy ended. A preview has no ids and numbers: a real copy would get others."""

    id: str | None
    mode: str
    status: str
    source_id: str
    source_number: str
    target_id: str | None
    target_number: str | None
    target_status: str | None
    source_totals: Totals
    target_totals: Totals | None
    lines: Sequence[LineReport]
    errors: Sequence[CopyError]
    errors_log: dict[str, list[str]] | None
    errors_count: int | None

    @property
    def leaves_out(self) -> bool:
        """Whether the target lacks lines of the source."""
        return any(line.outcome == "skipped" for line in self.lines)

    @property
    def is_stopped_by_lines(self) -> bool:
        """Whether leaving out lines would help."""
        return any(line.outcome == "blocked" for line in self.lines)

    @property
    def is_left_unplaced(self) -> bool:
        """Whether the copy failed and yet made an order: one that could not be placed."""
        return self.status == FactoryStatus.FAILED and self.target_status is not None

    @property
    def would(self) -> Literal["complete", "fail"]:
        """How the copy ends, in the word of a preview."""
        return "complete" if self.status == FactoryStatus.COMPLETED else "fail"


# What a report reads of a copy.
READ = (
    "source_order",
    "target_order",
    "error_rows",
    Prefetch(
        "source_order__line_items",
        LineItem.objects.select_related("sku").order_by("position", "id"),
        to_attr="reported_lines",
    ),
)


def report_of(copy: OrderCopy) -> CopyReport:
    """Report on a copy as it stands now."""
    (report,) = reports_of([copy])
    return report


def reports_of(copies: Sequence[OrderCopy]) -> list[CopyReport]:
    """Report on each of some copies, with the same few queries for one and for many."""
    prefetch_related_objects(copies, *READ)
    return [_report(copy) for copy in copies]


def _report(copy: OrderCopy) -> CopyReport:
    source, target = copy.source_order, copy.target_order
    errors = current_errors(copy)
    return CopyReport(
        id=copy.pk,
        mode=copy.mode,
        status=copy.status,
        source_id=source.pk,
        source_number=source.number,
        target_id=target.pk if target else None,
        target_number=target.number if target else None,
        target_status=target.status if target else None,
        source_totals=Totals.of(source),
        target_totals=Totals.of(target) if target else None,
        lines=_report_lines(source, errors, skips=copy.skip_errors),
        errors=errors,
        errors_log=errors_log(copy),
        errors_count=copy.errors_count,
    )


def preview_report(source_id: str, *, mode: str, options: CopyOptions) -> CopyReport:
    """Report on what a copy would do; nothing is stored. Raises what ``preview`` raises."""
    report = preview(source_id, mode=mode, options=options, report=report_of)
    return _without_target(report)


def _without_target(report: CopyReport) -> CopyReport:
    """What a preview can say: a real copy would get another id, and another number."""
    return replace(report, id=None, target_id=None, target_number=None)


@dataclass(frozen=True)
class Money:
    """What the orders to be copied cost and what their copies would cost, in cents."""

    currency_code: str
    now_cents: int
    then_cents: int


@dataclass(frozen=True)
class PreviewOfMany:
    """What copies of some orders would come to; ``reports`` in the order of copying."""

    reports: Sequence[CopyReport]
    causes: Causes

    @property
    def complete(self) -> list[CopyReport]:
        """Those that would be copied, with or without leaving out lines."""
        return [report for report in self.reports if report.would == "complete"]

    @property
    def fail(self) -> list[CopyReport]:
        return [report for report in self.reports if report.would == "fail"]

    @property
    def shortened(self) -> list[CopyReport]:
        """Those that would be copied without some of their lines."""
        return [report for report in self.complete if report.leaves_out]

    @property
    def money(self) -> list[Money]:
        """The totals of those that would be copied, one of each currency."""
        sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for report in self.complete:
            now, then = sums[report.source_totals.currency_code]
            target = report.target_totals
            sums[report.source_totals.currency_code] = (
                now + report.source_totals.total_amount_cents,
                then + (target.total_amount_cents if target else 0),
            )
        return [Money(code, *amounts) for code, amounts in sorted(sums.items())]


def preview_reports(
    source_ids: Sequence[str], *, mode: str, options: CopyOptions, seconds: float
) -> PreviewOfMany:
    """Report on what a batch would do with as many of its first sources as ``seconds`` allow.

    Nothing is stored. Raises what ``preview_together`` raises.
    """
    return preview_together(
        source_ids, mode=mode, options=options, report=_report_on_many, seconds=seconds
    )


def _report_on_many(copy_ids: Sequence[str]) -> PreviewOfMany:
    copies = OrderCopy.objects.filter(pk__in=copy_ids).order_by("sequence")
    return PreviewOfMany(
        reports=[_without_target(report) for report in reports_of(list(copies))],
        causes=causes_of(CopyScope(copy_ids=copy_ids)),
    )


def _report_lines(source: Order, errors: Iterable[CopyError], *, skips: bool) -> list[LineReport]:
    by_line = {error.line_item_id or "": error for error in errors}
    by_sku = {error.sku_code or "": error for error in errors}
    return [
        _report_line(line, by_line, by_sku, skips=skips)
        for line in source.reported_lines  # type: ignore[attr-defined]
    ]


def _report_line(
    line: LineItem,
    by_line: Mapping[str, CopyError],
    by_sku: Mapping[str, CopyError],
    *,
    skips: bool,
) -> LineReport:
    """Several lines of one SKU share an error that names only the first of them."""
    sku_code = line.sku.code if line.sku else line.sku_code
    error = by_line.get(line.pk) or (by_sku.get(sku_code) if sku_code else None)
    stopped: Literal["skipped", "blocked"] = "skipped" if skips else "blocked"
    return LineReport(
        sku_code=sku_code,
        name=line.name,
        quantity=line.quantity,
        unit_amount_cents=line.unit_amount_cents,
        total_amount_cents=line.total_amount_cents,
        outcome=stopped if error else "copied",
        code=error.code if error else None,
        message=error.message if error else None,
    )
