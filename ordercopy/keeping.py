"""Which orders have to be kept because of the copies that were asked for."""

from collections.abc import Sequence

from orders.obstacles import Obstacle
from orders.statements import execute

IN_USE = Obstacle(
    "copied",
    "base",
    "cannot be deleted: it is the source of order copies that made nothing yet; delete these first",
)

# Where an order was made, the order itself knows what it was copied from: the shop says it already.
FIND_SOURCES = """
SELECT DISTINCT f.source_order_id
  FROM ordercopy_orderfactory f
 WHERE f.source_order_id = ANY (%s::varchar[])
   AND NOT EXISTS (SELECT FROM orders_order made WHERE made.copied_from_id = f.source_order_id)
"""


def sources_in_use(order_ids: Sequence[str]) -> dict[str, list[Obstacle]]:
    """The orders among these whose copies wait, failed or were aborted."""
    return {order_id: [IN_USE] for (order_id,) in execute(FIND_SOURCES, [list(order_ids)])}
