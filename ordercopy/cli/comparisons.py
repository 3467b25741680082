"""How a source and its target look side by side."""

from collections.abc import Iterator
from typing import Any

from config.cli.output import clean, table
from ordercopy.comparing import Comparison, FieldPair, LinePair
from orders.models import LineItem
from orders.money import format_cents

SIGNS = {"same": "=", "changed": "~", "only_in_source": "-", "only_in_target": "+"}


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """The comparison for a script."""
    return {
        "same": comparison.same,
        "fields": [_pair_document(pair) for pair in comparison.fields],
        "differences": [_pair_document(pair) for pair in comparison.differences],
        "lines": [
            {
                "line": line.label,
                "change": line.change,
                "source": _line_document(line.source),
                "target": _line_document(line.target),
                "differences": [_pair_document(pair) for pair in line.differences],
            }
            for line in comparison.lines
        ],
    }


def _pair_document(pair: FieldPair) -> dict[str, Any]:
    return {"name": pair.name, "source": pair.source, "target": pair.target, "same": pair.same}


def _line_document(line: LineItem | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {
        "id": line.pk,
        "quantity": line.quantity,
        "unit_amount_cents": line.unit_amount_cents,
        "discount_cents": line.discount_cents,
        "total_amount_cents": line.total_amount_cents,
    }


def comparison_lines(comparison: Comparison, *, currency_code: str) -> Iterator[str]:
    """The comparison for a person: of the fields only what differs, of the lines all."""
    if comparison.differences:
        yield table(
            ["", "field", "source", "target"],
            [["~", pair.name, *_both(pair, currency_code)] for pair in comparison.differences],
        )
        yield ""
    same = len(comparison.fields) - len(comparison.differences)
    yield f"{same} of {len(comparison.fields)} fields of the order are the same in both."
    yield ""
    yield table(
        ["", "line", "source", "target", "what differs"],
        [_line_row(line, currency_code) for line in comparison.lines],
    )


def _line_row(line: LinePair, currency_code: str) -> list[str]:
    return [
        SIGNS[line.change],
        line.label,
        _line_in_short(line.source, currency_code),
        _line_in_short(line.target, currency_code),
        "; ".join(
            f"{pair.name} {' → '.join(_both(pair, currency_code))}" for pair in line.differences
        ),
    ]


def _line_in_short(line: LineItem | None, currency_code: str) -> str:
    if line is None:
        return "–"
    unit = format_cents(line.unit_amount_cents, currency_code)
    return f"{line.quantity} × {unit} = {format_cents(line.total_amount_cents, currency_code)}"


def _both(pair: FieldPair, currency_code: str) -> list[str]:
    values = [pair.source, pair.target]
    if pair.name.endswith("_cents"):
        return ["–" if value is None else format_cents(value, currency_code) for value in values]
    return [_shown(value) for value in values]


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):  # an address, say: what is in it, without what is empty
        return ", ".join(f"{name}: {clean(part)}" for name, part in value.items() if part)
    return clean(value)
