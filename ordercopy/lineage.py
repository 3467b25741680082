"""Which orders an order descends from, and which were made from it."""

from orders.statements import execute

# Nobody has this many; it ends the search where somebody bent the links into a ring by hand.
MOST_GENERATIONS = 100_000

# Each step is one look into an index, so it takes as many as there are relatives. A link into the
# other mode, which the shop never makes, leads nowhere.
LINEAGE = """
WITH RECURSIVE upwards AS (
  SELECT id, mode, copied_from_id, 0 AS generation FROM orders_order WHERE id = %(order)s
   UNION ALL
  SELECT o.id, o.mode, o.copied_from_id, u.generation - 1
    FROM upwards u
    JOIN orders_order o ON o.id = u.copied_from_id AND o.mode = u.mode
   WHERE -u.generation < %(most)s
), downwards AS (
  SELECT id, mode, 0 AS generation FROM orders_order WHERE id = %(order)s
   UNION ALL
  SELECT o.id, o.mode, d.generation + 1
    FROM downwards d
    JOIN orders_order o ON o.copied_from_id = d.id AND o.mode = d.mode
   WHERE d.generation < %(most)s
)
SELECT id, generation FROM upwards
 UNION
SELECT id, generation FROM downwards
"""


def generations_of(order_id: str) -> dict[str, int]:
    """The relatives of an order in a straight line, and itself, each with its generation.

    0 is the order itself, -1 the one it was copied from, 1 what was copied from it, and so on. The
    other copies of its source are none of them.
    """
    return dict(execute(LINEAGE, {"order": order_id, "most": MOST_GENERATIONS}))
