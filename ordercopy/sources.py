"""Which orders somebody means to copy: by number or id, by what they have in common, or all.

Answers are ids in the order in which the orders were placed, those of one moment by number; orders
that were never placed come last. A million of them is a list of short strings, nothing more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ordercopy.choosing import CAME_TO_NOTHING
from ordercopy.models import OrderCopy
from ordercopy.names import named_codes, named_customers, named_markets, named_tags
from orders.models import ItemType, LineItem, Mode, Order
from orders.statements import execute

# A number counts before an id, and as it was written before it is read without its «#» (as shops
# print numbers): an order is never shadowed by one that only looks like it.
FIND = """
SELECT given.name, coalesce(
         (SELECT id FROM orders_order WHERE mode = %(mode)s AND number = given.name),
         (SELECT id FROM orders_order
           WHERE mode = %(mode)s AND number = substr(given.name, 2) AND given.name LIKE '#%%'),
         (SELECT id FROM orders_order WHERE mode = %(mode)s AND id = given.name))
  FROM unnest(%(names)s::varchar[]) AS given(name)
"""

AS_PLACED = """
SELECT id FROM orders_order WHERE id = ANY (%s::varchar[]) ORDER BY placed_at, number
"""


class NoSuchOrders(LookupError):
    """Some numbers or ids stand for no order of the mode; some of these exist in the other one."""

    def __init__(self, names: Sequence[str], *, mode: str, elsewhere: Sequence[str] = ()) -> None:
        self.names = tuple(names)
        self.elsewhere = tuple(elsewhere)
        there = "is no order" if len(self.names) == 1 else "are no orders"
        super().__init__(f"There {there} {', '.join(self.names)} in {mode}.")


@dataclass(frozen=True)
class NamedOrders:
    """The orders that a list of numbers and ids stands for; ``repeated`` were named again."""

    ids: list[str]
    repeated: list[str]


@dataclass(frozen=True, kw_only=True)
class SourceFilter:
    """What the wanted orders have in common; several values of one kind mean any of them.

    Orders that were made by a copy are left out unless ``include_copies``: otherwise copying
    everything twice would double what the first time made.
    """

    markets: Sequence[str] = ()
    statuses: Sequence[str] = ()
    payment_statuses: Sequence[str] = ()
    fulfillment_statuses: Sequence[str] = ()
    placed_after: datetime | None = None
    placed_before: datetime | None = None
    skus: Sequence[str] = ()
    customers: Sequence[str] = ()
    tags: Sequence[str] = ()
    include_copies: bool = False


def find_order(name: str, *, mode: str) -> Order:
    """The order with this number or, failing that, this id. Raises ``NoSuchOrders``."""
    (order_id,) = find_orders([name], mode=mode).ids
    return Order.objects.get(pk=order_id)


def find_orders(names: Iterable[str], *, mode: str) -> NamedOrders:
    """The orders that numbers and ids stand for, each once. Raises ``NoSuchOrders`` naming all."""
    given = list(names)
    found = _look_up(given, mode=mode)
    unknown = [name for name in dict.fromkeys(given) if found.get(name) is None]
    if unknown:
        (other,) = set(Mode.values) - {mode}
        elsewhere = _look_up(unknown, mode=other)
        raise NoSuchOrders(
            unknown, mode=mode, elsewhere=[name for name in unknown if elsewhere.get(name)]
        )
    ids: dict[str, str] = {}
    repeated = []
    for name in given:
        order_id = found[name] or ""
        if order_id in ids:
            repeated.append(name)
        ids.setdefault(order_id, name)
    return NamedOrders(in_placing_order(list(ids)), repeated)


def _look_up(names: Sequence[str], *, mode: str) -> dict[str, str | None]:
    readable = [name for name in dict.fromkeys(names) if _is_text(name)]
    return dict(execute(FIND, {"names": readable, "mode": mode}))


def _is_text(name: str) -> bool:
    """Whether the database can look for it: neither NUL nor half a character in it."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in name)


def in_placing_order(order_ids: Sequence[str]) -> list[str]:
    """These orders as they were placed, one after another."""
    return [order_id for (order_id,) in execute(AS_PLACED, [list(order_ids)])]


def choose_orders(wanted: SourceFilter, *, mode: str) -> list[str]:
    """The orders that a filter stands for. Raises ``NoSuchName``."""
    orders = Order.objects.filter(mode=mode)
    if not wanted.include_copies:
        orders = orders.filter(copied_from=None)
    for field, values in (
        ("status", wanted.statuses),
        ("payment_status", wanted.payment_statuses),
        ("fulfillment_status", wanted.fulfillment_statuses),
        ("market", named_markets(wanted.markets, mode=mode)),
        ("customer", named_customers(wanted.customers, mode=mode)),
    ):
        if values:
            orders = orders.filter(**{f"{field}__in": values})
    if wanted.placed_after is not None:
        orders = orders.filter(placed_at__gte=wanted.placed_after)
    if wanted.placed_before is not None:
        orders = orders.filter(placed_at__lt=wanted.placed_before)
    if wanted.skus:
        orders = orders.filter(_has_line_of(wanted.skus, mode=mode))
    if wanted.tags:
        orders = orders.filter(_has_tag(wanted.tags, mode=mode))
    return ids_as_placed(orders)


def ids_as_placed(orders: QuerySet[Order]) -> list[str]:
    """The orders of a query as they were placed, one after another."""
    return list(orders.order_by("placed_at", "number").values_list("pk", flat=True))


def copied_since(orders: QuerySet[Order], since: datetime) -> QuerySet[Order]:
    """Those of the orders of which a copy was asked for since then, and did not come to nothing."""
    copies = OrderCopy.objects.filter(source_order=OuterRef("pk"), created_at__gte=since)
    return orders.filter(Exists(copies.exclude(status__in=CAME_TO_NOTHING)))


def _has_line_of(codes: Sequence[str], *, mode: str) -> Exists:
    """A line knows its SKU, or its code where the SKU is gone from the catalogue."""
    known = named_codes(codes, mode=mode)
    of_them = Q(sku__in=known) | Q(sku=None, sku_code__in=codes)
    return Exists(LineItem.objects.filter(of_them, order=OuterRef("pk"), item_type=ItemType.SKU))


def _has_tag(names: Sequence[str], *, mode: str) -> Exists:
    links = Order.tags.through.objects
    return Exists(links.filter(order=OuterRef("pk"), tag__in=named_tags(names, mode=mode)))
