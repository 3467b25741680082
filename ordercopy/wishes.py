"""One wish comes to one order, however often its copies are tried again or made again.

Copies that were made again from one another are one wish. Only one of them at a time is on its way
to an order: a unique index sees to that, and here it is made sure that nobody runs into it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ordercopy.choosing import CAME_TO_NOTHING, PLACED
from orders import lifecycle
from orders.audit import Who
from orders.models import OrderStatus
from orders.statements import execute

# Whoever goes on with copies of a wish has locked these, not the others of the wish. One lock for
# all wishes keeps two from going on with two copies of one; it is held for a moment, by people.
ONE_AFTER_ANOTHER = "SELECT pg_advisory_xact_lock(hashtext('ordercopy.wishes'))"

COPIES = """
SELECT id, wish, status, target_order_id
  FROM ordercopy_orderfactory
 WHERE wish = ANY (%s::varchar[]) ORDER BY sequence
"""

LOCK_TARGETS = """
SELECT id, status FROM orders_order
 WHERE id = ANY (%s::varchar[]) ORDER BY id FOR NO KEY UPDATE
"""
UNPLACED = (OrderStatus.DRAFT, OrderStatus.PENDING)

BEGIN_WISHES = """
UPDATE ordercopy_orderfactory SET wish = id WHERE id = ANY (%s::varchar[]) AND wish IS NULL
"""


class CopyOfWish(NamedTuple):
    id: str
    wish: str
    status: str
    target_id: str | None

    @property
    def came_to_nothing(self) -> bool:
        return self.status in CAME_TO_NOTHING


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
    for copy in map(CopyOfWish._make, execute(COPIES, [sorted(set(wishes.values()))])):
        copies[copy.wish].append(copy)
    ended = (copy for each in copies.values() for copy in each if copy.came_to_nothing)
    targets = lock_targets(copy.target_id for copy in ended)
    refused: dict[str, str] = {}
    taken: dict[str, str] = {}
    kept: list[str] = []
    for copy_id, wish in wishes.items():
        others = [copy for copy in copies[wish] if copy.id != copy_id]
        if there := taken.get(wish) or _with_an_order(others, targets):
            refused[copy_id] = f"its order comes from the copy {there}"
            continue
        taken[wish] = copy_id
        unplaced = (copy for copy in others if targets.get(copy.target_id or "") in UNPLACED)
        kept += [copy.target_id for copy in unplaced if copy.target_id]
    if kept:
        lifecycle.cancel(kept, who=who)
    return refused


def _with_an_order(copies: Iterable[CopyOfWish], targets: Mapping[str, str]) -> str | None:
    """The first of the copies that is on its way to an order, or has one that counts."""
    for copy in copies:
        if not copy.came_to_nothing or targets.get(copy.target_id or "") in PLACED:
            return copy.id
    return None
