"""An order among those it descends from and those that were made from it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from tests.api_client import ApiClient, errors_of
from tests.copying import asked_for, copied, run, target_of
from tests.factories import Line, Shop, order_with, shop

pytestmark = pytest.mark.django_db


def family(here: Shop) -> dict[str, Order]:
    """A grandmother, a mother with two children and an aunt."""
    grandmother = order_with(here, Line(here.sku(stock=100)))
    mother, aunt = (target_of(copied(grandmother)) for _ in range(2))
    child, sibling = (target_of(copied(mother)) for _ in range(2))
    return {
        "grandmother": grandmother,
        "mother": mother,
        "aunt": aunt,
        "child": child,
        "sibling": sibling,
    }


def generations(document: Any) -> list[tuple[str, int]]:
    return [(each["id"], each["meta"]["generation"]) for each in document["data"]]


def test_it_is_told_oldest_first_with_the_generation_of_each() -> None:
    them = family(shop())
    api = ApiClient()

    of_mother = api.document(f"/api/orders/{them['mother'].pk}/lineage")

    told = generations(of_mother)
    assert told[:2] == [(them["grandmother"].pk, -1), (them["mother"].pk, 0)]
    assert sorted(told[2:]) == sorted([(them["child"].pk, 1), (them["sibling"].pk, 1)])
    assert of_mother["meta"] == {"record_count": 4, "page_count": 1}
    meta = of_mother["data"][0]["meta"]
    assert meta.keys() == {"mode", "organization_id", "generation"}
    of_child = api.document(f"/api/orders/{them['child'].pk}/lineage")
    assert generations(of_child) == [
        (them["grandmother"].pk, -2),
        (them["mother"].pk, -1),
        (them["child"].pk, 0),
    ]


def test_it_is_a_list_like_any_other() -> None:
    them = family(shop())
    api = ApiClient()
    address = f"/api/orders/{them['grandmother'].pk}/lineage"

    page = api.document(
        address,
        {
            "page[size]": 2,
            "page[number]": 2,
            "sort": "-number",
            "include": "customer",
            "fields[orders]": "number,customer",
        },
    )

    numbers = sorted((order.number for order in them.values()), reverse=True)
    assert [each["attributes"] for each in page["data"]] == [
        {"number": number} for number in numbers[2:4]
    ]
    assert page["meta"] == {"record_count": 5, "page_count": 3}
    assert "page[number]=3" in page["links"]["next"]
    assert {each["type"] for each in page["included"]} == {"customers"}
    wanted = {"filter[q][number_eq]": them["aunt"].number}
    assert generations(api.document(address, wanted)) == [(them["aunt"].pk, 1)]
    assert errors_of(api.get(address, {"sort": "generation"})) == [
        (400, "INVALID_SORT_CRITERIA", "sort")
    ]


def test_orders_lead_to_it_and_do_not_include_it() -> None:
    order = order_with(shop())
    api = ApiClient()

    document = api.document(f"/api/orders/{order.pk}")

    links = document["data"]["relationships"]["lineage"]["links"]
    assert links["related"].endswith(f"/api/orders/{order.pk}/lineage")
    assert api.ids(f"/api/orders/{order.pk}/relationships/lineage") == [order.pk]
    answer = api.get("/api/orders", {"include": "lineage"})
    assert errors_of(answer) == [(400, "INVALID_INCLUDE", "include")]


def test_it_stays_in_its_mode() -> None:
    """The shop never makes such links; if something did, the API would still not follow them."""
    test = order_with(shop())
    live = order_with(shop("live"), copied_from=test)
    beyond = order_with(shop(), copied_from=live)

    assert ApiClient().ids(f"/api/orders/{test.pk}/lineage") == [test.pk]
    assert ApiClient().ids(f"/api/orders/{beyond.pk}/lineage") == [beyond.pk]
    answer = ApiClient().get(f"/api/orders/{live.pk}/lineage")
    assert errors_of(answer) == [(404, "RECORD_NOT_FOUND", None)]


def test_a_storefront_sees_of_it_what_it_made() -> None:
    here = shop()
    channel = ApiClient(kind="sales_channel", market=here.market)
    pk = channel.create("orders", {"customer_email": "a@example.com"}).json()["data"]["id"]
    Order.objects.filter(pk=pk).update(copied_from=order_with(here))
    order_with(here, copied_from_id=pk)

    assert channel.ids(f"/api/orders/{pk}/lineage") == [pk]
    assert len(ApiClient().ids(f"/api/orders/{pk}/lineage")) == 3


def test_it_takes_as_many_statements_for_many_as_for_few() -> None:
    here = shop()
    source = order_with(here, Line(here.sku(stock=100)))
    api = ApiClient()
    address = f"/api/orders/{source.pk}/lineage"
    api.document(address)  # whatever is read once for all requests has been read
    counts = []
    for copies in (2, 20):
        run(asked_for(*[source] * copies))
        with CaptureQueriesContext(connection) as queries:
            document = api.document(address, {"page[size]": 25, "include": "customer"})
        counts.append((document["meta"]["record_count"], len(queries)))
    assert counts[0] == (3, counts[1][1])
    assert counts[1] == (23, counts[0][1])


def test_ten_thousand_generations_are_a_list_of_ten_thousand() -> None:
    """Deep or wide makes no difference: each relative is one look into an index."""
    first = order_with(shop())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_order (id, mode, market_id, currency_code, copied_from_id, number)"
            " SELECT lpad(n::text, 10, '0'), 'test', %(market)s, 'EUR',"
            "        CASE n WHEN 1 THEN %(first)s ELSE lpad((n - 1)::text, 10, '0') END, 'L' || n"
            "   FROM generate_series(1, 10000) AS n",
            {"market": first.market_id, "first": first.pk},
        )
        # As autovacuum would soon; what it found in a table just emptied makes the planner scan.
        cursor.execute("ANALYZE orders_order")
    page = {"page[size]": 2, "page[number]": 5_000}

    of_the_last = ApiClient().document("/api/orders/0000010000/lineage", page)

    assert generations(of_the_last) == [("0000009998", -2), ("0000009999", -1)]
    assert of_the_last["meta"]["record_count"] == 10_001
