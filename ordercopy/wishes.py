"""One wish comes to one order, however often its copies are tried again or made again.

Copies that were made again from one another are one wish. Only one of them at a time is on its way
to an order: a unique index sees to that, and here it is made sure that nobody runs into it. What a
copy has made outlives it: before one is deleted, its order is written down for the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ordercopy.choosing import PLACED
from orders import lifecycle
from orders.audit import Who
from orders.models import OrderStatus
from orders.statements import execute

# Whoever goes on with copies of a wish has locked these, not the others of the wish. One lock for
# all wishes keeps two from going on with two copies of one; it is held for a moment, by people.
ONE_AFTER_ANOTHER = "SELECT pg_advisory_xact_lock(hashtext('ordercopy.wishes'))"

# In one statement, so that a copy that is deleted meanwhile is found in one place or the other.
COPIES = """
SELECT id, wish, came_to_nothing, target_id
  FROM (SELECT id, wish, status IN ('failed', 'aborted') AS came_to_nothing,
               target_order_id AS target_id, sequence
          FROM ordercopy_orderfactory
         WHERE wish = ANY (%(wishes)s::varchar[])
         UNION ALL
        SELECT NULL, wish, NOT copy_completed, order_id, NULL
          FROM ordercopy_orderofwish
         WHERE wish = ANY (%(wishes)s::varchar[])) AS copies
 ORDER BY sequence
"""

LOCK_TARGETS = """
SELECT id, status FROM orders_order
 WHERE id = ANY (%s::varchar[]) ORDER BY id FOR NO KEY UPDATE
"""
UNPLACED = (OrderStatus.DRAFT, OrderStatus.PENDING)

BEGIN_WISHES = """
UPDATE ordercopy_orderfactory SET wish = id WHERE id = ANY (%s::varchar[]) AND wish IS NULL
"""

# Of a wish without any other copy nothing has to be known.
REMEMBER_ORDERS = """
INSERT INTO ordercopy_orderofwish (wish, order_id, copy_completed)
SELECT f.wish, f.target_order_id, f.status = 'completed'
  FROM ordercopy_orderfactory f
 WHERE f.id = ANY (%(copies)s::varchar[]) AND f.target_order_id IS NOT NULL
   AND EXISTS (SELECT FROM ordercopy_orderfactory g
                WHERE g.wish = f.wish AND g.id <> ALL (%(copies)s::varchar[]))
"""

FORGET_ORDERS = """
DELETE FROM ordercopy_orderofwish w
 WHERE w.wish IN (SELECT f.wish FROM ordercopy_orderfactory f
                   WHERE f.id = ANY (%(copies)s::varchar[]))
   AND NOT EXISTS (SELECT FROM ordercopy_orderfactory g
                    WHERE g.wish = w.wish AND g.id <> ALL (%(copies)s::varchar[]))
"""


class CopyOfWish(NamedTuple):
    """A copy; without an id it was deleted, and only its target is left."""

    id: str | None
    wish: str
    came_to_nothing: bool
    target_id: str | None


def begin_wishes(copy_ids: Sequence[str]) -> None:
    """Let copies that are made again for the first time be the first of their wishes."""
    execute(BEGIN_WISHES, [list(copy_ids)])


def lock_targets(target_ids: Iterable[str | None]) -> dict[str, str]:
    """The statuses of targets, which nobody else changes meanwhile."""
    wanted = [target_id for target_id in target_ids if target_id]
    return dict(execute(LOCK_TARGETS, [wanted]))


def take_over(wishes: Mapping[str, str], *, who: Who) -> dict[str, str]:
    """Let these copies, each given with its wish, be the ones that come to their wishes' orders.

    The caller holds the copies. Targets that other copies of the wishes kept, still draft or
    pending, are cancelled, so that nobody places them besides. Answers why some may not: another
    copy of the wish is on its way, has made the order, or its target was placed by hand.
    """
    if not wishes:
        return {}
    execute(ONE_AFTER_ANOTHER)
    copies: dict[str, list[CopyOfWish]] = defaultdict(list)
    for copy in map(CopyOfWish._make, execute(COPIES, {"wishes": sorted(set(wishes.values()))})):
        copies[copy.wish].append(copy)
    ended = (copy for each in copies.values() for copy in each if copy.came_to_nothing)
    targets = lock_targets(copy.target_id for copy in ended)
    refused: dict[str, str] = {}
    taken: dict[str, str] = {}
    kept: list[str] = []
    for copy_id, wish in wishes.items():
        others = [copy for copy in copies[wish] if copy.id != copy_id]
        if origin := taken.get(wish) or _origin_of_order(others, targets):
            refused[copy_id] = f"its order comes from the copy {origin}"
            continue
        taken[wish] = copy_id
        unplaced = (copy for copy in others if targets.get(copy.target_id or "") in UNPLACED)
        kept += [copy.target_id for copy in unplaced if copy.target_id]
    if kept:
        lifecycle.cancel(kept, who=who)
    return refused


def _origin_of_order(copies: Iterable[CopyOfWish], targets: Mapping[str, str]) -> str | None:
    """The first of the copies that is on its way to an order, or has one that counts."""
    for copy in copies:
        if not copy.came_to_nothing or targets.get(copy.target_id or "") in PLACED:
            return copy.id or f"that was deleted, and is {copy.target_id}"
    return None


def remember_orders(copy_ids: Sequence[str]) -> None:
    """Before copies are deleted: write down what the other copies of their wishes have to know.

    The caller holds the copies, and deletes them in the same transaction.
    """
    for sql in (REMEMBER_ORDERS, FORGET_ORDERS):
        execute(sql, {"copies": list(copy_ids)})
