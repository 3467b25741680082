"""Stock of whole sets of orders: how much there is, taking it, and giving it back.

Orders take from the stock locations of their market, the lowest priority first; one line may take
from several. A market's list of locations is its pool. Orders of pools that are the same or have
nothing in common are served together, in a constant number of statements.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from orders.lifecycle.standing import Standing
from orders.statements import execute

Pool = tuple[str, ...]

POOLS = """
SELECT market_id, array_agg(stock_location_id ORDER BY priority, stock_location_id)
  FROM orders_marketstocklocation
 WHERE market_id = ANY(%s::varchar[])
 GROUP BY market_id
"""

# A statement of its own: one that compares needs a snapshot taken after the lock. In id order,
# so that two sets of orders never wait for each other.
LOCK_STOCK = """
WITH wanted AS MATERIALIZED (
  SELECT DISTINCT item.id
    FROM orders_order o
    JOIN orders_lineitem line ON line.order_id = o.id AND line.item_type = 'skus'
    JOIN orders_sku sku ON sku.id = line.sku_id AND NOT sku.do_not_track
    JOIN orders_marketstocklocation place ON place.market_id = o.market_id
    JOIN orders_stockitem item
      ON item.sku_id = sku.id AND item.stock_location_id = place.stock_location_id
   WHERE o.id = ANY(%s::varchar[]))
SELECT item.id
  FROM wanted JOIN orders_stockitem item ON item.id = wanted.id
 ORDER BY item.id
   FOR NO KEY UPDATE OF item
"""

# What the lines of a round need, and the piles of pieces that they may take it from.
DEMAND_AND_PILES = """
demand AS MATERIALIZED (
  SELECT o.turn, o.order_id, o.pool, line.id AS line_id, line.position, line.sku_id, line.quantity
    FROM unnest(%(orders)s::varchar[], %(pools)s::integer[])
         WITH ORDINALITY AS o(order_id, pool, turn)
    JOIN orders_lineitem line ON line.order_id = o.order_id AND line.item_type = 'skus'
    JOIN orders_sku sku ON sku.id = line.sku_id AND NOT sku.do_not_track),
piles AS MATERIALIZED (
  SELECT wanted.pool, wanted.sku_id, shelf.rank, item.id, item.quantity
    FROM (SELECT DISTINCT pool, sku_id FROM demand) wanted
    JOIN unnest(%(shelf_pools)s::integer[], %(shelf_locations)s::varchar[])
         WITH ORDINALITY AS shelf(pool, location_id, rank) ON shelf.pool = wanted.pool
    JOIN orders_stockitem item
      ON item.sku_id = wanted.sku_id AND item.stock_location_id = shelf.location_id
   WHERE item.quantity > 0)
"""

SHORTAGES = f"""
WITH {DEMAND_AND_PILES},
needs AS MATERIALIZED (
  SELECT turn, order_id, pool, sku_id, sum(quantity)::bigint AS pieces, min(position) AS position,
         (array_agg(line_id ORDER BY position, line_id))[1] AS line_id
    FROM demand
   GROUP BY turn, order_id, pool, sku_id),
contended AS (
  SELECT wanted.pool, wanted.sku_id, coalesce(there.pieces, 0)::bigint AS available
    FROM (SELECT pool, sku_id, sum(pieces) AS pieces FROM needs GROUP BY pool, sku_id) wanted
    LEFT JOIN (SELECT pool, sku_id, sum(quantity) AS pieces FROM piles GROUP BY pool, sku_id) there
      ON there.pool = wanted.pool AND there.sku_id = wanted.sku_id
   WHERE wanted.pieces > coalesce(there.pieces, 0))
SELECT needs.order_id, needs.pool, sku.id, sku.code, needs.line_id, needs.pieces,
       contended.available
  FROM contended
  JOIN needs ON needs.pool = contended.pool AND needs.sku_id = contended.sku_id
  JOIN orders_sku sku ON sku.id = needs.sku_id
 ORDER BY needs.turn, needs.position, needs.line_id
"""  # noqa: S608

# Lines and piles are laid side by side, each as a stretch of a row of pieces; where a line's
# stretch overlaps a pile's, that many pieces go from the pile to the line.
TAKE_STOCK = f"""
WITH {DEMAND_AND_PILES},
line_ends AS (
  SELECT *, sum(quantity) OVER (PARTITION BY pool, sku_id
                                ORDER BY turn, position, line_id) AS upto
    FROM demand),
pile_ends AS (
  SELECT *, sum(quantity) OVER (PARTITION BY pool, sku_id ORDER BY rank) AS upto
    FROM piles),
pieces AS MATERIALIZED (
  SELECT line.order_id, line.line_id, pile.id AS stock_item_id,
         least(line.upto, pile.upto)
           - greatest(line.upto - line.quantity, pile.upto - pile.quantity) AS quantity
    FROM line_ends line
    JOIN pile_ends pile ON pile.pool = line.pool AND pile.sku_id = line.sku_id
     AND pile.upto > line.upto - line.quantity
     AND line.upto > pile.upto - pile.quantity),
taken AS (
  UPDATE orders_stockitem item
     SET quantity = item.quantity - total.quantity, updated_at = statement_timestamp()
    FROM (SELECT stock_item_id, sum(quantity) AS quantity
            FROM pieces GROUP BY stock_item_id) total
   WHERE item.id = total.stock_item_id)
INSERT INTO orders_stocklineitem (order_id, line_item_id, stock_item_id, quantity)
SELECT order_id, line_id, stock_item_id, quantity FROM pieces
"""  # noqa: S608

GIVE_BACK_STOCK = """
WITH back AS (
  DELETE FROM orders_stocklineitem
   WHERE order_id = ANY(%s::varchar[])
  RETURNING stock_item_id, quantity),
total AS MATERIALIZED (
  SELECT stock_item_id, sum(quantity) AS quantity FROM back GROUP BY stock_item_id),
locked AS MATERIALIZED (
  SELECT item.id, total.quantity
    FROM total JOIN orders_stockitem item ON item.id = total.stock_item_id
   ORDER BY item.id
     FOR NO KEY UPDATE OF item)
UPDATE orders_stockitem item
   SET quantity = item.quantity + locked.quantity, updated_at = statement_timestamp()
  FROM locked
 WHERE item.id = locked.id
"""


@dataclass(frozen=True)
class Shortage:
    """A SKU of which the orders of a round want more than there is, and what one of them wants."""

    order_id: str
    pool: int
    sku_id: str
    sku_code: str
    line_item_id: str
    requested: int
    available: int


@dataclass(frozen=True)
class Round:
    """Orders that can be served together; pools are told apart by number."""

    order_ids: Sequence[str]
    pools: Sequence[Pool]  # of each order

    def parameters(self) -> dict[str, list[int] | list[str]]:
        numbers = {pool: number for number, pool in enumerate(dict.fromkeys(self.pools))}
        shelves = [(number, place) for pool, number in numbers.items() for place in pool]
        return {
            "orders": list(self.order_ids),
            "pools": [numbers[pool] for pool in self.pools],
            "shelf_pools": [number for number, _ in shelves],
            "shelf_locations": [place for _, place in shelves],
        }

    def only(self, order_ids: Sequence[str]) -> "Round":
        """The same round without the other orders."""
        pools = dict(zip(self.order_ids, self.pools, strict=True))
        return Round(order_ids, [pools[order_id] for order_id in order_ids])


def pools_of(market_ids: Iterable[str]) -> dict[str, Pool]:
    """The stock locations that markets sell from, in their order; none for those without any."""
    return {market_id: tuple(pool) for market_id, pool in execute(POOLS, [list(market_ids)])}


def rounds_of(orders: Mapping[str, Standing]) -> Iterator[Round]:
    """Divide orders into rounds to be served one after another, so that nobody jumps the queue.

    One round is enough, unless markets share some of their locations and not all of them.
    """
    of_market = pools_of({order.market_id for order in orders.values()})
    pool_of = {order.id: of_market.get(order.market_id, ()) for order in orders.values()}
    if all(set(one).isdisjoint(two) for one, two in combinations(set(pool_of.values()), 2)):
        yield Round(list(pool_of), list(pool_of.values()))
    else:
        for pool, run in groupby(pool_of, key=pool_of.__getitem__):
            order_ids = list(run)
            yield Round(order_ids, [pool] * len(order_ids))


def lock_stock(order_ids: Sequence[str]) -> None:
    """Hold the stock that these orders could take; only the next statement sees it as it is."""
    execute(LOCK_STOCK, [list(order_ids)])


def shortages(served: Round) -> list[Shortage]:
    """Find who wants something of which there is not enough for all, in the order of the round."""
    return [Shortage(*row) for row in execute(SHORTAGES, served.parameters())]


def take_stock(served: Round) -> None:
    """Take what the orders of a round need; there must be enough for all of them."""
    if served.order_ids:
        execute(TAKE_STOCK, served.parameters())


def give_back_stock(order_ids: Sequence[str]) -> None:
    """Put back what orders have taken, from wherever it came."""
    execute(GIVE_BACK_STOCK, [list(order_ids)])
