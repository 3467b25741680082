"""What orders come to while their lines change: totals, discounts, promotions, coupons."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, none

from orders.audit import Who
from orders.line_items import change_line
from orders.models import Order, Promotion
from orders.statements import execute
from orders.totals import ORDERS_THAT_DIFFER_FROM_THEIR_LINES
from tests.api_client import ApiClient, attributes_of, errors_of
from tests.copying import copied, run, target_of
from tests.factories import NOON, Line, Shop, order_with, shop, total

pytestmark = pytest.mark.django_db

ITEM_TYPE = "/data/attributes/item_type"


def test_promotions_follow_the_lines(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=1000)
    here.promotion(percentage=10)
    order = order_with(here)

    pk = api.create(
        "line_items", {"sku_code": sku.code, "quantity": 2}, order=("orders", order)
    ).json()["data"]["id"]
    assert (total(order), order.discount_amount_cents) == (1800, -200)

    api.update("line_items", pk, {"quantity": 1})
    assert (total(order), order.discount_amount_cents) == (900, -100)
    promoted = order.line_items.exclude(pk=pk).get()
    assert promoted.total_amount_cents == -100
    for answer in (
        api.update("line_items", promoted.pk, {"quantity": 2}),
        api.delete("line_items", promoted.pk),
    ):
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", ITEM_TYPE)]
    api.delete("line_items", pk)
    assert (total(order), order.line_items.count()) == (0, 0)


def test_a_discount_follows_the_quantity(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1800), 50, discount=-9000))
    line = order.line_items.get()
    for quantity, discount in ((1, -180), (20, -3600), (50, -9000)):
        api.update("line_items", line.pk, {"quantity": quantity})
        line.refresh_from_db()
        assert line.discount_cents == discount
    assert total(order) == 81000


def test_a_discount_is_never_more_than_its_line(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1000), 3, discount=-1500))
    line = order.line_items.get()
    api.update("line_items", line.pk, {"quantity": 2, "unit_amount_cents": 300})
    assert (total(order), order.discount_amount_cents) == (0, -600)
    api.update("line_items", line.pk, {"quantity": 3, "unit_amount_cents": 1000})
    assert (total(order), order.discount_amount_cents) == (1500, -1500)


@settings(max_examples=25, deadline=None)
@given(
    quantity=integers(1, 200),
    discount=integers(0, 20000),
    price=integers(0, 300),
    meanwhile=lists(integers(1, 200), min_size=1, max_size=3),
)
def test_a_former_quantity_brings_the_former_total(
    quantity: int, discount: int, price: int, meanwhile: list[int]
) -> None:
    with transaction.atomic():
        here = shop("test")
        off = -min(discount, price * quantity)
        order = order_with(here, Line(here.sku(price=price), quantity, discount=off))
        for now in (*meanwhile, quantity):
            change_line(order.line_items.get(), {"quantity": now}, who=Who.command("test"))
        before, after = order.total_amount_cents, total(order)
        transaction.set_rollback(True)
    assert after == before


def test_without_autorefresh_totals_wait(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=1000)
    order = order_with(here, autorefresh=False)
    api.create("line_items", {"sku_code": sku.code, "quantity": 1}, order=("orders", order))
    assert (total(order), order.status) == (0, "pending")
    api.update("orders", order.pk, {"_refresh": True})
    assert total(order) == 1000


def test_what_an_order_owes_is_known_before_it_is_placed(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=1000)
    order = order_with(here, autorefresh=False)
    api.create("line_items", {"sku_code": sku.code, "quantity": 2}, order=("orders", order))

    found = attributes_of(api.update("orders", order.pk, {"_place": True}))

    assert (found["payment_status"], found["place_total_amount_cents"]) == ("authorized", 2000)


def test_a_coupon_counts_as_soon_as_it_is_there(here: Shop, api: ApiClient) -> None:
    here.coupon("SPRING", promotion=here.promotion(percentage=10))
    order = order_with(here, Line(here.sku(price=1000)))
    api.update("orders", order.pk, {"coupon_code": "SPRING"})
    assert (total(order), order.discount_amount_cents) == (900, -100)
    api.update("orders", order.pk, {"coupon_code": None})
    assert total(order) == 1000


def test_a_copy_keeps_its_discounts_until_its_lines_change(here: Shop, api: ApiClient) -> None:
    ended = here.promotion(percentage=20)
    source = order_with(here, Line(here.sku(price=1000), 2))
    api.update("orders", source.pk, {"_refresh": True})
    Promotion.objects.filter(pk=ended.pk).update(disabled_at=NOON)
    target = copied(source).target_order
    assert target

    api.update("orders", target.pk, {"_refresh": True})
    assert total(target) == 1600
    line = target.line_items.get(item_type="skus")
    api.update("line_items", line.pk, {"quantity": 1})
    assert total(target) == 1000


def test_a_copy_whose_amounts_waited_gets_promotions_that_fit(here: Shop, api: ApiClient) -> None:
    here.promotion(fixed=500)
    source = order_with(here, Line(here.sku(price=1000)), autorefresh=False)
    api.update("orders", source.pk, {"_refresh": True})
    target = copied(source).target_order
    assert target
    line = target.line_items.get(item_type="skus")
    api.update("line_items", line.pk, {"unit_amount_cents": 300})

    found = attributes_of(api.update("orders", target.pk, {"_refresh": True}))

    assert (found["discount_amount_cents"], found["total_amount_cents"]) == (-300, 0)


def test_a_copy_is_placed_with_what_its_lines_come_to(here: Shop, api: ApiClient) -> None:
    """Even where its source, or its target since an earlier attempt, waits for a refresh."""

    def add_line(order: Order) -> None:
        sent = {"sku_code": tea.code, "quantity": 1}
        assert api.create("line_items", sent, order=("orders", order)).status_code == 201

    tea = here.sku(price=1000)
    source = order_with(here, Line(tea), autorefresh=False, billing_address=None)
    add_line(source)
    assert total(source) == 1000
    copy = copied(source, place_target_order=True)
    target = target_of(copy)
    assert (copy.status, total(target)) == ("failed", 2000)
    add_line(target)
    api.update("orders", target.pk, {"_billing_address_same_as_shipping": True})
    assert total(target) == 2000

    api.update("order_copies", copy.pk, {"_retry": True})
    (copy,) = run([copy])

    assert (copy.status, total(target)) == ("completed", 3000)
    assert target.transactions.get().amount_cents == 3000


def test_whatever_prices_become_no_line_is_below_zero_and_copies_agree(
    here: Shop, api: ApiClient
) -> None:
    def amounts(order: Order) -> list[tuple[int, ...]]:
        lines = order.line_items.filter(item_type="skus").order_by("position")
        return list(lines.values_list("unit_amount_cents", "total_amount_cents", "discount_cents"))

    @settings(max_examples=12, deadline=None)
    @given(
        quantity=integers(1, 5),
        discount=integers(0, 5000),
        option=integers(0, 300),
        promoted=none() | integers(1, 5000),
        prices=lists(integers(0, 1500), min_size=2, max_size=3),
    )
    def check(
        quantity: int, discount: int, option: int, promoted: int | None, prices: list[int]
    ) -> None:
        with transaction.atomic():
            if promoted:
                here.promotion(fixed=promoted)
            sku = here.sku(price=prices[0])
            off = -min(discount, prices[0] * quantity)
            source = order_with(here, Line(sku, quantity, discount=off, options=[option]))
            api.update("orders", source.pk, {"_refresh": True})
            target = copied(source).target_order
            assert target
            for price in prices[1:]:
                sku.prices.update(amount_cents=price)
                for order in (source, target):
                    answer = api.update("orders", order.pk, {"_refresh_prices": True})
                    assert attributes_of(answer)["total_amount_cents"] >= 0
                    assert all(cents + off >= 0 for _, cents, off in amounts(order))
                assert amounts(target) == amounts(source)
            again = copied(target).target_order
            assert again
            assert amounts(again) == amounts(source)
            assert total(again) == total(source)
            assert execute(ORDERS_THAT_DIFFER_FROM_THEIR_LINES) == []
            transaction.set_rollback(True)

    check()
