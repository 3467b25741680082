"""What each option of a copy does, and what it leaves alone."""

import pytest

from ordercopy.copies import errors_log
from ordercopy.models import FactoryStatus
from orders import lifecycle
from orders.models import Event, ItemType, Order, StockItem
from orders.promotions import apply_promotions
from tests.copying import copied, errors_of, messages_of, target_of
from tests.factories import NOON, TESTER, Line, Shop, order_with, shop, totalled

pytestmark = pytest.mark.django_db


def stock_of(code: str) -> int:
    return StockItem.objects.get(sku__code=code).quantity


class TestPlacing:
    def test_a_placed_target_takes_stock_and_is_authorized(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku("TEA", stock=5), 2), shipping_cost=0)

        target = target_of(copied(source, place_target_order=True))

        assert (target.status, target.payment_status) == ("placed", "authorized")
        assert stock_of("TEA") == 3

    def test_a_copy_that_is_not_placed_takes_nothing(self) -> None:
        here = shop()
        copied(order_with(here, Line(here.sku("TEA", stock=5), 2)))

        assert stock_of("TEA") == 5

    def test_a_wire_transfer_needs_no_stored_source(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), payment_method=here.wire)

        target = target_of(copied(source, place_target_order=True))

        assert target.payment_source is not None
        assert target.payment_source.order == target

    def test_a_target_that_cannot_be_placed_stays_pending(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), billing_address=None, payment_method=None)

        copy = copied(source, place_target_order=True)

        assert copy.status == FactoryStatus.FAILED
        assert errors_log(copy) == {
            "billing_address": ["can't be blank"],
            "payment_method": ["can't be blank"],
        }
        assert target_of(copy).status == "pending"

    def test_a_draft_cannot_be_placed(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), customer=None)

        copy = copied(source, place_target_order=True)

        assert errors_log(copy) == {"status": ["cannot transition from draft to placed"]}

    def test_events_tell_the_life_of_the_target_in_its_order(self) -> None:
        here = shop()
        copy = copied(order_with(here, Line(here.sku())), place_target_order=True)

        events = Event.objects.filter(resource_id=copy.target_order_id)
        names = [event.name for event in events.order_by("created_at")]
        assert sorted(names[:2]) == ["orders.create", "orders.pending"]
        assert sorted(names[2:]) == ["orders.authorize", "orders.place"]


class TestCancellingTheSource:
    def test_the_source_is_cancelled_after_the_copy(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()))

        copy = copied(source, cancel_source_order=True)

        source.refresh_from_db()
        assert source.status == "cancelled"
        assert copy.status == FactoryStatus.COMPLETED
        assert target_of(copy).status == "pending"

    def test_what_the_source_had_taken_is_given_back(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku("TEA", stock=5), 2))
        lifecycle.place([source.pk], who=TESTER)

        copied(source, cancel_source_order=True, place_target_order=True)

        assert stock_of("TEA") == 3

    def test_a_source_that_is_cancelled_already_is_fine(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()))
        lifecycle.cancel([source.pk], who=TESTER)

        assert copied(source, cancel_source_order=True).status == FactoryStatus.COMPLETED

    @pytest.mark.parametrize("skip_errors", [False, True])
    def test_a_paid_source_stops_the_copy_before_anything_is_built(self, skip_errors: bool) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()))
        lifecycle.place([source.pk], who=TESTER)
        lifecycle.approve_and_capture([source.pk], who=TESTER)

        copy = copied(source, cancel_source_order=True, skip_errors=skip_errors)

        assert copy.status == FactoryStatus.FAILED
        assert errors_of(copy)[0].code == "invalid_transition"
        assert Order.objects.count() == 1

    def test_the_source_stays_when_the_target_cannot_be_placed(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), billing_address=None)

        copied(source, cancel_source_order=True, place_target_order=True)

        source.refresh_from_db()
        assert source.status == "pending"

    def test_the_source_stays_when_the_copy_fails(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku(stock=0)))

        copied(source, cancel_source_order=True)

        source.refresh_from_db()
        assert source.status == "pending"


class TestSkippingErrors:
    def mixed_order(self, here: Shop) -> Order:
        return order_with(
            here,
            Line(here.sku("TEA", price=1000, stock=5), 2, discount=-300, options=[50]),
            Line(here.sku("MUG", price=500, stock=1), 3, discount=-100),
            Line(here.sku("OLD", price=700, disabled_at="2020-01-01T00:00Z")),
            shipping_cost=400,
        )

    def test_what_cannot_be_copied_is_left_out_and_told(self) -> None:
        copy = copied(self.mixed_order(shop()), skip_errors=True)

        assert copy.status == FactoryStatus.COMPLETED
        assert messages_of(copy) == [
            "OLD is disabled",
            "MUG is out of stock (3 requested, 1 available)",
        ]
        assert [line.sku_code for line in target_of(copy).line_items.all()] == ["TEA"]

    def test_the_totals_are_those_of_what_is_left(self) -> None:
        target = target_of(copied(self.mixed_order(shop()), skip_errors=True))

        assert target.subtotal_amount_cents == 2050
        assert target.discount_amount_cents == -300
        assert target.total_amount_cents == 2050 - 300 + 400

    def test_when_nothing_is_left_the_copy_fails(self) -> None:
        here = shop()
        copy = copied(order_with(here, Line(here.sku(stock=0))), skip_errors=True)

        assert copy.status == FactoryStatus.FAILED
        assert messages_of(copy)[-1] == "nothing left to copy"
        assert Order.objects.count() == 1

    def test_an_invalid_coupon_is_left_off_and_told(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), coupon_code="SPRING")

        copy = copied(source, skip_errors=True)

        assert copy.status == FactoryStatus.COMPLETED
        assert messages_of(copy) == ["SPRING is not valid: unknown"]
        assert target_of(copy).coupon_code is None

    def test_a_target_that_cannot_be_placed_completes_the_copy_and_spares_the_source(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), billing_address=None)

        copy = copied(source, skip_errors=True, place_target_order=True, cancel_source_order=True)

        assert copy.status == FactoryStatus.COMPLETED
        assert errors_log(copy) == {"billing_address": ["can't be blank"]}
        assert target_of(copy).status == "pending"
        source.refresh_from_db()
        assert source.status == "pending"


class TestPromotions:
    def promoted_order(self, here: Shop) -> Order:
        """30 % off by a promotion, and a discount of 1.00 that somebody gave by hand."""
        source = order_with(here, Line(here.sku(price=10_000), 1, discount=-3100))
        promotion = here.promotion(percentage=30, disabled_at="2020-01-01T00:00Z")
        source.line_items.update(discount_breakdown={promotion.pk: -3000})
        source.line_items.create(
            mode="test",
            item_type=ItemType.PERCENTAGE,
            promotion=promotion,
            position=2,
            quantity=1,
            currency_code="EUR",
            unit_amount_cents=-3000,
            total_amount_cents=-3000,
        )
        return totalled(source)

    def test_they_are_copied_frozen(self) -> None:
        source = self.promoted_order(shop())

        target = target_of(copied(source))

        assert target.discount_amount_cents == -3100
        assert target.line_items.filter(item_type=ItemType.PERCENTAGE).count() == 1

    def test_they_are_computed_anew_when_asked_to(self) -> None:
        here = shop()
        source = self.promoted_order(here)
        here.promotion(fixed=500)

        target = target_of(copied(source, apply_promotions=True))

        assert target.discount_amount_cents == -100 - 500
        promotions = target.line_items.exclude(item_type=ItemType.SKU)
        assert [line.item_type for line in promotions] == [ItemType.FIXED_AMOUNT]
        assert target.total_amount_cents == 10_000 - 600

    def test_a_line_that_is_left_out_takes_its_share_with_it(self) -> None:
        here = shop()
        lines = [Line(here.sku("TEA", price=3000, stock=1)), Line(here.sku("MUG", price=1000))]
        source = order_with(here, *lines)
        promotion = here.promotion(fixed=400)
        apply_promotions([source.pk], at=NOON)
        StockItem.objects.filter(sku__code="TEA").update(quantity=0)

        target = target_of(copied(source, skip_errors=True))

        promoted = target.line_items.get(promotion=promotion)
        assert (promoted.total_amount_cents, target.discount_amount_cents) == (-100, -100)
        assert target.total_amount_cents == 900

    def test_frozen_prices_outlive_the_price_list(self) -> None:
        here = shop()
        tea = here.sku(price=1000)
        source = order_with(here, Line(tea))
        tea.prices.update(amount_cents=9999)

        assert target_of(copied(source)).total_amount_cents == 1000
