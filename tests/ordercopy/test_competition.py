"""A batch comes to what its copies would have come to one after another."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ordercopy.models import FactoryStatus, OrderCopy
from orders.models import Coupon, Order, Promotion, StockItem
from orders.statements import observed
from tests.copying import asked_for, messages_of, run, target_of
from tests.factories import Line, Shop, order_with, shop

SKUS = ["A", "B", "C"]


@dataclass(frozen=True)
class Wish:
    """One copy to be: what its source holds, and how it is copied."""

    lines: list[tuple[str, int]]
    customer: int
    coupon: str | None
    lacks_address: bool
    ships_from_second_market: bool
    options: dict[str, bool] = field(default_factory=dict)


wishes = st.builds(
    Wish,
    lines=st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 4)), min_size=1, max_size=4),
    customer=st.integers(0, 1),
    coupon=st.sampled_from([None, None, "ONCE", "THRICE", "NOSUCH"]),
    lacks_address=st.sampled_from([False, False, False, True]),
    ships_from_second_market=st.sampled_from([False, False, False, True]),
    options=st.fixed_dictionaries(
        {
            "place_target_order": st.sampled_from([True, True, False]),
            "skip_errors": st.booleans(),
            "ignore_invalid_coupon": st.booleans(),
            "apply_promotions": st.sampled_from([False, False, True]),
            "cancel_source_order": st.sampled_from([False, False, False, True]),
        }
    ),
)


class World:
    """The same shop and the same wishes in one of the two modes, so that two can be compared."""

    def __init__(self, mode: str, stocks: list[int], wishes: list[Wish]) -> None:
        self.mode = mode
        self.here = shop(mode)
        self.skus = {
            code: self.here.sku(code, price=1000, stock=stock)
            for code, stock in zip(SKUS, stocks, strict=True)
        }
        self.customers = [self.here.customer(f"customer{n}@example.com") for n in range(2)]
        self.second = shop(mode)
        self.second.stock(self.skus["A"], 2)
        promotion = self.here.promotion(percentage=10, total_usage_limit=2, name="limited")
        self.here.coupon("ONCE", promotion=promotion, customer_single_use=True)
        self.here.coupon("THRICE", promotion=promotion, usage_limit=3)
        self.copies = [self.ask_for(wish) for wish in wishes]

    def ask_for(self, wish: Wish) -> OrderCopy:
        shop_of_wish: Shop = self.second if wish.ships_from_second_market else self.here
        source = order_with(
            shop_of_wish,
            *(Line(self.skus[code], quantity) for code, quantity in wish.lines),
            customer=self.customers[wish.customer],
            coupon_code=wish.coupon,
            **({"billing_address": None} if wish.lacks_address else {}),
        )
        return asked_for(source, **wish.options)[0]

    def outcome(self) -> dict[str, Any]:
        copies = [OrderCopy.objects.get(pk=copy.pk) for copy in self.copies]
        return {
            "copies": [self.outcome_of(copy) for copy in copies],
            "stock": [
                (item.sku.code, item.quantity)
                for item in StockItem.objects.filter(mode=self.mode).order_by("sku__code", "pk")
                if item.stock_location == self.here.warehouse
            ],
            "coupons": list(
                Coupon.objects.filter(mode=self.mode)
                .order_by("code")
                .values_list("code", "usage_count")
            ),
            "promotions": list(
                Promotion.objects.filter(mode=self.mode).values_list("name", "total_usage_count")
            ),
        }

    def outcome_of(self, copy: OrderCopy) -> dict[str, Any]:
        target = copy.target_order
        return {
            "status": copy.status,
            "messages": messages_of(copy),
            "source": Order.objects.get(pk=copy.source_order_id).status,
            "target": target and (target.status, target.payment_status, target.total_amount_cents),
            "coupon": target and target.coupon_code,
            "lines": target
            and [
                (line.sku_code, line.quantity, line.discount_cents)
                for line in target.line_items.order_by("position")
            ],
        }


class ABatch(TestCase):
    @settings(deadline=None, max_examples=40)
    @given(
        stocks=st.lists(st.integers(0, 8), min_size=3, max_size=3),
        wishes=st.lists(wishes, min_size=2, max_size=6),
    )
    def test_ends_as_if_its_copies_had_run_one_after_another(
        self, stocks: list[int], wishes: list[Wish]
    ) -> None:
        together = World("test", stocks, wishes)
        alone = World("live", stocks, wishes)

        run(together.copies)
        for copy in alone.copies:
            run([copy])

        assert together.outcome() == alone.outcome()


@pytest.mark.django_db
class TestCompetition:
    def test_the_last_pieces_go_to_who_asked_first(self) -> None:
        here = shop()
        tea = here.sku("TEA", stock=5)
        copies = [
            asked_for(order_with(here, Line(tea, wanted)), place_target_order=True)[0]
            for wanted in (3, 3, 2)
        ]

        first, second, third = run(copies)

        assert [first.status, third.status] == [FactoryStatus.COMPLETED] * 2
        assert messages_of(second) == ["TEA is out of stock (3 requested, 2 available)"]
        assert second.target_order is None

    def test_a_copy_that_is_not_placed_sees_what_is_left_and_leaves_it(self) -> None:
        here = shop()
        tea = here.sku("TEA", stock=5)
        looking, taking, late = (
            asked_for(order_with(here, Line(tea, wanted)), place_target_order=place)[0]
            for wanted, place in ((5, False), (4, True), (2, False))
        )

        looking, taking, late = run([looking, taking, late])

        assert looking.status == taking.status == FactoryStatus.COMPLETED
        assert messages_of(late) == ["TEA is out of stock (2 requested, 1 available)"]

    @pytest.mark.parametrize("placed", [True, False])
    def test_one_that_cannot_be_placed_takes_nothing_from_the_next(self, placed: bool) -> None:
        here = shop()
        tea = here.sku("TEA", stock=5)
        incomplete = order_with(here, Line(tea, 5), billing_address=None)
        copies = [
            *asked_for(incomplete, place_target_order=True),
            *asked_for(order_with(here, Line(tea, 5)), place_target_order=placed),
        ]

        first, second = run(copies)

        assert (first.status, second.status) == ("failed", "completed")
        assert target_of(first).status == "pending"

    def test_competing_takes_no_more_statements_for_more_copies(self) -> None:
        here = shop()
        tea = here.sku("TEA", stock=3)

        def statements(count: int) -> int:
            sources = [order_with(here, Line(tea, 2)) for _ in range(count)]
            copies = [asked_for(source, place_target_order=True)[0] for source in sources]
            StockItem.objects.update(quantity=3)
            seen: list[str] = []
            with observed(seen.append):
                run(copies)
            return len(seen)

        statements(2)
        assert statements(3) == statements(30)
