"""What placed orders hold: uses of their coupon and promotions, and pieces of stock.

Rows are always taken hold of in the same order (coupons, stock, promotions, each by id), so that
those who place and those who cancel never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from orders.coupons import (
    CouponOfOrder,
    count_coupons,
    count_promotions,
    coupons_of,
    lock_coupons,
)
from orders.lifecycle.competition import Need, PiecesOfSku, Resource, UseOfCoupon, compete
from orders.lifecycle.moves import APPROVED, FULFILLED, PLACED
from orders.lifecycle.standing import Standing
from orders.lifecycle.stock import (
    Round,
    give_back_stock,
    lock_stock,
    rounds_of,
    shortages,
    take_stock,
)
from orders.obstacles import Obstacle, invalid_coupon

Obstacles = dict[str, list[Obstacle]]


def take(orders: Mapping[str, Standing], *, at: datetime) -> Obstacles:
    """Give each order its stock and the use of its coupon, first come first served.

    Answers the obstacles of those who do not get everything; they get nothing.
    """
    with_coupon = [order.id for order in orders.values() if order.coupon_code is not None]
    if with_coupon:
        lock_coupons(with_coupon)
    lock_stock(list(orders))
    coupons = coupons_of(with_coupon, at=at) if with_coupon else {}
    losers = _serve(orders, coupons)
    winners = [order_id for order_id in orders if order_id not in losers]
    if with_coupon:
        count_coupons(winners, uses=1)
    count_promotions(winners, uses=1)
    return losers


def give_back(orders: Iterable[Standing]) -> None:
    """Give back what these orders hold. What was sent out already is not in stock again."""
    holding = [order for order in orders if order.status in {PLACED, APPROVED}]
    order_ids = [order.id for order in holding]
    if order_ids:
        count_coupons(order_ids, uses=-1)
        give_back_stock([o.id for o in holding if o.fulfillment_status != FULFILLED])
        count_promotions(order_ids, uses=-1)


def _serve(orders: Mapping[str, Standing], coupons: Mapping[str, CouponOfOrder]) -> Obstacles:
    uses, left = _coupon_uses(coupons.values())
    barred = {
        coupon.order_id: [invalid_coupon(coupon.code, coupon.reason)]
        for coupon in coupons.values()
        if coupon.reason
    }
    losers: Obstacles = {}
    for served in rounds_of(orders):
        needs = {order_id: list(uses.get(order_id, ())) for order_id in served.order_ids}
        left |= _add_pieces(needs, served)
        losers |= compete(served.order_ids, needs, left, barred)
        take_stock(served.only([each for each in served.order_ids if each not in losers]))
    return losers


def _coupon_uses(
    coupons: Iterable[CouponOfOrder],
) -> tuple[dict[str, list[Need]], dict[Resource, int]]:
    """Answer which uses of coupons the orders need, and how many are left of each."""
    needs: dict[str, list[Need]] = defaultdict(list)
    left: dict[Resource, int] = {}
    for coupon in coupons:
        if coupon.reason is None and coupon.left is not None:
            left[coupon.coupon_id] = coupon.left
            needs[coupon.order_id].append(UseOfCoupon(coupon.coupon_id, coupon.code))
        if coupon.reason is None and coupon.single_customer is not None:
            once = (coupon.coupon_id, coupon.single_customer)
            left[once] = 1
            needs[coupon.order_id].append(UseOfCoupon(once, coupon.code))
    return needs, left


def _add_pieces(needs: Mapping[str, list[Need]], served: Round) -> dict[Resource, int]:
    """Add the contended pieces of stock to what orders need; answer how many are left of each."""
    left: dict[Resource, int] = {}
    for short in shortages(served):
        pile = (short.pool, short.sku_id)
        left[pile] = short.available
        needs[short.order_id].append(
            PiecesOfSku(pile, short.requested, short.sku_code, short.line_item_id)
        )
    return left
