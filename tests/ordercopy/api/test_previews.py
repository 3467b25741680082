"""Previews through the API: what the same body would do as a copy, and nothing is stored."""

from typing import Any

import pytest

from ordercopy.models import OrderCopy
from orders.models import Event, EventStore, Order, StockItem
from tests.api_client import ApiClient, errors_of
from tests.copying import run
from tests.factories import Line, order_with, placed_order, shop
from tests.races import second_connection

pytestmark = pytest.mark.django_db

PREVIEWS = "order_copy_previews"
# What previews, copies and orders each have of their own under the same name.
OWN = {"reference", "reference_origin", "metadata", "errors_count"}


def stored() -> list[int]:
    rows = (Order, OrderCopy, Event, EventStore)
    return [model._default_manager.count() for model in rows]


def previewed(api: ApiClient, source: Order, query: str = "", **attributes: Any) -> Any:
    answer = api.create(PREVIEWS, attributes, query=query, source_order=("orders", source))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_it_says_what_the_copy_then_does() -> None:
    here = shop()
    here.promotion(percentage=10)
    tea, sold_out = here.sku("TEA", price=1200, stock=5), here.sku("GONE", stock=0)
    source = order_with(here, Line(tea, 2), Line(sold_out), shipping_cost=500)
    api = ApiClient()
    before = stored()
    asked = {"place_target_order": True, "skip_errors": True, "apply_promotions": True}

    said = previewed(api, source, **asked)["data"]["attributes"]

    assert stored() == before
    assert StockItem.objects.get(sku=tea).quantity == 5
    assert said["lines"] == [
        {
            "sku_code": "TEA",
            "quantity": 2,
            "unit_amount_cents": 1200,
            "total_amount_cents": 2400,
            "outcome": "copied",
            "code": None,
            "message": None,
        },
        {
            "sku_code": "GONE",
            "quantity": 1,
            "unit_amount_cents": 1000,
            "total_amount_cents": 1000,
            "outcome": "skipped",
            "code": "out_of_stock",
            "message": "GONE is out of stock (1 requested, 0 available)",
        },
    ]
    asked_for = api.create("order_copies", asked, source_order=("orders", source)).json()["data"]
    (copy,) = run([OrderCopy.objects.get(pk=asked_for["id"])])
    done = api.document(f"/api/order_copies/{copy.pk}")["data"]["attributes"]
    target = api.document(f"/api/orders/{copy.target_order_id}")["data"]["attributes"]
    assert (said["would"], done["status"]) == ("complete", "completed")
    assert said["target_status"] == target["status"] == "placed"
    for name in ("errors_log", "errors_count"):
        assert said[name] == done[name]
    for name in said.keys() & target.keys() - OWN:
        assert said[name] == target[name], name
    assert said["total_amount_cents"] == 2400 - 240 + 500
    assert said["formatted_total_amount"] == "€26,60"


def test_a_copy_that_would_fail_has_no_totals() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("GONE", stock=0)))

    said = previewed(ApiClient(), source)["data"]["attributes"]

    assert (said["would"], said["target_status"]) == ("fail", None)
    assert said["lines"][0]["outcome"] == "blocked"
    assert said["errors_log"] == {"line_items": [said["lines"][0]["message"]]}
    assert said["errors_count"] == 1
    assert {said["total_amount_cents"], said["formatted_total_amount"]} == {None}
    assert said["currency_code"] == "EUR"


def test_it_takes_the_body_of_a_copy_and_leads_nowhere() -> None:
    source = placed_order(shop())
    asked = {"reference": "mine", "metadata": {"a": 1}, "reuse_wallet": None, "skip_errors": True}

    document = previewed(
        ApiClient(),
        source,
        "?include=source_order&fields[orders]=number"
        f"&fields[{PREVIEWS}]=reference,metadata,reuse_wallet,skip_errors,cancel_source_order"
        ",source_order",
        **asked,
    )

    data = document["data"]
    assert data.keys() == {"id", "type", "attributes", "relationships", "meta"}
    assert data["attributes"] == asked | {"reuse_wallet": True, "cancel_source_order": None}
    assert data["relationships"] == {
        "source_order": {"data": {"type": "orders", "id": source.pk}},
    }
    assert document["included"][0]["attributes"] == {"number": source.number}


def test_what_a_copy_refuses_it_refuses() -> None:
    api, live = ApiClient(), placed_order(shop("live"))
    missing = [(422, "VALIDATION_ERROR", "/data/relationships/source_order")]

    assert errors_of(api.create(PREVIEWS)) == missing
    assert errors_of(api.create(PREVIEWS, source_order=("orders", live))) == missing
    assert errors_of(api.create(PREVIEWS, {"would": "complete"})) == [
        (400, "PARAM_NOT_ALLOWED", "/data/attributes/would")
    ]
    channel = ApiClient(kind="sales_channel", market=shop().market)
    assert errors_of(channel.create(PREVIEWS)) == [(401, "UNAUTHORIZED", None)]


def test_there_are_none_to_be_listed() -> None:
    api = ApiClient()
    for address in ("", "/aaaaaaaaaa", "/aaaaaaaaaa/source_order"):
        answer = api.get(f"/api/{PREVIEWS}{address}")
        assert errors_of(answer) == [(405, "METHOD_NOT_ALLOWED", None)]


def test_the_same_key_gives_the_same_preview_again() -> None:
    source = placed_order(shop())
    api = ApiClient()
    relationships = {"source_order": {"data": {"type": "orders", "id": source.pk}}}
    body = {"data": {"type": PREVIEWS, "relationships": relationships}}

    first, second = (
        api.send("POST", f"/api/{PREVIEWS}", body, **{"Idempotency-Key": "one"}) for _ in range(2)
    )

    assert first.status_code == 200
    assert second["Idempotent-Replayed"] == "true"
    assert second.content == first.content


@pytest.mark.django_db(transaction=True)
def test_it_does_not_wait_for_those_who_are_placing_orders() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    api = ApiClient()
    with second_connection() as other:
        other.execute("SELECT * FROM orders_stockitem FOR UPDATE")
        answer = api.create(PREVIEWS, {"place_target_order": True}, source_order=("orders", source))
    assert errors_of(answer) == [(423, "LOCKED", None)]
    assert previewed(api, source, place_target_order=True)["data"]["attributes"]["would"]
