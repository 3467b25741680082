"""A source and its target side by side: what was carried over, and what differs since.

Which columns are compared follows from the models' copy plans, so a new column that is carried
appears here by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models

from ordercopy.engine.compiling import copy_plan_of
from orders.models import Address, LineItem, LineItemOption, Order, PaymentSource

# These are compared by what is in them, as the target has rows of its own for them.
OWN_ROWS: Mapping[str, type[models.Model]] = {
    "billing_address": Address,
    "shipping_address": Address,
    "payment_source": PaymentSource,
}
# A target says where it comes from, its status has a life of its own, and where the order goes is
# compared as its shipping address.
NOT_COMPARED = frozenset({"copied_from", "status", "sku", "mode", "country_code"})


@dataclass(frozen=True)
class FieldPair:
    """One value of the source beside the target's."""

    name: str
    source: Any
    target: Any

    @property
    def same(self) -> bool:
        return bool(self.source == self.target)


@dataclass(frozen=True)
class LinePair:
    """A line of the source beside its copy; one of them is missing where there is no such line."""

    label: str
    change: Literal["same", "changed", "only_in_source", "only_in_target"]
    differences: Sequence[FieldPair]
    source: LineItem | None
    target: LineItem | None


@dataclass(frozen=True)
class Comparison:
    fields: Sequence[FieldPair]
    lines: Sequence[LinePair]

    @property
    def differences(self) -> list[FieldPair]:
        """The fields of the order that differ."""
        return [pair for pair in self.fields if not pair.same]

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not self.differences and all(pair.change == "same" for pair in self.lines)


def compare(source: Order, target: Order) -> Comparison:
    """Compare two orders field by field and line by line."""
    return Comparison(
        fields=_pair_fields(source, target),
        lines=list(_pair_lines(_lines_of(source), _lines_of(target))),
    )


def _pair_fields(source: models.Model, target: models.Model) -> list[FieldPair]:
    mine, theirs = _content(source), _content(target)
    return [FieldPair(name, value, theirs[name]) for name, value in mine.items()]


def _content(row: models.Model) -> dict[str, Any]:
    """What a copy of the row is expected to have, by the names in its model's order."""
    plan = copy_plan_of(type(row))
    compared = (plan.carry | set(plan.set) | set(plan.mapped)) - NOT_COMPARED
    names = [field.name for field in row._meta.get_fields() if field.name in compared]
    parents = {"order", "line_item"}
    return {name: _value(row, name) for name in names if name not in parents}


def _value(row: models.Model, name: str) -> Any:
    field = row._meta.get_field(name)
    if field.many_to_many:
        return sorted(str(other) for other in getattr(row, name).all())
    if not field.is_relation:
        return getattr(row, name)
    other = getattr(row, name)
    if other is not None and name in OWN_ROWS:
        return _content(other)
    return None if other is None else str(other)


def _lines_of(order: Order) -> list[LineItem]:
    return list(
        order.line_items.select_related("sku", "promotion")
        .prefetch_related("tags", "line_item_options__tags", "line_item_options__sku_option")
        .order_by("position", "id")
    )


def _pair_lines(sources: Sequence[LineItem], targets: Sequence[LineItem]) -> Iterator[LinePair]:
    """Match lines by position and SKU, then what is left by SKU; the rest stands alone."""
    left = list(targets)
    matches: dict[str, LineItem] = {}
    for matching in (_position_and_sku, _sku):
        for line in sources:
            if line.pk not in matches:
                match = next((other for other in left if matching(other) == matching(line)), None)
                if match is not None:
                    matches[line.pk] = match
                    left.remove(match)
    for line in sources:
        yield _pair(line, matches.get(line.pk))
    for line in left:
        yield LinePair(_label(line), "only_in_target", [], None, line)


def _pair(source: LineItem, target: LineItem | None) -> LinePair:
    if target is None:
        return LinePair(_label(source), "only_in_source", [], source, None)
    pairs = [*_pair_fields(source, target), _options_pair(source, target)]
    differences = [pair for pair in pairs if not pair.same]
    change: Literal["same", "changed"] = "changed" if differences else "same"
    return LinePair(_label(source), change, differences, source, target)


def _options_pair(source: LineItem, target: LineItem) -> FieldPair:
    return FieldPair(
        "line_item_options",
        _options(source.line_item_options.all()),
        _options(target.line_item_options.all()),
    )


def _options(options: Iterable[LineItemOption]) -> list[dict[str, Any]]:
    """The options of a line in an order of their own: a copy's rows have other ids."""
    return sorted((_content(option) for option in options), key=repr)


def _position_and_sku(line: LineItem) -> tuple[Any, ...]:
    return (line.position, *_sku(line))


def _sku(line: LineItem) -> tuple[Any, ...]:
    name = None if line.sku_code else line.name
    return (line.item_type, line.sku_code, name)


def _label(line: LineItem) -> str:
    return line.sku_code or line.name or line.get_item_type_display()
