"""What copies descend from and what they made stays: such orders cannot be deleted."""

from typing import Any

import pytest

from ordercopy.models import OrderCopy
from orders.models import Order
from tests.api_client import ApiClient
from tests.copying import asked_for, copied, target_of
from tests.factories import Line, order_with, shop

pytestmark = pytest.mark.django_db

HAS_MADE_NOTHING = (
    "cannot be deleted: it is the source of order copies that made nothing yet; delete these first"
)
WAS_COPIED = "cannot be deleted: other orders were copied from it"
IS_A_COPY = "cannot be deleted: it was copied from another order"


def refusal(order: Order) -> Any:
    answer = ApiClient().delete("orders", order.pk)
    assert answer.status_code == 422, answer.content
    assert Order.objects.filter(pk=order.pk).exists()
    return [error["title"] for error in answer.json()["errors"]]


def test_neither_source_nor_target_of_a_copy() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    target = target_of(copied(source))

    assert refusal(source) == [WAS_COPIED]
    assert refusal(target) == [IS_A_COPY]


def test_not_even_when_the_copy_itself_is_deleted() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    copy = copied(source)
    ApiClient().delete("order_copies", copy.pk)

    assert not OrderCopy.objects.exists()
    assert refusal(source) == [WAS_COPIED]
    assert refusal(target_of(copy)) == [IS_A_COPY]


def test_a_source_whose_copy_waits_or_failed_goes_once_the_copy_is_gone() -> None:
    here = shop()
    waiting, failing = (order_with(here, Line(here.sku(stock=0))) for _ in range(2))
    copies = [*asked_for(waiting), copied(failing)]
    api = ApiClient()

    assert refusal(waiting) == refusal(failing) == [HAS_MADE_NOTHING]

    for copy in copies:
        assert api.delete("order_copies", copy.pk).status_code == 204
    for order in (waiting, failing):
        assert api.delete("orders", order.pk).status_code == 204
    assert not Order.objects.exists()
