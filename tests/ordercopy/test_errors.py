"""Every error says which SKU, which rule and which figures; nothing half-made is left behind."""

from datetime import UTC, datetime

import pytest

from ordercopy.copies import errors_log, retry_copies
from ordercopy.models import FactoryStatus
from ordercopy.options import CopyOptions
from ordercopy.previewing import preview
from orders.models import CustomerPaymentSource, Order, PaymentMethod
from tests.copying import asked_for, copied, errors_of, messages_of, run, target_of
from tests.factories import TESTER, Line, order_with, shop

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_short_stock_says_how_much_was_asked_for_and_how_much_there_is() -> None:
    here = shop()
    tea, mug = here.sku("TEA", stock=3), here.sku("MUG", stock=3)
    source = order_with(here, Line(tea, 10), Line(mug, 3))

    copy = copied(source)

    assert copy.status == FactoryStatus.FAILED
    assert errors_log(copy) == {"line_items": ["TEA is out of stock (10 requested, 3 available)"]}
    (error,) = errors_of(copy)
    assert (error.code, error.sku_code) == ("out_of_stock", "TEA")
    assert (error.requested, error.available) == (10, 3)
    assert error.line_item_id == source.line_items.get(sku=tea).pk
    assert copy.errors_count == 1


def test_several_lines_of_one_sku_add_up() -> None:
    here = shop()
    tea = here.sku("TEA", stock=5)

    copy = copied(order_with(here, Line(tea, 3), Line(tea, 3)))

    assert messages_of(copy) == ["TEA is out of stock (6 requested, 5 available)"]


def test_stock_in_all_locations_of_the_market_counts() -> None:
    here = shop()
    tea = here.sku("TEA", stock=3)
    here.stock(tea, 4, here.location())

    assert copied(order_with(here, Line(tea, 7))).status == FactoryStatus.COMPLETED
    assert messages_of(copied(order_with(here, Line(tea, 8)))) == [
        "TEA is out of stock (8 requested, 7 available)"
    ]


def test_stock_elsewhere_does_not_count() -> None:
    here, elsewhere = shop(), shop()
    tea = here.sku("TEA", stock=1)
    here.stock(tea, 100, elsewhere.warehouse)

    assert messages_of(copied(order_with(here, Line(tea, 2)))) == [
        "TEA is out of stock (2 requested, 1 available)"
    ]


def test_a_sku_that_is_not_tracked_is_never_short() -> None:
    here = shop()
    download = here.sku(stock=None, do_not_track=True)

    assert copied(order_with(here, Line(download, 1000))).status == FactoryStatus.COMPLETED


def test_a_sku_that_nobody_stocks_is_short_of_everything() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku("TEA", stock=None), 2)))

    assert messages_of(copy) == ["TEA is out of stock (2 requested, 0 available)"]


def test_a_sku_that_is_gone_is_named_by_its_code() -> None:
    here = shop()
    tea = here.sku("TEA")
    source = order_with(here, Line(tea))
    tea.delete()

    (error,) = errors_of(copied(source))

    assert (error.code, error.key, error.sku_code) == ("sku_missing", "line_items", "TEA")
    assert error.message == "TEA no longer exists"


def test_a_line_that_never_had_a_sku_is_named_by_its_name() -> None:
    here = shop()
    assert messages_of(copied(order_with(here, Line(None)))) == ["something no longer exists"]


def test_a_disabled_sku_is_refused() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("TEA", disabled_at=LONG_AGO)))

    (error,) = errors_of(copied(source))

    assert (error.code, error.message) == ("sku_disabled", "TEA is disabled")


def test_an_order_without_anything_to_buy_has_nothing_to_copy() -> None:
    copy = copied(order_with(shop()))

    assert errors_log(copy) == {"line_items": ["nothing to copy"]}
    assert errors_of(copy)[0].code == "nothing_to_copy"


def test_a_currency_other_than_the_markets_is_named() -> None:
    here = shop(currency="USD")
    copy = copied(order_with(here, Line(here.sku()), currency_code="EUR"))

    assert errors_log(copy) == {"currency_code": ["EUR does not match the market's USD"]}


def test_all_errors_of_a_copy_are_told_at_once() -> None:
    here = shop(currency="USD")
    source = order_with(
        here,
        Line(here.sku("TEA", stock=0), 1),
        Line(here.sku("MUG", disabled_at=LONG_AGO)),
        currency_code="EUR",
        coupon_code="SPRING",
    )

    copy = copied(source)

    assert copy.errors_count == 4
    assert errors_log(copy) == {
        "currency_code": ["EUR does not match the market's USD"],
        "coupon_code": ["SPRING is not valid: unknown"],
        "line_items": ["MUG is disabled", "TEA is out of stock (1 requested, 0 available)"],
    }


def test_a_failed_copy_leaves_nothing_behind() -> None:
    here = shop()
    source = order_with(here, Line(here.sku(stock=0)))

    copy = copied(source)

    assert copy.target_order is None
    assert Order.objects.count() == 1
    assert copy.failed_at is not None
    assert copy.completed_at is None


def test_before_the_first_run_there_are_no_errors_yet() -> None:
    here = shop()
    (copy,) = asked_for(order_with(here, Line(here.sku())))

    assert errors_log(copy) is None
    assert copy.errors_count is None


def test_after_a_clean_run_there_are_none() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))

    assert errors_log(copy) == {}
    assert copy.errors_count == 0


class TestCoupons:
    """The coupon is validated, never applied anew."""

    def copy_with(self, **coupon: object) -> list[str]:
        here = shop()
        promotion = here.promotion(percentage=10, **coupon.pop("promotion", {}))  # type: ignore[arg-type]
        here.coupon("SPRING", promotion=promotion, **coupon)
        return messages_of(copied(order_with(here, Line(here.sku()), coupon_code="SPRING")))

    def test_a_valid_one_is_carried(self) -> None:
        here = shop()
        here.coupon("SPRING")
        copy = copied(order_with(here, Line(here.sku()), coupon_code="SPRING"))
        assert target_of(copy).coupon_code == "SPRING"

    def test_one_that_has_expired(self) -> None:
        assert self.copy_with(expires_at=LONG_AGO) == ["SPRING is not valid: expired"]

    def test_one_whose_promotion_is_over(self) -> None:
        over = {"starts_at": datetime(2019, 1, 1, tzinfo=UTC), "expires_at": LONG_AGO}
        assert self.copy_with(promotion=over) == ["SPRING is not valid: expired"]

    def test_one_that_was_used_as_often_as_it_may(self) -> None:
        assert self.copy_with(usage_limit=2, usage_count=2) == ["SPRING is not valid: used up"]

    def test_one_that_is_somebody_elses(self) -> None:
        messages = self.copy_with(recipient_email="bob@example.com")
        assert messages == ["SPRING is not valid: not for this customer"]

    def test_one_that_may_be_ignored_is_left_off_in_silence(self) -> None:
        here = shop()
        source = order_with(here, Line(here.sku()), coupon_code="SPRING")

        copy = copied(source, ignore_invalid_coupon=True)

        assert copy.status == FactoryStatus.COMPLETED
        assert copy.errors_count == 0
        assert target_of(copy).coupon_code is None


class TestWallets:
    """A payment source is copied only out of the customer's wallet, and only when asked to."""

    def test_a_source_from_the_wallet_is_copied(self) -> None:
        here = shop()
        entry = here.wallet(here.alice)
        source = order_with(
            here,
            Line(here.sku()),
            payment_method=here.card,
            payment_source=entry.payment_source,
        )

        target = target_of(copied(source))

        assert target.payment_source is not None
        assert target.payment_source != source.payment_source
        assert target.payment_source.wallet == entry
        assert target.payment_source.order == target
        assert (
            target.payment_source.payment_source_token == source.payment_source.payment_source_token
        )

    def test_no_source_is_copied_when_the_wallet_is_not_to_be_used(self) -> None:
        here = shop()
        entry = here.wallet(here.alice)
        source = order_with(here, Line(here.sku()), payment_source=entry.payment_source)

        assert target_of(copied(source, reuse_wallet=False)).payment_source is None

    def test_a_source_that_has_left_the_wallet_is_an_error(self) -> None:
        here = shop()
        entry = here.wallet(here.alice)
        source = order_with(here, Line(here.sku()), payment_source=entry.payment_source)
        CustomerPaymentSource.objects.all().delete()

        copy = copied(source)

        assert errors_log(copy) == {"payment_source": ["is no longer in the customer's wallet"]}
        assert errors_of(copy)[0].code == "payment_source_gone"

    def test_somebody_elses_wallet_is_no_wallet(self) -> None:
        here = shop()
        entry = here.wallet(here.customer("bob@example.com"))
        source = order_with(here, Line(here.sku()), payment_source=entry.payment_source)

        assert messages_of(copied(source)) == ["is no longer in the customer's wallet"]

    def test_a_source_that_has_left_the_wallet_does_not_matter_unless_it_would_be_copied(
        self,
    ) -> None:
        here = shop()
        entry = here.wallet(here.alice)
        source = order_with(here, Line(here.sku()), payment_source=entry.payment_source)
        CustomerPaymentSource.objects.all().delete()

        assert copied(source, reuse_wallet=False).status == FactoryStatus.COMPLETED


class TestADisabledPaymentMethod:
    """It keeps an order from being placed, also one that is a copy; copying alone it does not."""

    def order(self) -> Order:
        here = shop()
        order = order_with(here, Line(here.sku()), payment_method=here.wire)
        PaymentMethod.objects.filter(pk=here.wire.pk).update(name="Wire", disabled_at=LONG_AGO)
        return order

    def test_fails_the_copy_which_completes_once_it_is_offered_again(self) -> None:
        source = self.order()

        copy = copied(source, place_target_order=True)

        assert copy.status == FactoryStatus.FAILED
        assert errors_log(copy) == {"payment_method": ["Wire is disabled"]}
        assert errors_of(copy)[0].code == "payment_method_disabled"
        assert target_of(copy).status == "pending"
        PaymentMethod.objects.update(disabled_at=None)
        retry_copies([copy.pk], who=TESTER, wake=False)
        (again,) = run([copy])
        assert (again.status, target_of(again).status) == (FactoryStatus.COMPLETED, "placed")

    def test_is_foretold_by_the_preview(self) -> None:
        source = self.order()
        options = CopyOptions(place_target_order=True)

        foretold = preview(source.pk, mode=source.mode, options=options, report=errors_log)

        assert foretold == errors_log(copied(source, place_target_order=True))

    def test_does_not_matter_to_a_copy_that_is_not_placed_or_costs_nothing(self) -> None:
        source = self.order()
        assert copied(source).status == FactoryStatus.COMPLETED
        here = shop()
        free = order_with(here, Line(here.sku(price=0)), payment_method=here.wire)
        PaymentMethod.objects.update(disabled_at=LONG_AGO)
        assert target_of(copied(free, place_target_order=True)).status == "placed"
