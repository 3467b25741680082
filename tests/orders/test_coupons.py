"""Coupons: who may use one, and how its uses are counted."""

from datetime import timedelta
from typing import Any

import pytest

from orders import lifecycle
from orders.models import Coupon, Order, Promotion
from orders.obstacles import invalid_coupon
from orders.promotions import apply_promotions
from tests.factories import (
    NOON,
    TESTER,
    Line,
    Shop,
    cancelled_order,
    moved,
    order_with,
    paid_order,
    placed_order,
    shop,
)

YESTERDAY, TOMORROW = NOON - timedelta(days=1), NOON + timedelta(days=1)


def order_with_coupon(here: Shop, code: str = "SPRING", **fields: Any) -> Order:
    return order_with(here, Line(here.sku()), coupon_code=code, **fields)


def place(*orders: Order) -> lifecycle.Outcome:
    return lifecycle.place([order.pk for order in orders], who=TESTER, at=NOON)


def reason(order: Order) -> str | None:
    """Why the coupon is refused, if it is."""
    outcome = place(order)
    if order.pk in outcome.done:
        return None
    (obstacle,) = outcome.refused[order.pk]
    assert obstacle.code == "invalid_coupon"
    return obstacle.message.removeprefix("SPRING is not valid: ")


@pytest.mark.parametrize(
    ("coupon", "promotion", "expected"),
    [
        ({}, {}, None),
        ({"expires_at": TOMORROW}, {}, None),
        ({"expires_at": NOON}, {}, "expired"),
        ({}, {"expires_at": NOON}, "expired"),
        ({}, {"starts_at": NOON}, None),
        ({}, {"starts_at": TOMORROW}, "expired"),
        ({}, {"disabled_at": YESTERDAY}, "expired"),
        ({"usage_limit": 3, "usage_count": 2}, {}, None),
        ({"usage_limit": 3, "usage_count": 3}, {}, "used up"),
        ({"recipient_email": "someone@else.example"}, {}, "not for this customer"),
    ],
)
def test_a_coupon_is_good_or_the_reason_is_told(
    here: Shop, coupon: dict[str, Any], promotion: dict[str, Any], expected: str | None
) -> None:
    unlocked = here.promotion(percentage=10, **promotion)
    here.coupon("SPRING", promotion=unlocked, **coupon)
    assert reason(order_with_coupon(here)) == expected


def test_an_unknown_coupon_is_refused_and_other_modes_do_not_count(here: Shop) -> None:
    shop("live").coupon("SPRING")
    assert reason(order_with_coupon(here)) == "unknown"


def test_a_personal_coupon_is_for_its_recipient_whatever_the_capitals(here: Shop) -> None:
    here.coupon("SPRING", recipient_email=here.alice.email.upper())
    assert reason(order_with_coupon(here)) is None


def test_a_single_use_coupon_is_good_once_for_each_customer(here: Shop) -> None:
    here.coupon("SPRING", customer_single_use=True)
    bob = here.customer("bob@example.com")
    assert reason(order_with_coupon(here)) is None
    assert reason(order_with_coupon(here)) == "used up"
    assert reason(order_with_coupon(here, customer=bob)) is None


def test_a_cancelled_order_has_not_used_its_coupon(here: Shop) -> None:
    coupon = here.coupon("SPRING", customer_single_use=True, usage_limit=1)
    cancelled_order(here, Line(here.sku()), coupon_code="SPRING")
    coupon.refresh_from_db()
    assert coupon.usage_count == 0
    assert reason(order_with_coupon(here)) is None


def test_a_refunded_order_has_not_used_its_coupon(here: Shop) -> None:
    coupon = here.coupon("SPRING", usage_limit=1)
    moved(paid_order(here, coupon_code="SPRING"), lifecycle.refund)
    coupon.refresh_from_db()
    assert coupon.usage_count == 0


def test_the_last_use_goes_to_the_first_order_that_can_be_placed(here: Shop) -> None:
    coupon = here.coupon("SPRING", usage_limit=1)
    short = order_with(here, Line(here.sku(stock=0)), coupon_code="SPRING")
    first, second = order_with_coupon(here), order_with_coupon(here)
    outcome = place(short, first, second)
    assert outcome.done == [first.pk]
    assert outcome.refused[second.pk] == [invalid_coupon("SPRING", "used up")]
    coupon.refresh_from_db()
    assert coupon.usage_count == 1


def test_two_orders_of_one_customer_compete_for_a_single_use_coupon(here: Shop) -> None:
    here.coupon("SPRING", customer_single_use=True)
    bob = here.customer("bob@example.com")
    mine, mine_again = order_with_coupon(here), order_with_coupon(here)
    bobs = order_with_coupon(here, customer=bob)
    assert place(mine, mine_again, bobs).done == [mine.pk, bobs.pk]


def test_a_coupon_that_is_used_up_in_two_ways_is_told_once(here: Shop) -> None:
    here.coupon("SPRING", customer_single_use=True, usage_limit=1)
    first, second = order_with_coupon(here), order_with_coupon(here)
    refused = place(first, second).refused
    assert refused == {second.pk: [invalid_coupon("SPRING", "used up")]}


def test_a_bad_coupon_and_missing_stock_are_told_together(here: Shop) -> None:
    order = order_with(here, Line(here.sku(stock=0)), coupon_code="SPRING")
    codes = [obstacle.code for obstacle in place(order).refused[order.pk]]
    assert codes == ["invalid_coupon", "out_of_stock"]


def test_placing_counts_the_promotions_on_the_lines_and_cancelling_takes_it_back(
    here: Shop,
) -> None:
    always, unlocked = here.promotion(percentage=5), here.promotion(fixed=100)
    coupon = here.coupon("SPRING", promotion=unlocked)
    order = order_with_coupon(here)
    apply_promotions([order.pk], at=NOON)
    place(order, placed_order(here))
    assert counts(coupon, always, unlocked) == [1, 1, 1]
    place(order)
    assert counts(coupon, always, unlocked) == [1, 1, 1]
    lifecycle.cancel([order.pk], who=TESTER)
    assert counts(coupon, always, unlocked) == [0, 0, 0]


def counts(coupon: Coupon, *promotions: Promotion) -> list[int]:
    for each in (coupon, *promotions):
        each.refresh_from_db()
    return [coupon.usage_count, *(promotion.total_usage_count for promotion in promotions)]
