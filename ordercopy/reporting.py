"""What came out of a copy, or would come out: one report for previews and for real copies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from ordercopy.copies import current_errors, errors_log
from ordercopy.models import CopyError, FactoryStatus, OrderCopy
from ordercopy.options import CopyOptions
from ordercopy.previewing import preview
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
    def would(self) -> Literal["complete", "fail"]:
        """How the copy ends, in the word of a preview."""
        return "complete" if self.status == FactoryStatus.COMPLETED else "fail"


def report_of(copy: OrderCopy) -> CopyReport:
    """Report on a copy as it stands now."""
    source, target = copy.source_order, copy.target_order
    errors = current_errors(copy)
    return CopyReport(
        id=copy.pk,
        mode=copy.mode,
        status=copy.status,
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
    return replace(report, id=None, target_id=None, target_number=None)


def _report_lines(source: Order, errors: Iterable[CopyError], *, skips: bool) -> list[LineReport]:
    by_line = {error.line_item_id or "": error for error in errors}
    by_sku = {error.sku_code or "": error for error in errors}
    lines = source.line_items.select_related("sku").order_by("position", "id")
    return [_report_line(line, by_line, by_sku, skips=skips) for line in lines]


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
