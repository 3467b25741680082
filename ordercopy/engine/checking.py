"""The checks of a batch: one query answers everything that stands in the way of its copies.

Facts that concern one copy alone become obstacles at once. What copies compete for (stock and
coupon uses) comes back as claims, for ``competition`` to settle in the order of creation.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from ordercopy.engine.competition import CouponClaim, StockClaim
from ordercopy.engine.plan import CopyInHand
from orders import obstacles
from orders.coupons import REASON_AGAINST_COUPON
from orders.statements import execute

CHECK = f"""
WITH o AS MATERIALIZED (
  SELECT b.copy, b.builds, b.takes, o.*, pl.currency_code AS market_currency
    FROM unnest(%s::varchar[], %s::varchar[], %s::bool[], %s::bool[])
         AS b(copy, subject, builds, takes)
    JOIN orders_order o ON o.id = b.subject
    JOIN orders_market m ON m.id = o.market_id
    JOIN orders_pricelist pl ON pl.id = m.price_list_id
), line AS MATERIALIZED (
  SELECT o.copy, o.takes, o.market_id, l.id, l.position, l.quantity, l.name, l.sku_code AS code,
         s.id AS sku, s.code AS known_code, s.disabled_at IS NOT NULL AS disabled, s.do_not_track
    FROM o
    JOIN orders_lineitem l ON l.order_id = o.id AND l.item_type = 'skus'
    LEFT JOIN orders_sku s ON s.id = coalesce(
         l.sku_id, (SELECT k.id FROM orders_sku k WHERE k.mode = l.mode AND k.code = l.sku_code))
), demand AS MATERIALIZED (
  SELECT copy, takes, market_id, sku, min(known_code) AS code, sum(quantity) AS requested,
         min(position) AS position, array_agg(id ORDER BY position, id) AS lines
    FROM line
   WHERE sku IS NOT NULL AND NOT disabled AND NOT do_not_track
   GROUP BY copy, takes, market_id, sku
), pool AS MATERIALIZED (
  SELECT d.market_id, array_agg(ml.stock_location_id ORDER BY ml.priority, ml.stock_location_id)
           FILTER (WHERE ml.id IS NOT NULL) AS locations
    FROM (SELECT DISTINCT market_id FROM demand) d
    LEFT JOIN orders_marketstocklocation ml ON ml.market_id = d.market_id
   GROUP BY d.market_id
), wanted AS MATERIALIZED (
  SELECT p.locations, d.sku, sum(d.requested) AS requested, bool_or(d.takes) AS taken
    FROM demand d JOIN pool p USING (market_id)
   GROUP BY p.locations, d.sku
), stock AS MATERIALIZED (
  SELECT w.locations, w.sku, w.requested, w.taken,
         (SELECT coalesce(sum(si.quantity), 0) FROM orders_stockitem si
           WHERE si.sku_id = w.sku AND si.stock_location_id = ANY (w.locations)) AS available
    FROM wanted w
)
SELECT copy, 'order' AS kind, NULL::text AS name, NULL::text AS code, NULL::varchar[] AS lines,
       coalesce(counted.lines, 0) AS requested, NULL::bigint AS available, NULL::text AS resource
  FROM o
  LEFT JOIN (SELECT copy, count(*) AS lines FROM line GROUP BY copy) counted USING (copy)
 UNION ALL
SELECT copy, 'currency', market_currency, currency_code, NULL, NULL, NULL, NULL
  FROM o WHERE currency_code <> market_currency
 UNION ALL
SELECT o.copy, 'wallet', NULL, NULL, NULL, NULL, NULL,
       CASE WHEN w.id IS NOT NULL AND w.customer_id = o.customer_id THEN 'there' ELSE 'gone' END
  FROM o
  JOIN orders_paymentsource p ON p.id = o.payment_source_id AND p.from_wallet
  LEFT JOIN orders_customerpaymentsource w ON w.id = p.wallet_id
 WHERE o.builds
 UNION ALL
SELECT o.copy, 'coupon', o.coupon_code, {REASON_AGAINST_COUPON}, NULL, NULL,
       coupon.usage_limit - coupon.usage_count,
       CASE WHEN coupon.customer_single_use THEN o.customer_id END
  FROM (SELECT now() AS at) AS clock
 CROSS JOIN o
  LEFT JOIN orders_coupon coupon ON coupon.mode = o.mode AND coupon.code = o.coupon_code
  LEFT JOIN orders_promotion promotion ON promotion.id = coupon.promotion_id
 WHERE o.coupon_code IS NOT NULL
 UNION ALL
(SELECT copy, CASE WHEN sku IS NULL THEN 'missing' ELSE 'disabled' END,
       coalesce(known_code, code, name, 'a line'), coalesce(known_code, code), ARRAY[id],
       quantity, NULL, NULL
  FROM line WHERE sku IS NULL OR disabled ORDER BY position, id)
 UNION ALL
(SELECT d.copy, 'stock', NULL, d.code, d.lines, d.requested, s.available,
       array_to_string(p.locations, ' ') || '/' || d.sku
  FROM demand d
  JOIN pool p USING (market_id)
  JOIN stock s ON s.sku = d.sku AND s.locations IS NOT DISTINCT FROM p.locations
 WHERE d.requested > s.available OR (s.taken AND s.requested > s.available)
 ORDER BY d.position)
 UNION ALL
SELECT NULL, 'pool', NULL, NULL, locations, NULL, NULL, NULL FROM pool
"""  # noqa: S608


class Finding(NamedTuple):
    """One row of the check: what ``kind`` of fact it tells, and its figures."""

    copy_id: str
    kind: str
    name: str
    code: str
    lines: Sequence[str]
    requested: int
    available: int
    resource: str


@dataclass
class Claims:
    """What the copies of a batch want of resources that may not suffice for all of them."""

    stock: dict[str, list[StockClaim]] = field(default_factory=lambda: defaultdict(list))
    coupons: dict[str, CouponClaim] = field(default_factory=dict)
    pools: set[frozenset[str]] = field(default_factory=set)

    def add_coupon(self, row: Finding) -> None:
        self.coupons[row.copy_id] = CouponClaim(
            code=row.name, invalid=row.code, uses_left=row.available, customer_id=row.resource
        )

    def add_stock(self, row: Finding) -> None:
        self.stock[row.copy_id].append(
            StockClaim(row.resource, row.code, row.lines, int(row.requested), int(row.available))
        )

    def add_pool(self, row: Finding) -> None:
        self.pools.add(frozenset(row.lines or ()))

    def pools_overlap_partly(self) -> bool:
        """Whether what one pool of locations gives out may be missing in another."""
        return any(one & two for one, two in combinations(self.pools, 2))


def check(copies: Sequence[CopyInHand]) -> Claims:
    """Find the obstacles of all copies; answers what they compete for."""
    by_id = {copy.id: copy for copy in copies}
    claims = Claims()
    claimed = {"coupon": claims.add_coupon, "stock": claims.add_stock, "pool": claims.add_pool}
    rows = execute(
        CHECK,
        [
            [copy.id for copy in copies],
            [copy.subject_id for copy in copies],
            [copy.builds for copy in copies],
            [copy.place for copy in copies],
        ],
    )
    for row in map(Finding._make, rows):
        if row.kind in claimed:
            claimed[row.kind](row)
        else:
            _judge(by_id[row.copy_id], row)
    return claims


def _judge(copy: CopyInHand, row: Finding) -> None:
    """Take note of a fact that concerns one copy alone."""
    match row.kind:
        case "order":
            copy.line_count = row.requested
            if not row.requested:
                copy.stop(obstacles.nothing_to_copy())
        case "currency":
            copy.obstruct(obstacles.currency_mismatch(row.code, row.name))
        case "wallet" if copy.reuse_wallet:
            copy.copy_payment_source = row.resource == "there"
            if row.resource == "gone":
                copy.obstruct(obstacles.payment_source_gone())
        case "missing":
            line = row.lines[0]
            missing = obstacles.sku_missing(row.name, sku_code=row.code, line_item_id=line)
            copy.skip(missing, row.lines)
        case "disabled":
            disabled = obstacles.sku_disabled(row.code, line_item_id=row.lines[0])
            copy.skip(disabled, row.lines)
