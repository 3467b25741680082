"""What the names in a filter stand for: a market by code or name, a customer by e-mail address."""

from collections.abc import Sequence
from typing import TypeVar

from orders.customers import find_customer
from orders.models import Customer, LineItem, Market, Sku, Tag
from orders.models.base import Resource

Named = TypeVar("Named", bound=Resource)

# So many names that do exist are listed for somebody who asked for one that does not.
MOST_SUGGESTIONS = 10


class NoSuchName(LookupError):
    """A filter speaks of something that the mode does not have."""


def named_markets(names: Sequence[str], *, mode: str) -> list[Market]:
    """Markets by code, name or id."""
    found = [_named(Market, name, mode=mode, by=("code", "name", "id")) for name in names]
    if None in found:
        _refuse("market", names[found.index(None)], mode=mode, known=_some(Market, mode=mode))
    return [market for market in found if market is not None]


def named_tags(names: Sequence[str], *, mode: str) -> list[Tag]:
    """Tags by name or id."""
    found = [_named(Tag, name, mode=mode, by=("name", "id")) for name in names]
    if None in found:
        _refuse("tag", names[found.index(None)], mode=mode, known=_some(Tag, mode=mode))
    return [tag for tag in found if tag is not None]


def named_customers(names: Sequence[str], *, mode: str) -> list[Customer]:
    """Customers by e-mail address, whatever its capitals, or id."""
    found = [
        find_customer(name, mode=mode) or _named(Customer, name, mode=mode, by=("id",))
        for name in names
    ]
    if None in found:
        _refuse("customer", names[found.index(None)], mode=mode)
    return [customer for customer in found if customer is not None]


def named_codes(codes: Sequence[str], *, mode: str) -> list[Sku]:
    """The SKUs with these codes; one that only lines remember is fine, and has no SKU."""
    skus = list(Sku.objects.filter(mode=mode, code__in=codes))
    for code in set(codes) - {sku.code for sku in skus}:
        if not LineItem.objects.filter(mode=mode, sku=None, sku_code=code).exists():
            _refuse("SKU", code, mode=mode)
    return skus


def _named(model: type[Named], name: str, *, mode: str, by: Sequence[str]) -> Named | None:
    for field in by:
        if row := model._default_manager.filter(mode=mode, **{field: name}).first():
            return row
    return None


def _some(model: type[Market] | type[Tag], *, mode: str) -> list[str]:
    rows = model._default_manager.filter(mode=mode).order_by("name")
    return list(rows.values_list("name", flat=True)[:MOST_SUGGESTIONS])


def _refuse(what: str, name: str, *, mode: str, known: Sequence[str] = ()) -> None:
    hint = f" There are: {', '.join(known)}." if known else ""
    raise NoSuchName(f"There is no {what} {name} in {mode}.{hint}")
