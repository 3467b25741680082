"""The first page: its figures are those of the lists that they lead to."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from config.roles import OPERATOR, VIEWER
from ordercopy.models import FactoryStatus, OrderCopy, OrderFactory
from orders.models import StockItem
from tests.copying import asked_for, copied
from tests.factories import Line, order_with, shop
from tests.staff import StaffClient

pytestmark = pytest.mark.django_db

Staff = Callable[..., StaffClient]


def home(client: StaffClient) -> Any:
    return client.get(reverse("admin:index"))


def listed(client: StaffClient, address: str) -> int:
    return int(client.get(address).context["cl"].result_count)


def some_copies() -> None:
    here = shop("test")
    short = here.sku("MUG", stock=1)
    for _ in range(2):
        copied(order_with(here, Line(short, 2)))
        copied(order_with(here, Line(here.sku(), 1)))
    asked_for(order_with(here, Line(here.sku(), 1)))


def test_each_figure_leads_to_the_list_that_it_counts(staff: Staff) -> None:
    some_copies()
    copied(order_with(shop("live"), Line(shop("live").sku("CUP", stock=0), 1)))
    client = staff(VIEWER)
    page = home(client).context
    overview, lists = page["overview"], page["lists"]

    assert (overview.waiting, overview.count(FactoryStatus.COMPLETED), overview.total) == (1, 2, 5)
    assert listed(client, lists["waiting"]) == 1
    assert listed(client, lists["failed"]) == overview.failed == 2
    for _status, _words, count, address in page["outcomes"]:
        assert listed(client, address) == count
    assert listed(client, lists["completed"]) == 2
    assert listed(client, page["bars"][-1].address) == page["bars"][-1].total == 5
    (trouble,) = page["troubles"]
    assert listed(client, trouble.copies) == trouble.cause.copies == 2
    for place in (trouble.place, reverse("admin:ordercopy_errors") + "?sku=mu"):
        (group,) = client.get(place).context["groups"]
        assert group.cause == trouble.cause


def test_what_is_mended_by_now_says_so_and_can_be_retried(staff: Staff) -> None:
    some_copies()
    client = staff(OPERATOR)
    assert "Not enough of MUG in stock" in home(client).content.decode()

    StockItem.objects.filter(sku__code="MUG").update(quantity=50)
    page = home(client).content.decode()

    assert "There is enough of MUG now" in page
    assert "This is not in the way any more: retry them." in page
    assert "Not enough of MUG in stock" not in page


def test_money_is_that_of_the_new_orders(staff: Staff) -> None:
    some_copies()
    made = OrderCopy.objects.filter(status=FactoryStatus.COMPLETED)
    page = home(staff(VIEWER)).context
    ((_, orders),) = page["money"]
    (money,) = page["overview"].money
    assert orders == money.orders == 2
    assert money.cents == sum(made.values_list("target_order__total_amount_cents", flat=True))


def test_a_copy_is_counted_on_its_day_and_not_for_ever(staff: Staff) -> None:
    some_copies()
    client = staff(VIEWER)
    bars = home(client).context["bars"]
    yesterday = timezone.now() - timedelta(days=1)
    OrderFactory.objects.update(created_at=yesterday)
    later = home(client).context["bars"]
    assert [bar.total for bar in bars][-2:] == [0, 5]
    assert [bar.total for bar in later][-2:] == [5, 0]

    OrderFactory.objects.update(created_at=yesterday - timedelta(days=30))
    assert home(client).context["overview"].total == 0


def test_only_who_may_retry_is_offered_it(staff: Staff) -> None:
    some_copies()
    offered = re.compile(rb"Retry these 2 copies")
    assert not offered.search(home(staff(VIEWER)).content)
    assert offered.search(home(staff(OPERATOR)).content)


def test_an_empty_shop_says_what_to_do(staff: Staff) -> None:
    assert b"There are no orders yet" in home(staff(VIEWER)).content
    assert reverse("admin:import_orders").encode() in home(staff(OPERATOR)).content


def test_the_page_asks_the_database_the_same_however_much_there_is(
    staff: Staff, django_assert_max_num_queries: Any
) -> None:
    some_copies()
    client = staff(OPERATOR)
    home(client)
    with django_assert_max_num_queries(14):
        home(client)
