"""Promotions on orders that are not placed yet.

Which promotions an order gets: those of its mode that are valid at the time, meant for its market
and currency (or for any), not used up, unlocked by its coupon where they have coupons, and with
something left to discount on its SKU lines. The lowest ``priority`` number comes first, then the
lowest id. If one that is ``exclusive`` is among them, the first such is the only one.

What each takes off: a percentage is taken of what is left of each line after its other discounts,
rounded half up; a fixed amount is spread over the lines in proportion to what is left of them, to
the cent, and is never more than that. So no line goes below zero.

A promotion leaves two traces: a promotion line tells what it took off the whole order, and each
discounted line says in ``discount_breakdown`` how many (negative) cents of its ``discount_cents``
are whose. Whatever of a discount is not in there did not come from a promotion, and stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest

from django.db import transaction
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Now

from orders.coupons import REASON_AGAINST_COUPON, coupon_deletion_obstacles
from orders.lifecycle.moves import DRAFT, PENDING
from orders.lifecycle.standing import lock_orders
from orders.models import Promotion
from orders.obstacles import Obstacle, currency_mismatch
from orders.statements import execute
from orders.totals import refresh_locked_totals

DROP_PROMOTION_LINES = """
WITH dropped AS (
  DELETE FROM orders_lineitem
   WHERE order_id = ANY(%s::varchar[])
     AND item_type IN ('percentage_discount_promotions', 'fixed_amount_promotions')
  RETURNING id)
DELETE FROM orders_lineitem_tags
 USING dropped
 WHERE lineitem_id = dropped.id
"""

DROP_PROMOTION_DISCOUNTS = """
UPDATE orders_lineitem line
   SET discount_cents = least(0, line.discount_cents - promoted.cents),
       discount_breakdown = '{}',
       updated_at = statement_timestamp()
  FROM (SELECT l.id, sum(part.value::bigint) AS cents
          FROM orders_lineitem l
         CROSS JOIN LATERAL jsonb_each_text(l.discount_breakdown) part
         WHERE l.order_id = ANY(%s::varchar[])
         GROUP BY l.id) promoted
 WHERE line.id = promoted.id
"""

# What a promotion is good for at the moment; of those that are active, each order gets what
# CHOOSE_PROMOTIONS finds for it.
STATUS = Case(
    When(disabled_at__isnull=False, then=Value("disabled")),
    When(expires_at__lte=Now(), then=Value("expired")),
    When(starts_at__gt=Now(), then=Value("pending")),
    When(total_usage_limit__lte=F("total_usage_count"), then=Value("inactive")),
    default=Value("active"),
    output_field=CharField(),
)

# A line ``line`` that the promotion ``promotion`` can make cheaper.
CAN_BE_DISCOUNTED = """
line.item_type = 'skus'
AND line.total_amount_cents + line.discount_cents > 0
AND (NOT EXISTS (SELECT FROM orders_promotion_skus listed WHERE listed.promotion_id = promotion.id)
     OR EXISTS (SELECT FROM orders_promotion_skus listed
                 WHERE listed.promotion_id = promotion.id AND listed.sku_id = line.sku_id))
"""

# Whether there are coupons is asked by a range: where one campaign has most of them, the planner
# would answer "=" by reading the whole table for each promotion that has none.
CHOOSE_PROMOTIONS = f"""
WITH clock AS (SELECT %s::timestamptz AS at),
candidates AS (
  SELECT o.id AS order_id, promotion.id, promotion.priority, promotion.exclusive,
         row_number() OVER (PARTITION BY o.id
                            ORDER BY promotion.exclusive DESC, promotion.priority, promotion.id
                           ) AS place,
         bool_or(promotion.exclusive) OVER (PARTITION BY o.id) AS one_only
    FROM clock
   CROSS JOIN orders_order o
    JOIN orders_promotion promotion
      ON promotion.mode = o.mode
     AND promotion.disabled_at IS NULL
     AND promotion.starts_at <= clock.at
     AND clock.at < promotion.expires_at
     AND (promotion.market_id IS NULL OR promotion.market_id = o.market_id)
     AND (promotion.currency_code IS NULL OR promotion.currency_code = o.currency_code)
     AND (promotion.total_usage_limit IS NULL
          OR promotion.total_usage_count < promotion.total_usage_limit)
   WHERE o.id = ANY(%s::varchar[])
     AND (NOT EXISTS (SELECT FROM orders_coupon coupon
                       WHERE coupon.promotion_id BETWEEN promotion.id AND promotion.id)
          OR EXISTS (SELECT FROM orders_coupon coupon
                      WHERE coupon.promotion_id = promotion.id
                        AND coupon.code = o.coupon_code
                        AND ({REASON_AGAINST_COUPON}) IS NULL))
     AND EXISTS (SELECT FROM orders_lineitem line
                  WHERE line.order_id = o.id AND {CAN_BE_DISCOUNTED}))
SELECT order_id, id
  FROM candidates
 WHERE place = 1 OR NOT one_only
 ORDER BY order_id, priority, id
"""  # noqa: S608

# One promotion for each order. Spreading by running sums, each rounded, leaves no cent over.
APPLY_PROMOTIONS = f"""
WITH discounts AS MATERIALIZED (
  SELECT line.id, line.order_id, line.left_cents,
         promotion.id AS promotion_id, promotion.percentage,
         least(promotion.fixed_amount_cents, sum(line.left_cents) OVER whole) AS fixed,
         sum(line.left_cents) OVER whole AS whole,
         sum(line.left_cents) OVER (PARTITION BY line.order_id
                                    ORDER BY line.position, line.id) AS upto
    FROM unnest(%s::varchar[], %s::varchar[]) AS chosen(order_id, promotion_id)
    JOIN orders_promotion promotion ON promotion.id = chosen.promotion_id
    JOIN LATERAL (
           SELECT line.id, line.order_id, line.position,
                  line.total_amount_cents + line.discount_cents AS left_cents
             FROM orders_lineitem line
            WHERE line.order_id = chosen.order_id AND {CAN_BE_DISCOUNTED}) line ON true
  WINDOW whole AS (PARTITION BY line.order_id)),
shares AS MATERIALIZED (
  SELECT id, order_id, promotion_id,
         CASE WHEN percentage IS NOT NULL THEN round(left_cents * percentage / 100.0)
              ELSE round(fixed * upto / whole) - round(fixed * (upto - left_cents) / whole)
         END::bigint AS cents
    FROM discounts),
discounted AS (
  UPDATE orders_lineitem line
     SET discount_cents = line.discount_cents - shares.cents,
         discount_breakdown = line.discount_breakdown
             || jsonb_build_object(shares.promotion_id, -shares.cents),
         updated_at = statement_timestamp()
    FROM shares
   WHERE line.id = shares.id AND shares.cents > 0)
INSERT INTO orders_lineitem
       (mode, order_id, position, item_type, promotion_id, name, quantity, currency_code,
        unit_amount_cents, total_amount_cents, coupon_code)
SELECT o.mode, o.id,
       (SELECT max(line.position) + 1 FROM orders_lineitem line WHERE line.order_id = o.id),
       promotion.type, promotion.id, promotion.name, 1, o.currency_code,
       -taken.cents, -taken.cents, coupon.code
  FROM (SELECT order_id, promotion_id, sum(cents)::bigint AS cents
          FROM shares GROUP BY order_id, promotion_id) taken
  JOIN orders_order o ON o.id = taken.order_id
  JOIN orders_promotion promotion ON promotion.id = taken.promotion_id
  LEFT JOIN orders_coupon coupon
    ON coupon.mode = o.mode AND coupon.code = o.coupon_code
   AND coupon.promotion_id = promotion.id
 WHERE taken.cents > 0
"""  # noqa: S608

# What is left of a promotion once lines have gone, as the lines that stayed tell.
REDUCE_PROMOTION_LINES = """
WITH left_over AS MATERIALIZED (
  SELECT promoted.id,
         coalesce((SELECT sum((line.discount_breakdown ->> promoted.promotion_id)::bigint)
                     FROM orders_lineitem line
                    WHERE line.order_id = promoted.order_id), 0)::bigint AS cents
    FROM orders_lineitem promoted
   WHERE promoted.order_id = ANY(%s::varchar[])
     AND promoted.item_type IN ('percentage_discount_promotions', 'fixed_amount_promotions')
     AND promoted.promotion_id IS NOT NULL
     AND promoted.quantity = 1),
links AS (
  DELETE FROM orders_lineitem_tags
   USING left_over
   WHERE lineitem_id = left_over.id AND left_over.cents = 0),
nothing_left AS (
  DELETE FROM orders_lineitem
   USING left_over
   WHERE orders_lineitem.id = left_over.id AND left_over.cents = 0)
UPDATE orders_lineitem promoted
   SET unit_amount_cents = left_over.cents, total_amount_cents = left_over.cents,
       updated_at = statement_timestamp()
  FROM left_over
 WHERE promoted.id = left_over.id AND left_over.cents <> 0
   AND promoted.total_amount_cents <> left_over.cents
"""


def settle_currency(promotion: Promotion) -> list[Obstacle]:
    """Give a fixed amount the currency of its market, and say what is wrong with the currency.

    A promotion in another currency than its market's would never be given.
    """
    market = promotion.market
    own = market.price_list.currency_code if market else None
    if promotion.type == Promotion.Type.FIXED_AMOUNT:
        promotion.currency_code = promotion.currency_code or own
        if promotion.currency_code is None:
            return [Obstacle("blank", "currency_code", "can't be blank")]
    if own and promotion.currency_code and promotion.currency_code != own:
        return [currency_mismatch(promotion.currency_code, own)]
    return []


def promotion_deletion_obstacles(promotion: Promotion) -> list[Obstacle]:
    """Say why a promotion must stay: orders were placed with its coupons."""
    return coupon_deletion_obstacles(promotion.coupons.all())


def reduce_promotion_lines(order_ids: Sequence[str]) -> None:
    """Let the promotion lines of orders that lost lines tell no more than what is still taken off.

    The totals of an order do not depend on them.
    """
    execute(REDUCE_PROMOTION_LINES, [list(order_ids)])


def apply_promotions(order_ids: Sequence[str], *, at: datetime) -> None:
    """Give draft and pending orders the promotions that are valid at ``at``, instead of any others.

    The totals are refreshed as well. Orders that were placed already keep what they were placed
    with. The number of statements depends on how many promotions one order gets, on nothing else.
    """
    with transaction.atomic():
        open_ids = [
            order.id
            for order in lock_orders(order_ids).values()
            if order.status in {DRAFT, PENDING}
        ]
        execute(DROP_PROMOTION_LINES, [open_ids])
        execute(DROP_PROMOTION_DISCOUNTS, [open_ids])
        for turn in _turns(execute(CHOOSE_PROMOTIONS, [at, open_ids])):
            execute(APPLY_PROMOTIONS, [list(turn), list(turn.values())])
        refresh_locked_totals(open_ids)


def _turns(chosen: Iterable[tuple[str, ...]]) -> list[dict[str, str]]:
    """Arrange (order, promotion) pairs: the first promotion of each order, then the second, …"""
    promotions: dict[str, list[str]] = defaultdict(list)
    for order_id, promotion_id in chosen:
        promotions[order_id].append(promotion_id)
    return [
        {
            order_id: promotion
            for order_id, promotion in zip(promotions, turn, strict=True)
            if promotion
        }
        for turn in zip_longest(*promotions.values())
    ]
