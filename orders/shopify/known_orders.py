"""Telling new orders from those that are there already, and from those that are in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orders.shopify.order_tables import ORIGIN
from orders.shopify.problems import RowRefused, Sentence, said
from orders.shopify.seen import Seen, Sighting
from orders.shopify.shopify_order import ShopifyOrder
from orders.statements import execute

FIND_KNOWN = """
SELECT number, reference, reference_origin
  FROM orders_order
 WHERE mode = %(mode)s AND number = ANY(%(numbers)s::varchar[])
 UNION
SELECT number, reference, reference_origin
  FROM orders_order
 WHERE mode = %(mode)s AND reference_origin = %(origin)s
   AND reference IS NOT NULL AND reference = ANY(%(references)s::varchar[])
"""


@dataclass
class Sifted:
    """A batch, told apart."""

    fresh: list[ShopifyOrder] = field(default_factory=list)
    already_there: int = 0
    problems: list[RowRefused] = field(default_factory=list)


class KnownOrders:
    """The orders of the shop that have a number or a reference in common with a batch."""

    def __init__(self, orders: Sequence[ShopifyOrder], *, mode: str) -> None:
        found = execute(
            FIND_KNOWN,
            {
                "mode": mode,
                "origin": ORIGIN,
                "numbers": [order.number for order in orders],
                "references": [order.reference for order in orders if order.reference],
            },
        )
        self._by_number = {number: (reference, origin) for number, reference, origin in found}
        self._references = {reference for _, reference, origin in found if origin == ORIGIN}

    def has(self, order: ShopifyOrder) -> bool:
        """Whether this very order came in before; raises RowRefused when its number is taken."""
        if order.reference is not None and order.reference in self._references:
            return True
        if order.number not in self._by_number:
            return False
        reference, origin = self._by_number[order.number]
        if origin != ORIGIN:
            raise taken(order, said("by an order that did not come from an import"))
        if None not in {reference, order.reference}:
            how = said("by an imported order with another Id, %(id)s", id=reference)
            raise taken(order, how)
        return True


def taken(order: ShopifyOrder, how: Sentence) -> RowRefused:
    message = said("%(number)s is taken %(how)s", number=order.number, how=how)
    return RowRefused(message, line=order.line, column="Name")


def sift(orders: Sequence[ShopifyOrder], seen: Seen, *, mode: str) -> Sifted:
    """Tell apart what is new; what the file has told before must say the same again."""
    sifted = Sifted()
    known = KnownOrders(orders, mode=mode)
    sightings = seen.recall(key for order in orders for key in keys(order))
    new_sightings: dict[str, Sighting] = {}
    for order in orders:
        try:
            if was_told_before(order, sightings) or known.has(order):
                sifted.already_there += 1
            else:
                sifted.fresh.append(order)
        except RowRefused as refused:
            sifted.problems.append(refused)
            continue
        here = Sighting(order.line, order.fingerprint)
        fresh_keys = {key: here for key in keys(order) if key not in sightings}
        sightings |= fresh_keys
        new_sightings |= fresh_keys
    seen.remember(list(new_sightings.items()))
    return sifted


def keys(order: ShopifyOrder) -> list[str]:
    """Under what an order is known within its file."""
    numbers = [f"number {order.number}"]
    return numbers if order.reference is None else [*numbers, f"reference {order.reference}"]


def was_told_before(order: ShopifyOrder, sightings: dict[str, Sighting]) -> bool:
    """Whether the file has this order already; raises RowRefused when it said something else."""
    for key in keys(order):
        earlier = sightings.get(key)
        if earlier is None:
            continue
        if earlier.fingerprint != order.fingerprint:
            kind, _, value = key.partition(" ")
            raise RowRefused(
                said(
                    "%(value)s stands on line %(line)d already, with other data",
                    value=value,
                    line=earlier.line,
                ),
                line=order.line,
                column="Name" if kind == "number" else "Id",
            )
        return True
    return False
