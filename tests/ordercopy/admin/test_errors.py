"""A copy's own page, its comparison, and the page over all errors, asked of the server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from config.roles import OPERATOR, VIEWER
from ordercopy.copies import retry_copies
from ordercopy.making_again import make_again
from ordercopy.models import FactoryStatus, OrderCopy
from orders.models import EventStore, Order, PaymentMethod, Sku, StockItem
from tests.copying import asked_for, copied, run
from tests.factories import NOON, TESTER, Line, market_beside, order_with, placed_order, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]
ERRORS = "admin:ordercopy_errors"
STOCK = "admin:ordercopy_errors_stock"
ENABLE = "admin:ordercopy_errors_enable"


def page_of(client: StaffClient, copy: OrderCopy) -> Any:
    return client.get(reverse("admin:ordercopy_ordercopy_change", args=[copy.pk]))


def in_the_way(client: StaffClient, **asked: str) -> dict[str, int]:
    """The causes on the page, with how many copies each blocks."""
    groups = client.get(reverse(ERRORS), asked).context["groups"]
    return {group.words: group.cause.copies for group in groups}


# One copy


def test_a_copy_tells_its_story(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=4)
    source = placed_order(here, Line(mug, 3))
    copy = copied(source, place_target_order=True, cancel_source_order=True)
    StockItem.objects.update(quantity=9)
    retry_copies([copy.pk], who=TESTER)
    (copy,) = run([copy])

    moments = [moment.words for moment in page_of(staff(VIEWER), copy).context["moments"]]

    assert moments == [
        "Asked for by command pytest",
        "Attempt 1 started",
        "Attempt 1 failed",
        "Retry asked for by command pytest",
        "Attempt 2 started",
        f"New order {copy.target_order.number} placed",  # type: ignore[union-attr]
        f"Source order {source.number} cancelled",
        "Attempt 2 completed",
    ]


def test_each_error_says_what_there_is_now_and_where_it_is_mended(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=1), here.sku("JAM", disabled_at="2020-01-01T00:00Z")
    tea = here.sku("TEA")
    source = order_with(here, Line(mug, 5), Line(jam), Line(tea), coupon_code="SPRING")
    Sku.objects.filter(pk=tea.pk).delete()
    copy = copied(source)
    client = staff(VIEWER)

    found = {each.words: each for each in page_of(client, copy).context["inspected"]}

    assert set(found) == {
        "There is no coupon SPRING",
        "TEA no longer exists",
        "JAM is disabled",
        "Not enough of MUG: 5 wanted, 1 in stock",
    }
    short = found["Not enough of MUG: 5 wanted, 1 in stock"]
    assert (short.there_now, short.mended) == (["1 piece now"], False)
    for each in found.values():
        assert all(client.get(place.address).status_code in {200, 403} for place in each.places)
    (stock,) = short.places
    assert client.get(stock.address).status_code == 200
    StockItem.objects.filter(sku=mug).update(quantity=5)
    (mended,) = [e for e in page_of(client, copy).context["inspected"] if e.error.sku_code == "MUG"]
    assert mended.mended


def test_the_page_of_a_copy_takes_few_statements_whatever_failed(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    copy = copied(order_with(here, *(Line(here.sku(stock=0)) for _ in range(100))))
    client = staff(OPERATOR)

    with django_assert_max_num_queries(25):
        page = page_of(client, copy)

    assert len(page.context["inspected"]) == 100


def test_a_kept_target_is_where_missing_things_are_mended(staff: Staff) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), billing_address=None)
    copy = copied(source, place_target_order=True)

    (found,) = page_of(staff(VIEWER), copy).context["inspected"]

    assert found.words == "Missing: the billing address"
    assert [place.words for place in found.places] == [
        f"Order {copy.target_order.number}"  # type: ignore[union-attr]
    ]


def test_a_disabled_payment_method_leads_to_where_it_is_offered_again(staff: Staff) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), payment_method=here.wire)
    PaymentMethod.objects.update(name="Wire", disabled_at=NOON)
    copy = copied(source, place_target_order=True)
    client = staff(VIEWER)

    (found,) = page_of(client, copy).context["inspected"]

    assert found.words == "The payment method “Wire” is disabled"
    assert found.places[0].address == reverse(
        "admin:orders_paymentmethod_change", args=[here.wire.pk]
    )
    PaymentMethod.objects.update(disabled_at=None)
    (mended,) = page_of(client, copy).context["inspected"]
    assert (found.mended, mended.mended) == (False, True)


def test_another_payment_method_mends_it_and_the_first_is_not_said_to_be_back(staff: Staff) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), payment_method=here.wire)
    PaymentMethod.objects.filter(pk=here.wire.pk).update(disabled_at=NOON)
    copy = copied(source, place_target_order=True)
    Order.objects.filter(pk=copy.target_order_id).update(payment_method=here.card)

    (mended,) = page_of(staff(VIEWER), copy).context["inspected"]

    assert (mended.there_now, mended.mended) == (
        ["The order has a payment method that is offered."],
        True,
    )


def test_a_copy_cannot_be_edited_and_one_of_the_other_mode_is_not_shown(staff: Staff) -> None:
    copy = copied(order_with(shop("live"), Line(None)))
    address = reverse("admin:ordercopy_ordercopy_change", args=[copy.pk])

    assert staff(OPERATOR, mode="live").post(address, {"status": "completed"}).status_code == 403
    assert staff(VIEWER, mode="test").get(address).status_code == 409


def test_a_factory_that_is_a_copy_leads_to_the_copys_page(staff: Staff) -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))
    client = staff(VIEWER)

    listed = client.get(reverse("admin:ordercopy_orderfactory_changelist"), {"type": copy.type})
    shown = client.get(reverse("admin:ordercopy_orderfactory_change", args=[copy.pk]))

    assert [factory.pk for factory in listed.context["cl"].result_list] == [copy.pk]
    assert shown.headers["Location"] == reverse("admin:ordercopy_ordercopy_change", args=[copy.pk])


# Comparison


def test_a_comparison_marks_what_was_left_out_and_what_it_costs(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", price=1000), here.sku("JAM", price=250, stock=0)
    copy = copied(order_with(here, Line(mug, 2), Line(jam, 2)), skip_errors=True)

    page = staff(VIEWER).get(reverse("admin:ordercopy_compare", args=[copy.target_order_id]))

    shown = page.context
    assert [(line.label, str(line.change)) for line in shown["lines"]] == [
        ("MUG", "Same"),
        ("JAM", "Left out"),
    ]
    (total,) = [side for side in shown["money"] if side.name == "Total"]
    assert (total.source, total.target, total.more) == (["€25.00"], ["€20.00"], "-€5.00")


def test_a_comparison_speaks_the_readers_language_throughout(staff: Staff) -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))
    address = reverse("admin:ordercopy_compare", args=[copy.target_order_id])

    page = staff(VIEWER).get(address, headers={"accept-language": "it"})

    told = " ".join(part for side in page.context["others"] for part in side.source)
    assert "Via e numero: " in told
    assert not any(word in told for word in ("Line 1:", "Business:", "Type:", "Zip code:"))


def test_a_comparison_takes_few_statements_for_a_hundred_lines(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    copy = copied(order_with(here, *(Line(here.sku(), options=[5]) for _ in range(100))))
    client = staff(VIEWER)

    with django_assert_max_num_queries(25):
        page = client.get(reverse("admin:ordercopy_compare", args=[copy.target_order_id]))

    assert page.context["same"]


def test_an_order_that_was_not_copied_says_so(staff: Staff) -> None:
    order = order_with(shop())
    client = staff(VIEWER)

    page = client.get(reverse("admin:ordercopy_compare", args=[order.pk]))

    assert "was not copied from another one" in page.content.decode()
    assert client.get(reverse("admin:ordercopy_compare", args=["nothing"])).status_code == 404
    live = order_with(shop("live"))
    assert client.get(reverse("admin:ordercopy_compare", args=[live.pk])).status_code == 409


# All errors


def test_errors_are_grouped_by_cause_with_the_copies_that_each_blocks(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=1), here.sku("JAM", disabled_at="2020-01-01T00:00Z")
    for lines in ([Line(mug, 2)], [Line(mug, 3), Line(jam)], [Line(jam)], [Line(mug, 4000)]):
        copied(order_with(here, *lines))
    copied(order_with(here, Line(mug, 9), Line(here.sku())), skip_errors=True)
    client = staff(VIEWER)

    page = client.get(reverse(ERRORS))
    groups = page.context["groups"]

    assert [(group.words, group.cause.copies, group.others) for group in groups] == [
        ("Not enough of MUG in stock", 3, 1),
        ("JAM is disabled", 2, 1),
    ]
    assert (groups[0].cause.requested, groups[0].supply.there) == (4005, 1)
    assert "Together they want 4,005; there are 1." in page.content.decode()
    assert in_the_way(client, code="sku_disabled") == {"JAM is disabled": 2}
    assert in_the_way(client, sku="MUG") == {"Not enough of MUG in stock": 3}
    assert in_the_way(staff(OPERATOR, mode="live")) == {}


def test_each_cause_leads_to_the_list_of_exactly_its_copies(staff: Staff) -> None:
    here = shop()
    for lacking in ("billing_address", "shipping_address", "payment_method"):
        order = order_with(here, Line(here.sku()), number=lacking, **{lacking: None})
        copied(order, place_target_order=True)
    copied(order_with(here, Line(here.sku()), number="coupon", coupon_code="SPRING"))
    copied(order_with(here, number="empty"))
    client = staff(VIEWER)

    groups = client.get(reverse(ERRORS)).context["groups"]

    listed = {
        group.words: [
            copy.source_order.number for copy in client.get(group.copies).context["cl"].result_list
        ]
        for group in groups
    }
    assert listed == {
        "Missing: the billing address": ["billing_address"],
        "Missing: the shipping address": ["shipping_address"],
        "Missing: the payment method": ["payment_method"],
        "There is no coupon SPRING": ["coupon"],
        "The order has no product that could be copied": ["empty"],
    }


def test_copies_made_again_are_not_blocked_any_more(staff: Staff) -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku(stock=0)), Line(here.sku())))
    client = staff(OPERATOR)
    again = {"action": "make_again", "_selected_action": copy.pk}
    client.post(client.post(reverse("admin:ordercopy_ordercopy_changelist"), again)["Location"])

    assert in_the_way(client) == {}


def test_a_cause_and_home_lead_to_no_copy_that_was_made_again(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=0)
    first, _second = (copied(order_with(here, Line(mug), Line(here.sku()))) for _ in range(2))
    make_again([first.pk], who=TESTER)
    client = staff(VIEWER)

    (group,) = client.get(reverse(ERRORS)).context["groups"]
    (trouble,) = client.get(reverse("admin:index")).context["troubles"]

    assert (group.cause.copies, trouble.cause.copies) == (1, 1)
    for address in (group.copies, trouble.copies):
        assert client.get(address).context["cl"].result_count == 1
    copies = reverse("admin:ordercopy_ordercopy_changelist")
    assert first in client.get(copies, {"made_again": "yes"}).context["cl"].result_list


def test_the_page_of_errors_takes_few_statements(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    here = shop()
    copied(order_with(here, *(Line(here.sku(stock=0)) for _ in range(40))))
    client = staff(OPERATOR)

    with django_assert_max_num_queries(25):
        page = client.get(reverse(ERRORS))

    assert len(page.context["groups"]) == 25


def test_stock_is_mended_there_and_written_down(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=1)
    copied(order_with(here, Line(mug, 2)))
    item = mug.stock_items.get()
    form = {"stock_item": item.pk, "seen": "1", "quantity": "7"}
    client = staff(OPERATOR)

    answers = [client.post(reverse(STOCK), form, follow=True) for _ in range(2)]

    item.refresh_from_db()
    assert item.quantity == 7
    assert "MUG: 7 in" in answers[0].content.decode()
    (entry,) = EventStore.objects.filter(resource_id=item.pk)
    assert entry.payload == {"quantity": {"from": 1, "to": 7}}
    assert entry.who["owner"]["name"] == OPERATOR


def test_stock_that_is_not_enough_for_all_says_how_much_is_lacking(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=0), here.sku("JAM", stock=0)
    for lines in ([Line(mug, 3), Line(jam)], [Line(mug, 5)]):
        copied(order_with(here, *lines))
    client = staff(OPERATOR)
    form = {"stock_item": mug.stock_items.get().pk}

    def answer(seen: int, quantity: int) -> str:
        given = {**form, "seen": seen, "quantity": quantity}
        return client.post(reverse(STOCK), given, follow=True).content.decode()

    assert "not enough for any of the copies: still 6 short" in answer(0, 2)
    assert "enough for some of the copies, and still 4 short" in answer(2, 4)
    enough = answer(4, 8)
    assert "MUG: 8 in" in enough
    assert 'max="999999999"' in enough
    assert "The copies can be retried." in enough
    assert "There is enough of MUG now" in enough
    assert "Not enough of MUG in stock" not in enough
    assert "1 copy met nothing else: retry it" in enough


def test_only_what_lies_where_the_markets_of_the_copies_sell_from_counts(staff: Staff) -> None:
    here = shop()
    mug = here.sku("MUG", stock=2)
    elsewhere = shop().warehouse
    here.stock(mug, 100, elsewhere)
    copied(order_with(here, Line(mug, 3)))
    client = staff(OPERATOR)

    def seen() -> tuple[bool, int, int, set[str]]:
        (group,) = client.get(reverse(ERRORS)).context["groups"]
        places = {item.stock_location_id for item in group.items}
        return group.mended, group.supply.there, group.supply.lacking, places

    assert seen() == (False, 2, 1, {here.warehouse.pk})
    beside = market_beside(here, elsewhere)
    copied(order_with(here, Line(mug, 104), market=beside))
    # What lies there is of no use to those who want three here.
    assert seen() == (False, 102, 5, {here.warehouse.pk, elsewhere.pk})
    StockItem.objects.filter(stock_location=elsewhere).update(quantity=200)
    assert seen() == (False, 202, 1, {here.warehouse.pk, elsewhere.pk})
    StockItem.objects.filter(stock_location=here.warehouse).update(quantity=3)
    assert seen()[0]


def test_a_cause_holds_since_its_first_failure_however_often_it_was_retried(staff: Staff) -> None:
    here = shop()
    mug, jam = here.sku("MUG", stock=0), here.sku("JAM")
    copy = copied(order_with(here, Line(mug, 2), Line(jam)))
    Sku.objects.filter(pk=jam.pk).update(disabled_at="2020-01-01T00:00Z")
    retry_copies([copy.pk], who=TESTER)
    (copy,) = run([copy])

    groups = staff(VIEWER).get(reverse(ERRORS)).context["groups"]

    since = {group.cause.sku_code: group.cause.since for group in groups}
    first, second = copy.attempts.order_by("number")
    assert since == {"MUG": first.ended_at, "JAM": second.ended_at}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seen": "3"}, "The stock changed meanwhile: it is 1,200 now"),
        ({"quantity": "-1"}, "Give a whole number of pieces"),
        ({"quantity": "many"}, "Give a whole number of pieces"),
        ({"quantity": "1000000000"}, "So many pieces cannot lie in one place: give at most 9999"),
        ({"stock_item": "nothing"}, "This place has no stock of it any more"),
    ],
)
def test_stock_stays_as_it_is_when_something_is_wrong(
    changed: dict[str, str], said: str, staff: Staff
) -> None:
    item = shop().sku("MUG", stock=1200).stock_items.get()
    form = {"stock_item": item.pk, "seen": "1200", "quantity": "7", **changed}

    answer = staff(OPERATOR).post(reverse(STOCK), form, follow=True)

    assert said in answer.content.decode()
    item.refresh_from_db()
    assert item.quantity == 1200


def test_a_disabled_product_is_put_to_use_again(staff: Staff) -> None:
    here = shop()
    jam = here.sku("JAM", disabled_at="2020-01-01T00:00Z")
    copy = copied(order_with(here, Line(jam)))
    client = staff(OPERATOR)

    client.post(reverse(ENABLE), {"sku": jam.pk})

    (group,) = client.get(reverse(ERRORS)).context["groups"]
    assert group.mended
    retry_copies([copy.pk], who=TESTER)
    assert run([copy])[0].status == FactoryStatus.COMPLETED


def test_who_may_only_look_mends_nothing_and_get_changes_nothing(staff: Staff) -> None:
    here = shop()
    jam = here.sku("JAM", stock=1, disabled_at="2020-01-01T00:00Z")
    form = {"stock_item": jam.stock_items.get().pk, "seen": "1", "quantity": "7", "sku": jam.pk}
    viewer, operator = staff(VIEWER), staff(OPERATOR)

    for address in (reverse(STOCK), reverse(ENABLE)):
        assert viewer.post(address, form).status_code == 403
        assert operator.get(address, form).status_code == 405
        assert operator.post(address, {**form, "_mode": "live"}).status_code == 409
    jam.refresh_from_db()
    assert (jam.disabled_at is None, jam.stock_items.get().quantity) == (False, 1)


def test_live_stock_is_not_touched_from_test(staff: Staff) -> None:
    mug = shop("live").sku("MUG", stock=1, disabled_at="2020-01-01T00:00Z")
    form = {"stock_item": mug.stock_items.get().pk, "seen": "1", "quantity": "7", "sku": mug.pk}
    operator = staff(OPERATOR, mode="test")

    operator.post(reverse(STOCK), form)
    operator.post(reverse(ENABLE), form)

    mug.refresh_from_db()
    assert (mug.disabled_at is None, mug.stock_items.get().quantity) == (False, 1)


def test_an_asked_for_copy_waits(staff: Staff) -> None:
    here = shop()
    (copy,) = asked_for(order_with(here, Line(here.sku())))

    page = page_of(staff(VIEWER), copy)

    assert [moment.words for moment in page.context["moments"]] == ["Asked for by command pytest"]
    assert "Waiting" in page.content.decode()
