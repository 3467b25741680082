"""Shipments and the methods they go by, through the API."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Market, Shipment, ShippingMethod
from orders.shipments import MOVES
from tests.api_client import ApiClient, attributes_of, errors_of
from tests.factories import NOON, Line, Shop, add_shipment, order_with, placed_order, shop, total

pytestmark = pytest.mark.django_db

METHOD = "/data/relationships/shipping_method"
ORDER = "/data/relationships/order"
STATUS = "/data/attributes/status"
VERBS = {
    Shipment.Status.SHIPPED: "_ship",
    Shipment.Status.DELIVERED: "_deliver",
    Shipment.Status.CANCELLED: "_cancel",
}


def method(here: Shop, price: int = 400, **fields: Any) -> ShippingMethod:
    return ShippingMethod.objects.create(
        **{"mode": here.mode, "name": "Post", "price_amount_cents": price, **fields}
    )


def verb(goal: Shipment.Status) -> str:
    return VERBS.get(goal, f"_{goal}")


@pytest.mark.parametrize("goal", MOVES)
def test_a_shipment_moves_only_as_the_table_says(
    here: Shop, api: ApiClient, goal: Shipment.Status
) -> None:
    shipment = add_shipment(placed_order(here), here.courier)
    for start in Shipment.Status:
        Shipment.objects.update(status=start)
        answer = api.update("shipments", shipment.pk, {verb(goal): True})
        if start == goal or start in MOVES[goal]:
            assert attributes_of(answer)["status"] == goal
        else:
            assert errors_of(answer) == [(422, "VALIDATION_ERROR", STATUS)]
            title = answer.json()["errors"][0]["title"]
            assert title == f"cannot transition from {start} to {goal}"


def test_the_way_to_the_customer(here: Shop, api: ApiClient) -> None:
    shipment = add_shipment(placed_order(here), here.courier)
    for name in ("upcoming", "picking", "on_hold", "packing", "ready_to_ship", "ship", "deliver"):
        found = attributes_of(api.update("shipments", shipment.pk, {f"_{name}": True}))
    assert found["status"] == "delivered"
    times = ("picking", "on_hold", "packing", "ready_to_ship", "shipped", "delivered")
    assert all(found[f"{name}_at"] for name in times)
    entries = api.document(f"/api/shipments/{shipment.pk}/event_stores")["data"]
    assert len(entries) == 7


def test_nothing_is_sent_of_an_order_that_nobody_placed(here: Shop, api: ApiClient) -> None:
    shipment = add_shipment(order_with(here, Line(here.sku())), here.courier)
    answer = api.update("shipments", shipment.pk, {"_upcoming": True})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", ORDER)]


def test_a_cancelled_shipment_costs_nothing(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1000)), shipping_cost=500)
    api.update("shipments", order.shipments.get().pk, {"_cancel": True})
    assert total(order) == 1000
    agreed = placed_order(here, shipping_cost=500)
    answer = api.update("shipments", agreed.shipments.get().pk, {"_cancel": True})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", ORDER)]


def test_what_has_to_be_sent_gets_a_shipment(here: Shop, api: ApiClient) -> None:
    Market.objects.filter(pk=here.market.pk).update(default_shipping_method=here.courier)
    order = order_with(here)
    service = here.sku(price=1000, do_not_ship=True)
    parcel = here.sku(price=2000)

    api.create("line_items", {"sku_code": service.code, "quantity": 1}, order=("orders", order))
    assert (total(order), order.shipments.count()) == (1000, 0)

    line = api.create(
        "line_items", {"sku_code": parcel.code, "quantity": 1}, order=("orders", order)
    )
    shipment = order.shipments.get()
    assert (total(order), shipment.status, shipment.shipping_method) == (
        3500,
        "draft",
        here.courier,
    )
    document = api.document(f"/api/orders/{order.pk}", {"include": "default_shipping_method"})
    assert [each["id"] for each in document["included"]] == [here.courier.pk]

    api.delete("line_items", line.json()["data"]["id"])
    assert (total(order), order.shipments.count()) == (1000, 0)


def test_choosing_a_method_changes_the_cost(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1000), 2), shipping_cost=500)
    shipment = order.shipments.get()
    cheap = method(here, 300)

    found = attributes_of(
        api.update("shipments", shipment.pk, shipping_method=("shipping_methods", cheap))
    )

    assert (found["cost_amount_cents"], found["formatted_cost_amount"]) == (300, "€3,00")
    assert (found["currency_code"], found["skus_count"]) == ("EUR", 2)
    assert (total(order), order.shipping_amount_cents) == (2300, 300)
    api.update("shipments", shipment.pk, shipping_method=None)
    assert total(order) == 2000


def test_shipping_is_free_over_a_limit(here: Shop, api: ApiClient) -> None:
    generous = method(here, 400, free_over_amount_cents=1500)
    order = order_with(here, Line(here.sku(price=1000)))
    shipment = add_shipment(order, None)
    api.update("shipments", shipment.pk, shipping_method=("shipping_methods", generous))
    assert total(order) == 1400

    api.update("line_items", order.line_items.get().pk, {"quantity": 2})
    assert (total(order), order.shipping_amount_cents) == (2000, 0)
    api.update("line_items", order.line_items.get().pk, {"quantity": 1})
    assert total(order) == 1400


def test_a_discount_counts_for_the_limit_unless_the_subtotal_is_asked(
    here: Shop, api: ApiClient
) -> None:
    order = order_with(here, Line(here.sku(price=2000), discount=-1000))
    shipment = add_shipment(order, None)
    for use_subtotal, cost in ((False, 400), (True, 0)):
        asked = method(here, 400, free_over_amount_cents=1500, use_subtotal=use_subtotal)
        api.update("shipments", shipment.pk, shipping_method=("shipping_methods", asked))
        assert total(order) == 1000 + cost


def test_only_methods_that_are_available_can_be_chosen(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(weight=2, unit_of_weight="lb"), 2))
    shipment = add_shipment(order, None)
    fits = method(here, min_weight=60, max_weight=65, unit_of_weight="oz", currency_code="EUR")
    elsewhere = shop()
    elsewhere.courier.delete()
    others = [
        method(here, disabled_at=NOON),
        method(here, market=elsewhere.market),
        method(here, currency_code="USD"),
        method(here, max_weight=1000),
        method(here, min_weight=5, unit_of_weight="lb"),
    ]
    foreign = method(shop("live"))

    found = api.document(f"/api/shipments/{shipment.pk}/available_shipping_methods")["data"]

    assert {each["id"] for each in found} == {here.courier.pk, fits.pk}
    for other in [*others, foreign]:
        answer = api.update("shipments", shipment.pk, shipping_method=("shipping_methods", other))
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", METHOD)]


def test_methods_tell_what_they_would_cost(here: Shop, api: ApiClient) -> None:
    ShippingMethod.objects.all().delete()
    order = order_with(here, Line(here.sku(price=2000)))
    shipment = add_shipment(order, None)
    made = method(here, 400, free_over_amount_cents=1500)
    document = api.document(
        f"/api/orders/{order.pk}", {"include": "shipments.available_shipping_methods"}
    )
    found = next(each for each in document["included"] if each["id"] == made.pk)["attributes"]
    assert (found["price_amount_cents"], found["price_amount_for_shipment_cents"]) == (400, 0)
    alone = api.document(f"/api/shipping_methods/{made.pk}")["data"]["attributes"]
    assert alone["price_amount_for_shipment_cents"] is None
    listed = api.document(f"/api/shipments/{shipment.pk}/available_shipping_methods")["data"]
    assert listed[0]["attributes"]["price_amount_for_shipment_cents"] == 0

    # Whichever way leads to it first.
    api.update("shipments", shipment.pk, shipping_method=("shipping_methods", made))
    ways = ["shipping_method", "available_shipping_methods"]
    for include in (ways, ways[::-1]):
        document = api.document(f"/api/shipments/{shipment.pk}", {"include": ",".join(include)})
        (found,) = document["included"]
        assert found["attributes"]["price_amount_for_shipment_cents"] == 0


def test_an_order_that_was_placed_keeps_its_way_and_cost(here: Shop, api: ApiClient) -> None:
    order = placed_order(here, shipping_cost=500)
    shipment = order.shipments.get()
    for answer in (
        api.update("shipments", shipment.pk, shipping_method=("shipping_methods", method(here))),
        api.delete("shipments", shipment.pk),
        api.create("shipments", order=("orders", order)),
    ):
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", ORDER)]
    assert attributes_of(api.update("shipments", shipment.pk, {"number": "P-1"}))["number"] == "P-1"


def test_shipments_are_made_and_taken_away(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1000)))
    made = api.create(
        "shipments", order=("orders", order), shipping_method=("shipping_methods", here.courier)
    )
    assert attributes_of(made)["status"] == "draft"
    assert total(order) == 1500
    assert api.delete("shipments", made.json()["data"]["id"]).status_code == 204
    assert total(order) == 1000


def test_a_shipment_goes_to_the_address_of_its_order(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()), shipping_cost=500)
    shipment = order.shipments.get()
    found = api.document(
        f"/api/shipments/{shipment.pk}", {"include": "shipping_address,line_items"}
    )
    assert {each["id"] for each in found["included"]} == {
        order.shipping_address_id,
        order.line_items.get().pk,
    }
    filters = {"filter[q][shipping_address_city_eq]": "Oxford"}
    assert api.ids("/api/shipments", filters) == [shipment.pk]
    answer = api.update("shipments", shipment.pk, shipping_address=("addresses", here.address()))
    place = "/data/relationships/shipping_address"
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", place)]


def test_shipping_methods_are_kept_by_the_merchant(here: Shop, api: ApiClient) -> None:
    made = api.create(
        "shipping_methods",
        {
            "name": "Express",
            "scheme": "flat",
            "currency_code": "USD",
            "price_amount_cents": 1250,
            "free_over_amount_cents": 9900,
            "_disable": True,
        },
    )
    found = attributes_of(made)
    assert (found["formatted_price_amount"], found["free_over_amount_float"]) == ("$12.50", 99.0)
    assert found["disabled_at"]
    pk = made.json()["data"]["id"]
    assert (
        attributes_of(api.update("shipping_methods", pk, {"_enable": True}))["disabled_at"] is None
    )
    for wrong, place in (
        ({"price_amount_cents": -1}, "price_amount_cents"),
        ({"scheme": "external"}, "scheme"),
    ):
        answer = api.update("shipping_methods", pk, wrong)
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", f"/data/attributes/{place}")]
    assert api.ids("/api/shipping_methods", {"filter[q][scheme_eq]": "flat", "sort": "scheme,name"})
    assert api.delete("shipping_methods", pk).status_code == 204


def test_a_list_with_includes_takes_as_many_statements_for_25_as_for_5(
    here: Shop, api: ApiClient
) -> None:
    for _ in range(25):
        order_with(here, Line(here.sku()), shipping_cost=500)
    include = "order,shipping_method,shipping_address,available_shipping_methods,line_items"
    counts = []
    for size in (5, 25):
        with CaptureQueriesContext(connection) as queries:
            document = api.document("/api/shipments", {"page[size]": size, "include": include})
        assert len(document["data"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
