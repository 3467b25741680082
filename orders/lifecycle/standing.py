"""Where orders stand at this moment, held still until the end of the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orders.statements import execute


class OrdersNotFound(LookupError):
    """Some of the orders that were asked for do not exist."""

    def __init__(self, order_ids: Sequence[str]) -> None:
        self.order_ids = tuple(order_ids)
        super().__init__(f"orders not found: {', '.join(self.order_ids)}")


@dataclass(frozen=True)
class Standing:
    """What decides which moves are open to an order, and what its history tells about it."""

    id: str
    mode: str
    number: str
    status: str
    payment_status: str
    fulfillment_status: str
    archived_at: datetime | None
    market_id: str
    coupon_code: str | None


# In id order, so that two transactions never wait for each other. NO KEY lets rows that refer to
# an order be written meanwhile.
LOCK_ORDERS = """
SELECT id, mode, number, status, payment_status, fulfillment_status,
       archived_at, market_id, coupon_code
  FROM orders_order
 WHERE id = ANY(%s::varchar[])
 ORDER BY id
   FOR NO KEY UPDATE
"""


def lock_orders(order_ids: Sequence[str]) -> dict[str, Standing]:
    """Lock these orders and answer where each stands, in the order given, each once.

    Raises ``OrdersNotFound``.
    """
    wanted = list(dict.fromkeys(order_ids))
    found = {row[0]: Standing(*row) for row in execute(LOCK_ORDERS, [wanted])}
    if unknown := [order_id for order_id in wanted if order_id not in found]:
        raise OrdersNotFound(unknown)
    return {order_id: found[order_id] for order_id in wanted}
