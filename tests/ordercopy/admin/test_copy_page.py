"""A copy's own page, asked of the server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from config.roles import OPERATOR, VIEWER
from ordercopy.copies import retry_copies
from ordercopy.models import OrderCopy
from orders.models import Order, PaymentMethod, Sku, StockItem
from tests.copying import asked_for, copied, run
from tests.factories import NOON, TESTER, Line, order_with, placed_order, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def page_of(client: StaffClient, copy: OrderCopy) -> Any:
    return client.get(reverse("admin:ordercopy_ordercopy_change", args=[copy.pk]))


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


def test_an_asked_for_copy_waits(staff: Staff) -> None:
    here = shop()
    (copy,) = asked_for(order_with(here, Line(here.sku())))

    page = page_of(staff(VIEWER), copy)

    assert [moment.words for moment in page.context["moments"]] == ["Asked for by command pytest"]
    assert "Waiting" in page.content.decode()
