"""Whether the coupon of an order is good, and counting how often it was used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from orders.models import Coupon, Order
from orders.obstacles import Obstacle, Obstructed, invalid_coupon
from orders.statements import execute

# Why an order ``o`` may not use a coupon, or null. Reads the rows ``coupon`` and its ``promotion``
# (null where there is none) and the time ``clock.at``.
REASON_AGAINST_COUPON = """
CASE
  WHEN coupon.id IS NULL THEN 'unknown'
  WHEN promotion.disabled_at IS NOT NULL
    OR clock.at < promotion.starts_at
    OR clock.at >= least(promotion.expires_at, coupon.expires_at) THEN 'expired'
  WHEN coupon.usage_count >= coupon.usage_limit
    OR coupon.customer_single_use AND EXISTS (
         SELECT FROM orders_order used
          WHERE used.customer_id = o.customer_id
            AND used.coupon_code = coupon.code
            AND used.status IN ('placed', 'approved')) THEN 'used up'
  WHEN lower(coupon.recipient_email) <> lower(coalesce(o.customer_email, ''))
    THEN 'not for this customer'
END
"""
NOT_FOR_THIS_CUSTOMER = "not for this customer"

# What a coupon is good for at the moment, whoever has it: as ``orders.promotions.STATUS``.
STATUS = Case(
    When(promotion__disabled_at__isnull=False, then=Value("disabled")),
    When(Q(expires_at__lte=Now()) | Q(promotion__expires_at__lte=Now()), then=Value("expired")),
    When(promotion__starts_at__gt=Now(), then=Value("pending")),
    When(
        Q(usage_limit__lte=F("usage_count"))
        | Q(promotion__total_usage_limit__lte=F("promotion__total_usage_count")),
        then=Value("inactive"),
    ),
    default=Value("active"),
    output_field=CharField(),
)

LOCK_COUPONS = """
SELECT coupon.id
  FROM orders_coupon coupon
 WHERE (coupon.mode, coupon.code) IN (
         SELECT o.mode, o.coupon_code
           FROM orders_order o
          WHERE o.id = ANY(%s::varchar[]) AND o.coupon_code IS NOT NULL)
 ORDER BY coupon.id
   FOR NO KEY UPDATE OF coupon
"""

COUPONS_OF_ORDERS = f"""
WITH clock AS (SELECT %s::timestamptz AS at)
SELECT o.id, o.coupon_code, {REASON_AGAINST_COUPON}, coupon.id,
       coupon.usage_limit - coupon.usage_count,
       CASE WHEN coupon.customer_single_use THEN o.customer_id END
  FROM clock
 CROSS JOIN unnest(%s::varchar[]) AS wanted(id)
  JOIN orders_order o ON o.id = wanted.id
  LEFT JOIN orders_coupon coupon ON coupon.mode = o.mode AND coupon.code = o.coupon_code
  LEFT JOIN orders_promotion promotion ON promotion.id = coupon.promotion_id
 WHERE o.coupon_code IS NOT NULL
"""  # noqa: S608

# The rows are locked in id order before the first is changed: sets that overlap never deadlock.
COUNT_COUPONS = """
WITH uses AS MATERIALIZED (
  SELECT coupon.id, count(*) AS uses
    FROM orders_order o
    JOIN orders_coupon coupon ON coupon.mode = o.mode AND coupon.code = o.coupon_code
   WHERE o.id = ANY(%s::varchar[])
   GROUP BY coupon.id),
locked AS MATERIALIZED (
  SELECT coupon.id, uses.uses
    FROM uses JOIN orders_coupon coupon ON coupon.id = uses.id
   ORDER BY coupon.id
     FOR NO KEY UPDATE OF coupon)
UPDATE orders_coupon coupon
   SET usage_count = greatest(0, coupon.usage_count + %s * locked.uses),
       updated_at = statement_timestamp()
  FROM locked
 WHERE coupon.id = locked.id
"""

COUNT_PROMOTIONS = """
WITH uses AS MATERIALIZED (
  SELECT line.promotion_id AS id, count(DISTINCT line.order_id) AS uses
    FROM orders_lineitem line
   WHERE line.order_id = ANY(%s::varchar[])
     AND line.promotion_id IS NOT NULL
   GROUP BY line.promotion_id),
locked AS MATERIALIZED (
  SELECT promotion.id, uses.uses
    FROM uses JOIN orders_promotion promotion ON promotion.id = uses.id
   ORDER BY promotion.id
     FOR NO KEY UPDATE OF promotion)
UPDATE orders_promotion promotion
   SET total_usage_count = greatest(0, promotion.total_usage_count + %s * locked.uses),
       updated_at = statement_timestamp()
  FROM locked
 WHERE promotion.id = locked.id
"""


@dataclass(frozen=True)
class CouponOfOrder:
    """A coupon as an order that carries its code finds it.

    ``reason`` says why it may not be used. ``left`` is how often anybody may still use it (None:
    as often as they like), ``single_customer`` the customer who may use it once only.
    """

    order_id: str
    code: str
    reason: str | None
    coupon_id: str | None
    left: int | None
    single_customer: str | None


def require_usable(order: Order) -> None:
    """Raise ``Obstructed`` where the coupon code that an order was just given is no good now.

    The order is saved already. Whom a coupon is for is not asked as long as nobody knows who buys.
    Placing asks all of it again.
    """
    coupon = coupons_of([order.pk], at=timezone.now()).get(order.pk)
    if coupon is None or coupon.reason is None:
        return
    if coupon.reason != NOT_FOR_THIS_CUSTOMER or order.customer_email is not None:
        raise Obstructed(invalid_coupon(coupon.code, coupon.reason))


def require_recipient(order: Order) -> None:
    """Raise ``Obstructed`` where the coupon of an order is for another customer than it just got.

    The order is saved already. Whatever else may be the matter with its coupon, placing asks.
    """
    coupon = coupons_of([order.pk], at=timezone.now()).get(order.pk)
    if coupon and coupon.reason == NOT_FOR_THIS_CUSTOMER and order.customer_email is not None:
        raise Obstructed(replace(invalid_coupon(coupon.code, coupon.reason), key="customer_email"))


def lock_coupons(order_ids: Sequence[str]) -> None:
    """Hold the coupons of these orders; only the next statement sees how they stand now."""
    execute(LOCK_COUPONS, [list(order_ids)])


def coupons_of(order_ids: Sequence[str], *, at: datetime) -> dict[str, CouponOfOrder]:
    """Judge the coupon of each order that has a coupon code, in one statement."""
    rows = execute(COUPONS_OF_ORDERS, [at, list(order_ids)])
    return {row[0]: CouponOfOrder(*row) for row in rows}


def count_coupons(order_ids: Sequence[str], *, uses: int) -> None:
    """Count ``uses`` (1, or -1 to take it back) of its coupon for each of these orders."""
    execute(COUNT_COUPONS, [list(order_ids), uses])


def count_promotions(order_ids: Sequence[str], *, uses: int) -> None:
    """Count ``uses`` (1, or -1 to take it back) of each promotion on the lines of these orders."""
    execute(COUNT_PROMOTIONS, [list(order_ids), uses])


def coupon_deletion_obstacles(coupons: QuerySet[Coupon]) -> list[Obstacle]:
    """Say why coupons must stay: orders were placed with them, which are counted on them."""
    used = coupons.filter(usage_count__gt=0).order_by("code").values_list("code", flat=True)[:1]
    message = "cannot be deleted: orders were placed with {}"
    return [Obstacle("in_use", "base", message.format(code)) for code in used]
