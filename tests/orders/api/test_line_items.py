"""Lines of orders through the API: an order is filled, changed, and placed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import EventStore, LineItem, Order, Price
from orders.promotions import apply_promotions
from tests.api_client import ApiClient, attributes_of, errors_of, refused
from tests.copying import asked_for, run
from tests.factories import (
    NOON,
    Line,
    Shop,
    add_adjustment,
    order_with,
    placed_order,
    shop,
    total,
)

pytestmark = pytest.mark.django_db

QUANTITY = "/data/attributes/quantity"
SKU_CODE = "/data/attributes/sku_code"
UNIT_AMOUNT = "/data/attributes/unit_amount_cents"
ITEM_TYPE = "/data/attributes/item_type"
ORDER = "/data/relationships/order"
ITEM = "/data/relationships/item"


def test_an_order_is_built_from_nothing_and_placed(here: Shop, api: ApiClient) -> None:
    mug = here.sku("MUG", price=1200, stock=5)
    pk = api.create("orders", {"customer_email": "new@example.com"}).json()["data"]["id"]

    by_code = api.create("line_items", {"sku_code": "MUG", "quantity": 2}, order=("orders", pk))
    by_item = api.create(
        "line_items",
        {"quantity": 1, "name": "A gift"},
        order=("orders", pk),
        item=("skus", here.sku("BOX", price=301)),
    )

    found = attributes_of(by_code)
    assert (found["name"], found["item_type"], found["currency_code"]) == ("MUG", "skus", "EUR")
    assert (found["unit_amount_cents"], found["total_amount_cents"]) == (1200, 2400)
    assert (found["total_amount_float"], found["formatted_total_amount"]) == (24.0, "€24,00")
    assert attributes_of(by_item)["name"] == "A gift"
    order = Order.objects.get(pk=pk)
    assert (order.status, order.subtotal_amount_cents, order.total_amount_cents) == (
        "pending",
        2701,
        2701,
    )

    address = here.address()
    api.update("orders", pk, {"_billing_address_clone_id": address.pk})
    api.update("orders", pk, {"_shipping_address_same_as_billing": True})
    Order.objects.filter(pk=pk).update(payment_method=here.wire)
    placed = attributes_of(api.update("orders", pk, {"_place": True}))

    assert (placed["status"], placed["place_total_amount_cents"]) == ("placed", 2701)
    assert mug.stock_items.get().quantity == 3


def test_a_line_costs_what_the_market_says(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=900)
    Price.objects.filter(sku=sku).update(compare_at_amount_cents=1100)
    order = order_with(here)

    found = attributes_of(
        api.create(
            "line_items",
            {"sku_code": sku.code, "quantity": 1, "unit_amount_cents": None},
            order=("orders", order),
        )
    )

    assert (found["unit_amount_cents"], found["compare_at_amount_cents"]) == (900, 1100)


def test_a_merchant_may_name_another_price(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=900)
    order = order_with(here)
    made = api.create(
        "line_items",
        {"sku_code": sku.code, "quantity": 2, "unit_amount_cents": 700, "_external_price": True},
        order=("orders", order),
    )
    api.update("orders", order.pk, {"_refresh_prices": True})
    assert attributes_of(made)["_external_price"] is True
    assert total(order) == 1400

    pk = made.json()["data"]["id"]
    assert (
        attributes_of(api.update("line_items", pk, {"_external_price": False}))["unit_amount_cents"]
        == 900
    )
    assert total(order) == 1800


@pytest.mark.parametrize(
    ("attributes", "place"),
    [
        ({"sku_code": "GONE", "quantity": 1}, SKU_CODE),
        ({"sku_code": "ELSEWHERE", "quantity": 1}, SKU_CODE),
        ({"sku_code": "OFF", "quantity": 1}, SKU_CODE),
        ({"sku_code": "PRICELESS", "quantity": 1}, SKU_CODE),
        ({"sku_code": "MUG", "quantity": 0}, QUANTITY),
        ({"sku_code": "MUG", "quantity": -1}, QUANTITY),
        ({"sku_code": "MUG", "quantity": None}, QUANTITY),
        ({"sku_code": "MUG"}, QUANTITY),
        ({"sku_code": "MUG", "quantity": 1, "unit_amount_cents": -1}, UNIT_AMOUNT),
        ({"sku_code": "MUG", "quantity": 2, "unit_amount_cents": 2**62}, "/data"),
        ({"sku_code": "MUG", "quantity": 1, "item_type": "adjustments"}, ITEM_TYPE),
        ({"name": "?", "quantity": 1, "item_type": "fixed_amount_promotions"}, ITEM_TYPE),
        ({"name": "?", "quantity": 1, "item_type": "adjustments"}, UNIT_AMOUNT),
        ({"quantity": 1}, ITEM),
    ],
)
def test_what_cannot_be_a_line_is_refused(
    here: Shop, api: ApiClient, attributes: dict[str, Any], place: str
) -> None:
    here.sku("MUG")
    here.sku("OFF", disabled_at=NOON)
    Price.objects.filter(sku=here.sku("PRICELESS")).delete()
    shop("live").sku("ELSEWHERE")
    order = order_with(here)

    answer = api.create("line_items", attributes, order=("orders", order))

    assert errors_of(answer) == [(422, "VALIDATION_ERROR", place)]
    assert not LineItem.objects.exists()


def test_an_item_has_to_be_a_sku_of_the_same_world(here: Shop, api: ApiClient) -> None:
    order = order_with(here)
    foreign = shop("live").sku()
    disabled = here.sku("OFF", disabled_at=NOON)
    for item in (foreign, disabled):
        answer = api.create(
            "line_items", {"quantity": 1}, order=("orders", order), item=("skus", item)
        )
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", ITEM)]
    both = api.create(
        "line_items",
        {"quantity": 1, "sku_code": here.sku().code},
        order=("orders", order),
        item=("skus", here.sku()),
    )
    assert errors_of(both) == [(422, "VALIDATION_ERROR", SKU_CODE)]
    strange = order_with(shop("live"))
    answer = api.create(
        "line_items", {"quantity": 1, "sku_code": here.sku().code}, order=("orders", strange)
    )
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", ORDER)]


def test_update_quantity_adds_to_the_line_that_is_there(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=500)
    order = order_with(here, Line(sku, 2))
    more = {"sku_code": sku.code, "quantity": 3}

    added = api.create("line_items", {**more, "_update_quantity": True}, order=("orders", order))

    line = order.line_items.get()
    assert added.json()["data"]["id"] == line.pk
    assert (line.quantity, total(order)) == (5, 2500)

    api.create("line_items", {**more, "_update_quantity": False}, order=("orders", order))
    assert [each.quantity for each in order.line_items.order_by("position")] == [5, 3]
    assert total(order) == 4000


def test_lines_are_changed_and_removed(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=500), 2, options=(50,)))
    line = order.line_items.get()

    found = attributes_of(api.update("line_items", line.pk, {"quantity": 3, "metadata": {"a": 1}}))

    assert (found["total_amount_cents"], found["options_amount_cents"]) == (1550, 50)
    assert found["metadata"] == {"a": 1}
    assert total(order) == 1550
    assert api.delete("line_items", line.pk).status_code == 204
    assert (total(order), order.status) == (0, "draft")


def test_another_sku_brings_its_own_price(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=500), 2, price=1))
    LineItem.objects.update(external_price=True)
    other = here.sku("OTHER", price=800)

    found = attributes_of(
        api.update("line_items", order.line_items.get().pk, {"sku_code": other.code})
    )

    assert (found["name"], found["unit_amount_cents"]) == ("OTHER", 800)
    assert found["_external_price"] is False
    assert total(order) == 1600


def test_an_order_that_was_placed_keeps_its_lines(here: Shop, api: ApiClient) -> None:
    order = placed_order(here)
    line = order.line_items.get()
    sku_code = {"sku_code": line.sku_code, "quantity": 1}
    refused = [(422, "VALIDATION_ERROR", ORDER)]

    assert errors_of(api.create("line_items", sku_code, order=("orders", order))) == refused
    assert errors_of(api.update("line_items", line.pk, {"quantity": 2})) == refused
    assert errors_of(api.delete("line_items", line.pk)) == refused
    assert (
        attributes_of(api.update("line_items", line.pk, {"reference": "ERP-1"}))["reference"]
        == "ERP-1"
    )


def test_options_are_not_priced_at_the_line(here: Shop, api: ApiClient) -> None:
    line = order_with(here, Line(here.sku(), options=(50,))).line_items.get()
    answer = api.update("line_items", line.pk, {"options_amount_cents": 10})
    place = "/data/attributes/options_amount_cents"
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", place)]
    assert api.update("line_items", line.pk, {"options_amount_cents": 50}).status_code == 200


def test_an_adjustment_is_a_line_without_a_sku(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1000)))
    made = api.create(
        "line_items",
        {"item_type": "adjustments", "name": "Sorry", "quantity": 1, "unit_amount_cents": -300},
        order=("orders", order),
    )
    assert attributes_of(made)["item_type"] == "adjustments"
    assert (total(order), order.adjustment_amount_cents) == (700, -300)
    below_nothing = api.update(
        "line_items", made.json()["data"]["id"], {"unit_amount_cents": -3000}
    )
    assert errors_of(below_nothing) == [(422, "VALIDATION_ERROR", "/data")]
    assert total(order) == 700


def test_each_write_is_in_the_audit_trail(here: Shop, api: ApiClient) -> None:
    order = order_with(here)
    sku = here.sku()
    pk = api.create(
        "line_items", {"sku_code": sku.code, "quantity": 1}, order=("orders", order)
    ).json()["data"]["id"]
    api.update("line_items", pk, {"quantity": 4})
    api.delete("line_items", pk)
    entries = EventStore.objects.filter(resource_type="line_items", resource_id=pk)
    created, updated, destroyed = entries.order_by("created_at", "pk")
    assert created.payload["sku_code"] == {"from": None, "to": sku.code}
    assert updated.payload == {"quantity": {"from": 1, "to": 4}}
    assert destroyed.event == "destroy"


def test_the_item_of_a_line_is_a_sku_or_a_promotion(here: Shop, api: ApiClient) -> None:
    sku = here.sku()
    here.promotion(percentage=10)
    order = order_with(here, Line(sku))
    apply_promotions([order.pk], at=datetime.now(UTC))
    line = order.line_items.get(sku=sku)

    assert api.document(f"/api/line_items/{line.pk}/item")["data"]["id"] == sku.pk
    linked = api.document(f"/api/line_items/{line.pk}/relationships/item")
    assert linked["data"] == {"type": "skus", "id": sku.pk}
    document = api.document(f"/api/line_items/{line.pk}", {"include": "item"})
    assert document["data"]["relationships"]["item"]["data"] == {"type": "skus", "id": sku.pk}
    assert "data" not in document["data"]["relationships"]["order"]
    (promoted,) = order.line_items.exclude(sku=sku)
    nothing = add_adjustment(order, 5)
    for each in (line, promoted, nothing):
        api.document(f"/api/line_items/{each.pk}/item", {"include": "prices,coupons"})
    assert api.document(f"/api/line_items/{nothing.pk}/item")["data"] is None
    assert api.document(f"/api/line_items/{nothing.pk}/relationships/item")["data"] is None


def test_lines_are_found_by_their_order_and_sku(here: Shop, api: ApiClient) -> None:
    sku = here.sku("MUG")
    order = order_with(here, Line(sku), Line(here.sku()))
    order_with(here, Line(here.sku()))
    found = api.ids("/api/line_items", {"filter[q][order_id_eq]": order.pk})
    assert len(found) == 2
    mugs = api.ids("/api/line_items", {"filter[q][sku_code_eq]": "MUG"})
    assert mugs == api.ids("/api/line_items", {"filter[q][sku_name_eq]": "MUG"})
    assert len(mugs) == 1
    orders = api.ids("/api/orders", {"filter[q][line_items_sku_code_in]": "MUG"})
    assert orders == [order.pk]


def test_a_list_with_includes_takes_as_many_statements_for_25_as_for_5(
    here: Shop, api: ApiClient
) -> None:
    orders = [order_with(here, Line(here.sku()), Line(here.sku())) for _ in range(25)]
    run(asked_for(*orders))
    api.document("/api/line_items")  # whatever is read once for all requests has been read
    for address, include in (
        ("/api/line_items", "order,item,tags"),
        ("/api/order_copies", "source_order.line_items,target_order"),
        ("/api/order_copies", "target_order.line_items.item"),
    ):
        counts = []
        for size in (5, 25):
            with CaptureQueriesContext(connection) as queries:
                document = api.document(address, {"page[size]": size, "include": include})
            assert len(document["data"]) == size
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_line_is_of_one_piece_at_least(here: Shop, api: ApiClient, quantity: int) -> None:
    line = order_with(here, Line(here.sku())).line_items.get()
    answer = api.update("line_items", line.pk, {"quantity": quantity})
    assert refused(answer) == (QUANTITY, "must be greater than or equal to 1")


def test_a_frequency_is_one_that_there_is(here: Shop, api: ApiClient) -> None:
    line = order_with(here, Line(here.sku())).line_items.get()
    for good in ("two-month", "0 8 * * MON", None):
        found = attributes_of(api.update("line_items", line.pk, {"frequency": good}))
        assert found["frequency"] == good
    for bad in ("sometimes", "*/5 * * * *"):
        where, message = refused(api.update("line_items", line.pk, {"frequency": bad}))
        assert where == "/data/attributes/frequency"
        assert message.startswith("is not a frequency such as hourly, daily")
