"""What stood in the way when orders were last to be placed, for whoever is to mend them."""

from collections.abc import Mapping, Sequence

from orders.obstacles import Obstacle
from orders.statements import execute

# Only an order that can still be placed has something in the way of that. Its row is held, so that
# it is not placed by somebody else at this moment.
KEEP_ERRORS = """
WITH forgotten AS (
  DELETE FROM orders_resourceerror WHERE order_id = ANY(%(orders)s::varchar[]))
INSERT INTO orders_resourceerror (mode, order_id, code, name, message)
SELECT o.mode, o.id, e.code, e.name, e.message
  FROM unnest(%(refused)s::varchar[], %(codes)s::varchar[], %(names)s::varchar[],
              %(messages)s::text[]) AS e(order_id, code, name, message)
  JOIN orders_order o ON o.id = e.order_id AND o.status IN ('draft', 'pending')
   FOR SHARE OF o
"""


def keep_errors(order_ids: Sequence[str], refused: Mapping[str, Sequence[Obstacle]]) -> None:
    """Let these orders have the errors of an attempt that was just made, and no others.

    One statement; an order that nothing stood in the way of has no errors any more.
    """
    rows = [(order_id, each) for order_id in order_ids for each in refused.get(order_id, ())]
    execute(
        KEEP_ERRORS,
        {
            "orders": list(order_ids),
            "refused": [order_id for order_id, _ in rows],
            "codes": [each.code for _, each in rows],
            "names": [each.key for _, each in rows],
            "messages": [each.message for _, each in rows],
        },
    )
