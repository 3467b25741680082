"""Promotions: which an order gets, and that never a cent is lost or made up."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.models import PROMOTION_ITEM_TYPES, LineItem, Order, Promotion
from orders.promotions import apply_promotions
from orders.statements import execute
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES
from tests.factories import NOON, Line, Shop, order_with, placed_order, shop

YESTERDAY, TOMORROW = NOON - timedelta(days=1), NOON + timedelta(days=1)


def discounts(order: Order) -> list[int]:
    """What is taken off each SKU line, after the promotions of now were applied."""
    apply_promotions([order.pk], at=NOON)
    order.refresh_from_db()
    rows = order.line_items.filter(item_type="skus").order_by("position")
    return list(rows.values_list("discount_cents", flat=True))


def promotion_lines(order: Order) -> dict[str, int]:
    return dict(
        order.line_items.filter(item_type__in=PROMOTION_ITEM_TYPES).values_list(
            "promotion_id", "total_amount_cents"
        )
    )


def test_a_percentage_is_rounded_half_up_on_each_line(here: Shop) -> None:
    promotion = here.promotion(percentage=15)
    order = order_with(here, Line(here.sku(price=110)), Line(here.sku(price=109), 2))
    assert discounts(order) == [-17, -33]  # 16.5 and 32.7
    assert promotion_lines(order) == {promotion.pk: -50}
    assert (order.discount_amount_cents, order.total_amount_cents) == (-50, 278)


def test_a_fixed_amount_is_spread_to_the_cent(here: Shop) -> None:
    promotion = here.promotion(fixed=100)
    order = order_with(here, *(Line(here.sku(price=333)) for _ in range(3)))
    assert discounts(order) == [-33, -34, -33]
    assert promotion_lines(order) == {promotion.pk: -100}


def test_a_fixed_amount_never_exceeds_what_there_is(here: Shop) -> None:
    promotion = here.promotion(fixed=5000)
    order = order_with(here, Line(here.sku(price=300), discount=-100), Line(here.sku(price=50)))
    assert discounts(order) == [-300, -50]
    assert promotion_lines(order) == {promotion.pk: -250}
    assert order.total_amount_cents == 0


def test_the_traces_say_whose_discount_it_is(here: Shop) -> None:
    promotion = here.promotion(percentage=10, name="Spring")
    here.coupon("SPRING", promotion=promotion)
    order = order_with(here, Line(here.sku(price=1000), discount=-200), coupon_code="SPRING")
    discounts(order)
    line = order.line_items.get(item_type="skus")
    assert (line.discount_cents, line.discount_breakdown) == (-280, {promotion.pk: -80})
    trace = order.line_items.get(promotion=promotion)
    assert (trace.item_type, trace.name, trace.quantity) == (promotion.type, "Spring", 1)
    assert (trace.unit_amount_cents, trace.total_amount_cents) == (-80, -80)
    assert (trace.coupon_code, trace.currency_code, trace.mode) == ("SPRING", "EUR", "test")
    assert trace.position > line.position


def test_applying_again_changes_nothing(here: Shop) -> None:
    here.promotion(percentage=10), here.promotion(fixed=77)
    order = order_with(here, Line(here.sku(price=999), discount=-9), Line(here.sku(price=1)))
    first = discounts(order), sorted(promotion_lines(order).items())
    assert (discounts(order), sorted(promotion_lines(order).items())) == first


def test_promotions_of_before_are_dropped_and_other_discounts_stay(here: Shop) -> None:
    over = here.promotion(percentage=50)
    order = order_with(here, Line(here.sku(price=1000), discount=-100))
    assert discounts(order) == [-550]
    Promotion.objects.filter(pk=over.pk).update(disabled_at=YESTERDAY)
    assert discounts(order) == [-100]
    assert promotion_lines(order) == {}
    assert order.line_items.get().discount_breakdown == {}


@pytest.mark.parametrize(
    ("fields", "applies"),
    [
        ({}, True),
        ({"starts_at": NOON}, True),
        ({"starts_at": TOMORROW}, False),
        ({"expires_at": NOON}, False),
        ({"disabled_at": TOMORROW}, False),
        ({"currency_code": "EUR"}, True),
        ({"currency_code": "USD"}, False),
        ({"total_usage_limit": 1}, True),
        ({"total_usage_limit": 1, "total_usage_count": 1}, False),
        ({"mode": "live"}, False),
    ],
)
def test_a_promotion_applies_only_where_and_while_it_is_valid(
    here: Shop, fields: dict[str, Any], applies: bool
) -> None:
    here.promotion(percentage=10, **fields)
    assert discounts(order_with(here, Line(here.sku(price=100)))) == [-10 if applies else 0]


def test_a_promotion_of_a_market_is_for_its_orders_only(here: Shop) -> None:
    elsewhere = shop()
    here.promotion(percentage=10, market=here.market)
    assert discounts(order_with(here, Line(here.sku(price=100)))) == [-10]
    assert discounts(order_with(elsewhere, Line(elsewhere.sku(price=100)))) == [0]


def test_a_promotion_of_some_skus_leaves_the_others(here: Shop) -> None:
    mug, pen = here.sku(price=100), here.sku(price=100)
    here.promotion(percentage=10, skus=[mug])
    assert discounts(order_with(here, Line(mug), Line(pen))) == [-10, 0]
    assert discounts(order_with(here, Line(pen))) == [0]


@pytest.mark.parametrize(
    ("coupon", "code", "applies"),
    [
        ({}, "SPRING", True),
        ({}, None, False),
        ({}, "AUTUMN", False),
        ({"expires_at": YESTERDAY}, "SPRING", False),
        ({"usage_limit": 1, "usage_count": 1}, "SPRING", False),
        ({"recipient_email": "someone@else.example"}, "SPRING", False),
    ],
)
def test_a_promotion_with_coupons_needs_a_good_one(
    here: Shop, coupon: dict[str, Any], code: str | None, applies: bool
) -> None:
    here.coupon("SPRING", **coupon)
    order = order_with(here, Line(here.sku(price=100)), coupon_code=code)
    assert discounts(order) == [-10 if applies else 0]


def test_promotions_apply_in_the_order_of_their_priority(here: Shop) -> None:
    half = here.promotion(percentage=50, priority=2, id="first-id")
    fixed = here.promotion(fixed=100, priority=1, id="second-id")
    order = order_with(here, Line(here.sku(price=1000)))
    discounts(order)
    assert promotion_lines(order) == {fixed.pk: -100, half.pk: -450}


def test_an_exclusive_promotion_stands_alone(here: Shop) -> None:
    mug = here.sku(price=1000)
    here.promotion(percentage=50, priority=1)
    here.promotion(percentage=30, priority=3, exclusive=True)
    first = here.promotion(percentage=20, priority=2, exclusive=True)
    here.promotion(percentage=90, priority=0, exclusive=True, skus=[here.sku()])  # not for mugs
    order = order_with(here, Line(mug))
    discounts(order)
    assert promotion_lines(order) == {first.pk: -200}


def test_an_order_that_was_placed_keeps_what_it_was_placed_with(here: Shop) -> None:
    order = placed_order(here)
    here.promotion(percentage=50)
    assert discounts(order) == [0]
    assert order.total_amount_cents == 1000


def test_orders_of_a_set_do_not_mix(here: Shop) -> None:
    here.promotion(fixed=100)
    orders = [order_with(here, Line(here.sku(price=price))) for price in (1000, 60, 0)]
    apply_promotions([order.pk for order in orders], at=NOON)
    totals = dict(Order.objects.values_list("pk", "total_amount_cents"))
    assert [totals[order.pk] for order in orders] == [900, 0, 0]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(
    lines=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 5000), st.integers(0, 900)),
        min_size=1,
        max_size=5,
    ),
    promotions=st.lists(
        st.tuples(
            st.one_of(
                st.builds(lambda value: {"percentage": value}, st.integers(1, 100)),
                st.builds(lambda value: {"fixed": value}, st.integers(1, 9000)),
            ),
            st.sets(st.integers(0, 3), max_size=2),
            st.booleans(),
        ),
        max_size=4,
    ),
)
def test_never_a_cent_is_lost_and_no_line_goes_below_zero(
    lines: list[tuple[int, int, int, int]], promotions: list[tuple[Any, set[int], bool]]
) -> None:
    with transaction.atomic():
        here = shop()
        skus = [here.sku() for _ in range(4)]
        order = order_with(
            here,
            *(
                Line(skus[sku], quantity, price, discount=-min(discount, price * quantity))
                for sku, quantity, price, discount in lines
            ),
        )
        before = {line.pk: line for line in order.line_items.all()}
        for amount, limited_to, exclusive in promotions:
            here.promotion(**amount, skus=[skus[at] for at in limited_to], exclusive=exclusive)

        discounts(order)

        after = list(LineItem.objects.filter(pk__in=before))
        by_promotion: dict[str, int] = {}
        for line in after:
            made = sum(line.discount_breakdown.values())
            assert line.discount_cents == before[line.pk].discount_cents + made
            assert line.total_amount_cents + line.discount_cents >= 0
            for promotion, cents in line.discount_breakdown.items():
                by_promotion[promotion] = by_promotion.get(promotion, 0) + cents
        assert promotion_lines(order) == by_promotion
        assert all(cents < 0 for cents in by_promotion.values())
        assert execute(ORDERS_THAT_DIFFER_FROM_THEIR_LINES) == []
        transaction.set_rollback(True)
