"""What answers look like: resource objects, links, pages, includes, fieldsets, headers."""

import gzip
import re
from typing import Any

import pytest
from django.test import override_settings

from orders.models import Tag
from tests.api_client import MEDIA_TYPE, ApiClient, errors_of
from tests.copying import copied
from tests.factories import Line, order_with, placed_order, shop

pytestmark = pytest.mark.django_db


def tags(count: int) -> None:
    Tag.objects.bulk_create([Tag(mode="test", name=f"tag {n:02}") for n in range(count)])


def test_a_resource_object() -> None:
    order = placed_order(shop())
    data = ApiClient().document(f"/api/orders/{order.pk}")["data"]
    address = f"http://testserver/api/orders/{order.pk}"
    assert (data["id"], data["type"], data["links"]) == (order.pk, "orders", {"self": address})
    assert data["relationships"]["customer"] == {
        "links": {"self": f"{address}/relationships/customer", "related": f"{address}/customer"}
    }
    assert data["meta"]["mode"] == "test"
    assert re.fullmatch(r"[A-Za-z0-9]{10}", data["meta"]["organization_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", data["attributes"]["placed_at"])


def test_amounts_come_in_threes() -> None:
    here = shop(currency="USD")
    order = order_with(here, Line(here.sku(price=1240), 2))
    attributes = ApiClient().document(f"/api/orders/{order.pk}")["data"]["attributes"]
    assert attributes["total_amount_cents"] == 2480
    assert attributes["total_amount_float"] == 24.8
    assert attributes["formatted_total_amount"] == "$24.80"
    assert attributes["total_amount_with_taxes_cents"] == 2480
    assert attributes["place_total_amount_cents"] is None
    assert attributes["formatted_place_total_amount"] is None
    assert attributes["skus_count"] == 2


def test_pages() -> None:
    tags(12)
    document = ApiClient().document(
        "/api/tags", {"page[size]": 5, "page[number]": 2, "sort": "name"}
    )
    assert document["data"][0]["attributes"]["name"] == "tag 05"
    assert document["meta"] == {"record_count": 12, "page_count": 3}
    at = "http://testserver/api/tags?page[size]=5&page[number]={}&sort=name"
    assert document["links"] == {
        "first": at.format(1),
        "prev": at.format(1),
        "next": at.format(3),
        "last": at.format(3),
    }
    last = ApiClient().document("/api/tags", {"page[size]": 25})
    assert set(last["links"]) == {"first", "last"}
    assert len(ApiClient().ids("/api/tags")) == 10


@pytest.mark.parametrize(
    ("configured", "headers", "root"),
    [
        ({"PUBLIC_URL": "https://shop.example"}, {}, "https://shop.example"),
        ({}, {}, "http://testserver"),
        (
            {
                "USE_X_FORWARDED_HOST": True,
                "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
                "ALLOWED_HOSTS": ["proxy.example"],
            },
            {"X-Forwarded-Host": "proxy.example", "X-Forwarded-Proto": "https"},
            "https://proxy.example",
        ),
    ],
)
def test_links_are_those_that_the_client_sees(
    configured: dict[str, Any], headers: dict[str, str], root: str
) -> None:
    tags(1)
    api = ApiClient()
    with override_settings(**configured):
        document = api.get("/api/tags", **headers).json()
    assert document["data"][0]["links"]["self"].startswith(f"{root}/api/tags/")
    assert document["links"]["first"].startswith(f"{root}/api/tags?")


def test_includes_name_each_resource_once_and_link_both_ways() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))
    first, second = copied(source), copied(source)
    document = ApiClient().document(
        "/api/order_copies",
        {"include": "source_order.customer,source_order.order_copies,target_order.customer"},
    )
    assert {each["id"] for each in document["data"]} == {first.pk, second.pk}
    included = [(each["type"], each["id"]) for each in document["included"]]
    assert sorted(included) == sorted(
        {
            ("orders", source.pk),
            ("orders", first.target_order_id),
            ("orders", second.target_order_id),
            ("customers", here.alice.pk),
        }
    )
    order = next(each for each in document["included"] if each["id"] == source.pk)
    copies = order["relationships"]["order_copies"]["data"]
    assert {each["id"] for each in copies} == {first.pk, second.pk}


def test_fields_choose_attributes_and_relationships() -> None:
    order = placed_order(shop())
    data = ApiClient().document(
        f"/api/orders/{order.pk}", {"fields[orders]": "number,customer", "include": "customer"}
    )["data"]
    assert data["attributes"] == {"number": order.number}
    assert set(data["relationships"]) == {"customer"}
    assert data["links"]["self"]


def test_fields_that_are_given_twice_count_twice() -> None:
    order = placed_order(shop())
    asked = "fields[orders]=number&fields[orders]=status"
    found = ApiClient().get(f"/api/orders/{order.pk}?{asked}").json()["data"]["attributes"]
    assert found == {"number": order.number, "status": "placed"}


def test_related_and_relationship_endpoints() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))
    api, base = ApiClient(), f"/api/order_copies/{copy.pk}"

    assert api.document(f"{base}/source_order")["data"]["id"] == copy.source_order_id
    assert api.document(f"{base}/order_subscription")["data"] is None
    link = api.document(f"{base}/relationships/source_order")
    assert link["data"] == {"type": "orders", "id": copy.source_order_id}
    assert link["links"]["related"] == f"http://testserver{base}/source_order"
    assert api.document(f"{base}/relationships/order_subscription")["data"] is None

    events = api.document(f"{base}/events", {"filter[q][name_end]": "complete"})
    assert [each["attributes"]["name"] for each in events["data"]] == ["order_copies.complete"]
    assert events["meta"]["record_count"] == 1
    ids = api.document(f"{base}/relationships/events", {"page[size]": 1, "sort": "created_at"})
    assert ids["data"][0]["type"] == "events"
    assert ids["meta"]["page_count"] == 3
    assert errors_of(api.get(f"{base}/customer")) == [(404, "RECORD_NOT_FOUND", None)]


def test_the_audit_trail_is_read_by_cursor() -> None:
    api = ApiClient()
    tag = api.create("tags", {"name": "one"}).json()["data"]["id"]
    for name in ("two", "three"):
        api.update("tags", tag, {"name": name})
    first = f"/api/tags/{tag}/event_stores?page[size]=2"
    seen, address = [], first
    while address:
        document = api.document(address)
        assert document["links"]["first"] == f"http://testserver{first}"
        seen += [each["attributes"]["payload"]["name"]["to"] for each in document["data"]]
        assert document["data"][0]["attributes"]["who"]["application"]
        address = document["links"].get("next", "").removeprefix("http://testserver")
    assert seen == ["three", "two", "one"]
    bare = first.partition("?")[0]
    assert api.document(bare)["links"] == {"first": f"http://testserver{bare}"}
    assert errors_of(api.get(f"/api/tags/{tag}/event_stores?page[number]=1")) == [
        (400, "PARAM_NOT_ALLOWED", "page[number]")
    ]


def test_numbers_of_any_length_come_back_as_they_were_sent() -> None:
    api = ApiClient()
    metadata = {"long": 2**70, "exact": 0.1}

    made = api.create("tags", {"name": "numbers", "metadata": metadata})

    assert made.json()["data"]["attributes"]["metadata"] == metadata
    (data,) = api.document("/api/tags")["data"]
    assert data["attributes"]["metadata"] == metadata


def test_sorting() -> None:
    here = shop()
    cheap = order_with(here, Line(here.sku(price=1)))
    dear = order_with(here, Line(here.sku(price=9)), customer=here.customer("z@example.com"))
    api = ApiClient()
    assert api.ids("/api/orders", {"sort": "-total_amount_cents"}) == [dear.pk, cheap.pk]
    assert api.ids("/api/orders", {"sort": "status,total_amount_cents"}) == [cheap.pk, dear.pk]
    by_customer = sorted([cheap, dear], key=lambda order: order.customer_id or "")
    assert api.ids("/api/orders", {"sort": "customer"}) == [order.pk for order in by_customer]
    assert api.ids("/api/orders") == [dear.pk, cheap.pk]


def test_a_write_may_say_an_order_that_lists_could_have() -> None:
    api = ApiClient()
    assert api.create("tags", {"name": "new"}, "?sort=name,-created_at").status_code == 201
    (tag,) = api.ids("/api/tags")
    assert api.update("tags", tag, {"name": "newer"}, "?sort=-name").status_code == 200
    answer = api.update("tags", tag, {"name": "newest"}, "?sort=colour")
    assert errors_of(answer) == [(400, "INVALID_SORT_CRITERIA", "sort")]


def test_head_options_etag_and_gzip() -> None:
    tags(10)
    api = ApiClient()
    full = api.get("/api/tags")
    head = api.client.head("/api/tags", headers=api.headers)
    assert (head.status_code, head.content, head["Content-Type"]) == (200, b"", MEDIA_TYPE)
    options = api.client.options("/api/tags", headers=api.headers)
    assert options.json()["meta"]["allow"] == ["GET", "POST", "HEAD", "OPTIONS"]

    unchanged = api.get("/api/tags", **{"If-None-Match": full["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["Vary"] == full["Vary"] == "Accept-Encoding"
    assert head["ETag"] == full["ETag"]
    known = {**api.headers, "If-None-Match": full["ETag"]}
    assert api.client.head("/api/tags", headers=known).status_code == 304
    packed = api.get("/api/tags", **{"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == full.content


def test_a_singleton_needs_no_id() -> None:
    api = ApiClient()
    data = api.document("/api/organization", {"fields[organizations]": "name"})["data"]
    assert data["attributes"] == {"name": "My shop"}
    assert data["id"] == data["meta"]["organization_id"]
    assert api.document(f"/api/organizations/{data['id']}")["data"]["type"] == "organizations"
    assert api.send("PATCH", "/api/organization", {}).status_code == 405
    assert ApiClient(kind="webapp").get("/api/organization").status_code == 200
    storefront = ApiClient(kind="sales_channel", market=shop().market)
    assert errors_of(storefront.get("/api/organization")) == [(401, "UNAUTHORIZED", None)]


def test_every_answer_names_its_request() -> None:
    api = ApiClient()
    assert api.get("/api/tags", **{"X-Request-Id": "given-by-me"})["X-Request-Id"] == "given-by-me"
    made = api.get("/api/tags", **{"X-Request-Id": "bad\tname"})["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert api.get("/api/nothing")["X-Request-Id"]
