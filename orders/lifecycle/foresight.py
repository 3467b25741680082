"""What placing an order would say now, found without taking or holding anything."""

from datetime import datetime

from django.utils import timezone

from orders.coupons import coupons_of
from orders.lifecycle.requirements import placing_obstacles
from orders.lifecycle.standing import Standing
from orders.lifecycle.stock import rounds_of, shortages
from orders.models import Order
from orders.obstacles import Obstacle, invalid_coupon, out_of_stock


def obstacles_ahead(order: Order, *, at: datetime | None = None) -> list[Obstacle]:
    """All that stands in the way of placing one order: what it lacks, its coupon, its stock.

    A glance for a page: by the time that somebody places the order, others may have been served.
    ``lifecycle.place`` decides.
    """
    found = placing_obstacles([order.pk]).get(order.pk, [])
    if order.coupon_code is not None:
        coupon = coupons_of([order.pk], at=at or timezone.now())[order.pk]
        if coupon.reason:
            found.append(invalid_coupon(coupon.code, coupon.reason))
    return [*found, *_shortages(order)]


def _shortages(order: Order) -> list[Obstacle]:
    standing = Standing(
        order.pk,
        order.mode,
        order.number,
        order.status,
        order.payment_status,
        order.fulfillment_status,
        order.archived_at,
        order.market_id,
        order.coupon_code,
    )
    return [
        out_of_stock(
            short.sku_code,
            requested=short.requested,
            available=short.available,
            line_item_id=short.line_item_id,
        )
        for served in rounds_of({order.pk: standing})
        for short in shortages(served)
    ]
