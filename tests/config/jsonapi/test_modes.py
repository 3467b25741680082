"""Test and live data are two worlds: no list, address, include, filter or reference joins them."""

from itertools import product

import pytest

from config.jsonapi import registry
from orders.models import Order, Sku, Tag
from tests.api_client import ApiClient, errors_of
from tests.factories import Line, order_with, shop
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["test", "live"])
def test_nothing_of_the_other_world_is_seen(mode: str) -> None:
    other = "live" if mode == "test" else "test"
    mine, theirs = world(mode), world(other)
    api = ApiClient(mode)
    resources = [each for each in registry.registered() if each.has_mode and each.stored]
    assert {each.type for each in resources} == mine.keys()
    for resource in resources:
        base = f"/api/{resource.type}"
        assert api.get(f"{base}/{mine[resource.type]}").status_code == 200
        if "list" in resource.actions:
            ids = api.ids(base, {"page[size]": 25})
            assert mine[resource.type] in ids
            assert theirs[resource.type] not in ids
        foreign = f"{base}/{theirs[resource.type]}"
        addresses = [foreign] + [
            f"{foreign}{kind}/{name}"
            for kind, name in product(("", "/relationships"), resource.relationships)
        ]
        for address in addresses:
            assert errors_of(api.get(address)) == [(404, "RECORD_NOT_FOUND", None)], address
        body = {"data": {"type": resource.type, "id": theirs[resource.type]}}
        for action, method in (("update", "PATCH"), ("delete", "DELETE")):
            if action in resource.actions:
                assert api.send(method, foreign, body).status_code == 404


def test_even_rows_that_point_across_show_nothing() -> None:
    """The shop never makes such rows; if something did, the API would still not tell."""
    test, live = shop("test"), shop("live")
    order = order_with(test, Line(test.sku()))
    Order.objects.filter(pk=order.pk).update(customer=live.alice)
    order.tags.add(Tag.objects.create(mode="live", name="secret"))
    api = ApiClient("test")

    document = api.document(f"/api/orders/{order.pk}", {"include": "customer,tags"})
    assert document["included"] == []
    assert document["data"]["relationships"]["customer"]["data"] is None
    assert api.document(f"/api/orders/{order.pk}/customer")["data"] is None
    assert api.document(f"/api/orders/{order.pk}/tags")["data"] == []
    assert api.document(f"/api/orders/{order.pk}/relationships/customer")["data"] is None
    for name, value in (("customer_email_eq", live.alice.email), ("tags_name_eq", "secret")):
        assert api.ids("/api/orders", {f"filter[q][{name}]": value}) == []


def test_references_are_resolved_in_the_callers_world() -> None:
    live = shop("live")
    sku = Sku.objects.get(pk=live.sku().pk)
    test = shop("test")
    api = ApiClient("test")
    stock = test.stock(test.sku(stock=None), 1)
    answer = api.update("stock_items", stock.pk, sku=("skus", sku))
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/relationships/sku")]
    answer = api.update("stock_items", stock.pk, {"sku_code": sku.code})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/attributes/sku_code")]
    order = order_with(test, Line(test.sku()))
    answer = api.update("orders", order.pk, customer=("customers", live.alice))
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/relationships/customer")]
