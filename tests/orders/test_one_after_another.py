"""A set of orders placed together comes out as the same orders placed one after another.

Small worlds, so that most of them hold winners and losers: a few SKUs, three locations that markets
share wholly, partly or not at all, and coupons with few uses left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders import lifecycle
from orders.models import (
    Coupon,
    Event,
    Order,
    Promotion,
    StockItem,
    StockLineItem,
    Transaction,
)
from tests.factories import NOON, TESTER, Line, Shop, market_beside, order_with, shop

PLACES, SKUS, CUSTOMERS = 3, 3, 2
COUPONS = ("LIMITED", "ONCE", "BOTH")


@dataclass(frozen=True)
class OrderToBe:
    market: int
    customer: int
    lines: list[tuple[int, int]]  # SKU, quantity
    coupon: str | None


@dataclass(frozen=True)
class World:
    stock: list[list[int]]  # of each SKU, in each location
    markets: list[list[int]]  # the locations of each market, the first choice first
    uses_left: int
    orders: list[OrderToBe]


worlds = st.builds(
    World,
    stock=st.lists(
        st.lists(st.integers(0, 4), min_size=PLACES, max_size=PLACES),
        min_size=SKUS,
        max_size=SKUS,
    ),
    markets=st.lists(
        st.lists(st.integers(0, PLACES - 1), unique=True, max_size=PLACES), min_size=2, max_size=3
    ),
    uses_left=st.integers(0, 2),
    orders=st.lists(
        st.builds(
            OrderToBe,
            market=st.integers(0, 1),
            customer=st.integers(0, CUSTOMERS - 1),
            lines=st.lists(
                st.tuples(st.integers(0, SKUS - 1), st.integers(1, 3)), min_size=1, max_size=3
            ),
            coupon=st.none() | st.sampled_from(COUPONS),
        ),
        min_size=2,
        max_size=6,
    ),
)


def build(world: World) -> list[str]:
    """Make the world and answer its orders, the first one first."""
    here = shop()
    places = [here.warehouse, *(here.location() for _ in range(PLACES - 1))]
    skus = [here.sku(stock=None) for _ in range(SKUS)]
    for sku, piles in zip(skus, world.stock, strict=True):
        for place, quantity in zip(places, piles, strict=True):
            here.stock(sku, quantity, place)
    markets = [market_beside(here, *(places[at] for at in choice)) for choice in world.markets]
    customers = [here.alice, here.customer("bob@example.com")]
    add_coupons(here, world.uses_left)
    return [
        order_with(
            here,
            *(Line(skus[sku], quantity) for sku, quantity in each.lines),
            market=markets[each.market],
            customer=customers[each.customer],
            coupon_code=each.coupon,
        ).pk
        for each in world.orders
    ]


def add_coupons(here: Shop, uses_left: int) -> None:
    promotion = here.promotion(percentage=10)
    here.coupon("LIMITED", promotion=promotion, usage_limit=uses_left)
    here.coupon("ONCE", promotion=promotion, customer_single_use=True)
    here.coupon("BOTH", promotion=promotion, customer_single_use=True, usage_limit=uses_left)


def place_together(order_ids: Sequence[str]) -> dict[str, Any]:
    return dict(lifecycle.place(order_ids, who=TESTER, at=NOON).refused)


def place_one_by_one(order_ids: Sequence[str]) -> dict[str, Any]:
    refused: dict[str, Any] = {}
    for order_id in order_ids:
        refused |= lifecycle.place([order_id], who=TESTER, at=NOON).refused
    return refused


def what_came_of(place: Callable[[Sequence[str]], Any], order_ids: list[str]) -> dict[str, Any]:
    """Place the orders, look at everything, and undo it."""
    with transaction.atomic():
        refused = place(order_ids)
        connection.check_constraints()
        result = {
            "refused": refused,
            "orders": set(
                Order.objects.values_list(
                    "pk", "status", "payment_status", "fulfillment_status", "placed_at"
                )
            ),
            "stock": set(StockItem.objects.values_list("pk", "quantity")),
            "taken": sorted(
                StockLineItem.objects.values_list("line_item", "stock_item", "quantity")
            ),
            "coupons": set(Coupon.objects.values_list("code", "usage_count")),
            "promotions": set(Promotion.objects.values_list("pk", "total_usage_count")),
            "transactions": sorted(Transaction.objects.values_list("order", "amount_cents")),
            "events": sorted(Event.objects.values_list("resource_id", "name")),
        }
        transaction.set_rollback(True)
    return result


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds)
def test_placing_together_equals_placing_one_after_another(world: World) -> None:
    with transaction.atomic():
        order_ids = build(world)
        together = what_came_of(place_together, order_ids)
        assert together == what_came_of(place_one_by_one, order_ids)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds)
def test_cancelling_everything_leaves_what_was_there_before(world: World) -> None:
    with transaction.atomic():
        order_ids = build(world)
        before = holdings()
        placed = lifecycle.place(order_ids, who=TESTER, at=NOON)
        taken = sum(StockLineItem.objects.values_list("quantity", flat=True))
        wanted = sum(
            quantity
            for order_id in placed.done
            for quantity in Order.objects.get(pk=order_id).line_items.values_list(
                "quantity", flat=True
            )
        )
        assert taken == wanted
        lifecycle.cancel(order_ids, who=TESTER)
        assert holdings() == before
        assert not StockLineItem.objects.exists()
        transaction.set_rollback(True)


def holdings() -> tuple[Any, ...]:
    return (
        set(StockItem.objects.values_list("pk", "quantity")),
        set(Coupon.objects.values_list("pk", "usage_count")),
        set(Promotion.objects.values_list("pk", "total_usage_count")),
    )
