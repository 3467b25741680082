"""What stood in the way of placing an order is kept with it, until it does not any more."""

from typing import Any

import pytest

from orders import lifecycle
from orders.models import Order, ResourceError
from tests.api_client import ApiClient
from tests.copying import copied
from tests.factories import TESTER, Line, order_with, placed_order, shop

pytestmark = pytest.mark.django_db


def errors(api: ApiClient, order: Order) -> Any:
    document = api.document(f"/api/orders/{order.pk}", {"include": "resource_errors"})
    found = {
        (each["attributes"]["name"], each["attributes"]["code"], each["attributes"]["message"])
        for each in document.get("included", [])
    }
    assert document["data"]["attributes"]["errors_count"] == len(found)
    return found


@pytest.mark.parametrize("verb", ["_place", "_validate"])
def test_they_are_those_of_the_last_attempt(verb: str) -> None:
    here, api = shop(), ApiClient()
    order = order_with(here, Line(here.sku()), billing_address=None, payment_method=None)
    blank = {(name, "BLANK", "can't be blank") for name in ("billing_address", "payment_method")}
    assert errors(api, order) == set()

    assert api.update("orders", order.pk, {verb: True, "reference": "x"}).status_code == 422
    assert errors(api, order) == blank
    assert Order.objects.get().reference is None
    Order.objects.update(billing_address=here.address())
    api.update("orders", order.pk, {verb: True})
    assert errors(api, order) == {("payment_method", "BLANK", "can't be blank")}

    Order.objects.update(payment_method=here.wire)
    assert api.update("orders", order.pk, {verb: True}).status_code == 200
    assert errors(api, order) == set()
    assert not ResourceError.objects.exists()


def test_whoever_tries_and_whoever_places() -> None:
    here, api = shop(), ApiClient()
    sku = here.sku("NW021", stock=1)
    short, fine = order_with(here, Line(sku, 2)), order_with(here, Line(sku))
    short_of = {("line_items", "OUT_OF_STOCK", "NW021 is out of stock (2 requested, 1 available)")}

    assert set(lifecycle.validate([short.pk, fine.pk])) == {short.pk}
    assert (errors(api, short), errors(api, fine)) == (short_of, set())
    sku.stock_items.update(quantity=3)
    outcome = lifecycle.place([short.pk, fine.pk], who=TESTER)
    assert outcome.done == [short.pk, fine.pk]
    assert errors(api, short) == set()


def test_a_copy_that_could_not_be_placed_says_why() -> None:
    here, api = shop(), ApiClient()
    order = order_with(here, Line(here.sku()), billing_address=None)
    target = copied(order, place_target_order=True).target_order
    assert target
    assert errors(api, target) == {("billing_address", "BLANK", "can't be blank")}


def test_an_order_that_is_past_placing_has_none() -> None:
    here, api = shop(), ApiClient()
    order = placed_order(here)
    lifecycle.cancel([order.pk], who=TESTER)
    assert api.update("orders", order.pk, {"_place": True}).status_code == 422
    assert errors(api, order) == set()


def test_they_are_found_and_lead_to_their_order() -> None:
    here, api = shop(), ApiClient()
    order = order_with(here, Line(here.sku()), billing_address=None, customer_email="")
    api.update("orders", order.pk, {"_validate": True})

    found = api.ids("/api/resource_errors", {"filter[q][code_eq]": "BLANK", "sort": "-name"})

    assert len(found) == 2
    assert api.document(f"/api/resource_errors/{found[0]}/resource")["data"]["id"] == order.pk
    named = {"filter[q][resource_errors_name_eq]": "billing_address"}
    assert api.ids("/api/orders", named) == [order.pk]


def test_they_go_with_their_order() -> None:
    here, api = shop(), ApiClient()
    order = order_with(here)
    lifecycle.validate([order.pk])
    assert ResourceError.objects.count() == 1
    assert api.delete("orders", order.pk).status_code == 204
    assert not ResourceError.objects.exists()
