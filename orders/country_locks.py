"""Orders whose shipping address has to be in a certain country, say the one that a shop is for.

An order is asked when its address or the lock changes, and again when it is placed. An order that
has nothing to send is free to have any address. What is copied, or was there before the lock, may
break it until then.
"""

from collections.abc import Sequence

from orders.lifecycle.contents import PURCHASABLE, SHIPS
from orders.models import Order
from orders.obstacles import Obstacle, Obstructed, country_locked
from orders.statements import execute

# As long as nothing is in an order, it is taken for one that will have something to send.
LOCKED_OUT = f"""
SELECT o.id, o.country_code, o.shipping_country_code_lock
  FROM orders_order o
 WHERE o.id = ANY(%s::varchar[])
   AND o.country_code <> o.shipping_country_code_lock
   AND ({SHIPS} OR NOT {PURCHASABLE})
 ORDER BY o.id
"""  # noqa: S608


def locked_out(order_ids: Sequence[str]) -> list[Obstacle]:
    """Say which of these saved orders have a shipping address in another country than they may."""
    return [
        country_locked(country, only=lock)
        for _, country, lock in execute(LOCKED_OUT, [list(order_ids)])
    ]


def require_country(order: Order) -> None:
    """Raise ``Obstructed`` where an order, saved already, has an address that it may not have."""
    if obstacles := locked_out([order.pk]):
        raise Obstructed(*obstacles)
