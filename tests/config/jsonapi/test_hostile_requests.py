"""Whatever is sent, the answer is a JSON:API document with the right code: no crash, no page."""

import gzip
from typing import Any

import pytest
from django.test import override_settings

from config.jsonapi import views
from tests.api_client import MEDIA_TYPE, ApiClient, errors_of, refused
from tests.factories import shop

pytestmark = pytest.mark.django_db

DEEP = "[" * 5000 + "]" * 5000
TAG = '{"data": {"type": "tags", "attributes": {"name": "x", "metadata": %s}}}'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" ", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"data"', 400),
        (b"{}", 400),
        (b'{"data": null}', 400),
        (b'{"data": []}', 400),
        (b'{"data": {}}', 400),
        (b"\xff\xfe", 400),
        (b'{"data": {"type": "tags", "attributes": []}}', 400),
        (b'{"data": {"type": "tags", "attributes": null}}', 400),
        (b'{"data": {"type": "tags", "relationships": "x"}}', 400),
        (b'{"data": {"type": "tags", "relationships": {"event_stores": null}}}', 400),
        (b'{"data": {"type": ["tags"], "attributes": {"name": "x"}}}', 409),
        (b'{"data": {"type": "skus", "attributes": {"name": "x"}}}', 409),
        (b'{"data": {"type": "tags", "id": "abc", "attributes": {"name": "x"}}}', 400),
        (b'{"data": {"type": "tags", "attributes": {"name": "x\\u0000"}}}', 400),
        (b'{"data": {"type": "tags", "attributes": {"name": "\\ud800"}}}', 400),
        (b'{"data": {"type": "tags", "attributes": {"name": "x\\u0000": 1}}}', 400),
        (b'{"data": {"type": "tags", "attributes": {"name": 5}}}', 422),
        (b'{"data": {"type": "tags", "attributes": {"name": null}}}', 422),
        (b'{"data": {"type": "tags", "attributes": {"name": ""}}}', 422),
        (b'{"data": {"type": "tags", "attributes": {"name": "' + b"x" * 26 + b'"}}}', 422),
        (b'{"data": {"type": "tags", "attributes": {"nome": "x"}}}', 400),
        (b'{"data": {"type": "tags", "attributes": {"id": "x", "name": "x"}}}', 400),
        (b'{"data": {"type": "tags", "attribute": {"name": "x"}}}', 400),
        (b'{"data": {"type": "tags", "attributes": {"name": "x"}}, "included": []}', 400),
        (b'{"data": {"type": "tags", "attributes": {"name": "x", "name": "y"}}}', 400),
        (b'{"data": {}, "data": {"type": "tags", "attributes": {"name": "x"}}}', 400),
        ((TAG % '{"a": 1, "a": 1}').encode(), 400),
        ((TAG % "NaN").encode(), 400),
        ((TAG % "Infinity").encode(), 400),
        ((TAG % "1e999").encode(), 400),
        ((TAG % ("9" * 5000)).encode(), 400),
        ((TAG % DEEP).encode(), 400),
        ((TAG % "[1]").encode(), 422),
        ((TAG % '"x"').encode(), 422),
    ],
    ids=str,
)
def test_a_bad_body_is_refused(body: bytes, status: int) -> None:
    answer = ApiClient().send("POST", "/api/tags", body)
    assert {found[0] for found in errors_of(answer)} == {status}


@pytest.mark.parametrize("quantity", [2**63, -1, 1.5, True, "1"])
def test_numbers_stay_within_what_can_be_stored(quantity: Any) -> None:
    here = shop()
    stock = here.stock(here.sku(stock=None), 3)
    answer = ApiClient().update("stock_items", stock.pk, {"quantity": quantity})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/attributes/quantity")]


def test_times_can_be_told_in_every_zone() -> None:
    def ending(at: str) -> Any:
        lasting = {"starts_at": "2024-01-01", "expires_at": at, "total_usage_limit": 1}
        return ApiClient().create(
            "percentage_discount_promotions", {"name": "Spring", "percentage": 10, **lasting}
        )

    assert ending("9999-12-31").status_code == 201
    assert refused(ending("9999-12-31T23:59:59Z")) == (
        "/data/attributes/expires_at",
        "is too far away: times go from 0001-01-02 to 9999-12-31",
    )


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("page[size]=26", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[size]=0", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[size]=", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[number]=0", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[number]=-1", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[size]=5&page[size]=5", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[number]=²", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[number]=1e9", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[offset]=1", "PARAM_NOT_ALLOWED", "page[offset]"),
        ("page=1", "PARAM_NOT_ALLOWED", "page"),
        ("include=nothing", "INVALID_INCLUDE", "include"),
        ("include=event_stores", "INVALID_INCLUDE", "include"),
        ("include=customer.orders.customer.orders", "INVALID_INCLUDE", "include"),
        ("include=customer..orders", "INVALID_INCLUDE", "include"),
        ("fields[orders]=nothing", "INVALID_FIELD", "fields[orders]"),
        ("fields[nothing]=name", "INVALID_FIELD", "fields[nothing]"),
        ("sort=total_amount_float", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=nothing", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=,", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=--number", "INVALID_SORT_CRITERIA", "sort"),
        ("filter[q][token_start_]=1", "FILTER_NOT_ALLOWED", "filter[q][token_start_]"),
        ("filter[q][editable_true]=1", "FILTER_NOT_ALLOWED", "filter[q][editable_true]"),
        ("filter[q][customer_password_eq]=1", "FILTER_NOT_ALLOWED", None),
        ("filter[number]=1", "FILTER_NOT_ALLOWED", "filter[number]"),
        ("filter[q][placed_at_gt]=yesterday", "INVALID_FILTER_VALUE", None),
        ("filter[q][placed_at_gt]=99999-01-01", "INVALID_FILTER_VALUE", None),
        ("filter[q][total_amount_cents_eq]=" + "9" * 40, "INVALID_FILTER_VALUE", None),
        ("filter[q][metadata_jcont]=[1]", "INVALID_FILTER_VALUE", None),
        ("filter[q][metadata_jcont]=" + "[" * 3000, "INVALID_FILTER_VALUE", None),
        ('filter[q][metadata_jcont]={"a":"\\u0000"}', "INVALID_FILTER_VALUE", None),
        ("verbose=1", "PARAM_NOT_ALLOWED", "verbose"),
    ],
)
def test_a_bad_query_is_refused(query: str, code: str, parameter: str | None) -> None:
    answer = ApiClient().get(f"/api/orders?{query}")
    ((status, found, where),) = errors_of(answer)
    assert (status, found) == (400, code)
    assert parameter is None or where == parameter


def test_filters_cannot_multiply_without_end() -> None:
    api = ApiClient()
    names, values = "_or_".join(["number"] * 45), ",".join("x" * 45)
    many = {f"filter[q][{names}_cont_any]": values}
    assert errors_of(api.get("/api/orders", many)) == [
        (400, "INVALID_FILTER_VALUE", f"filter[q][{names}_cont_any]")
    ]
    few = {f"filter[q][{names}_cont_any]": ",".join("x" * 40)}
    assert api.ids("/api/orders", few) == []
    both = errors_of(api.get("/api/orders", {**few, "filter[q][reference_in]": ",y" * 300}))
    assert both == [(400, "INVALID_FILTER_VALUE", "filter[q][reference_in]")]


def test_a_page_far_behind_the_last_is_empty() -> None:
    assert ApiClient().ids("/api/orders", {"page[number]": 10**17}) == []


@pytest.mark.parametrize(
    "address",
    ["/api", "/api/", "/api/nothing", "/api/orders/", "/api/orders/x%00y", "/api/orders/%ff%fe",
     "/api/orders/aaaaaaaaaa", "/api/orders/aaaaaaaaaa/customer", "/api/orders/é",
     "/api/orders/aaaaaaaaaa/relationships/customer", "/api/orders?filter[q][number_eq]=%00",
     "/api/orders?filter[q][number_eq]=%ff"],
)  # fmt: skip
def test_nowhere_is_a_document_too(address: str) -> None:
    ((status, code, _),) = errors_of(ApiClient().get(address))
    assert (status, code) in {(404, "RECORD_NOT_FOUND"), (400, "BAD_REQUEST")}


@pytest.mark.parametrize("debug", [True, False])
def test_a_crash_is_a_document_with_the_request_that_caused_it(
    debug: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise RuntimeError("secret")

    api = ApiClient()
    monkeypatch.setattr(views, "listed", crash)
    with override_settings(DEBUG=debug):
        answer = api.get("/api/orders")
    assert errors_of(answer) == [(500, "INTERNAL_SERVER_ERROR", None)]
    assert "secret" not in answer.content.decode()
    assert answer.json()["errors"][0]["meta"]["request_id"] == answer["X-Request-Id"]


def test_methods_that_an_address_does_not_take() -> None:
    api = ApiClient()
    answer = api.send("PUT", "/api/orders", {})
    assert errors_of(answer) == [(405, "METHOD_NOT_ALLOWED", None)]
    assert "GET" in answer["Allow"]
    assert api.send("PATCH", "/api/orders", {}).status_code == 405
    assert api.send("POST", "/api/order_factories", {}).status_code == 405


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (MEDIA_TYPE, 200),
        ("*/*", 200),
        (f"text/html, {MEDIA_TYPE};q=0.5", 200),
        ("text/html", 406),
        ("application/json", 406),
        (f"{MEDIA_TYPE};ext=x", 406),
        (f"{MEDIA_TYPE};q=0", 406),
    ],
)
def test_what_a_client_accepts(accept: str, status: int) -> None:
    answer = ApiClient().get("/api/tags", Accept=accept)
    assert answer.status_code == status
    assert answer["Content-Type"] == MEDIA_TYPE


@pytest.mark.parametrize("sent", ["application/json", f"{MEDIA_TYPE}; charset=utf-8", ""])
def test_bodies_are_json_api(sent: str) -> None:
    answer = ApiClient().send("POST", "/api/tags", {"data": {}}, content_type=sent)
    assert errors_of(answer) == [(415, "UNSUPPORTED_MEDIA_TYPE", None)]


def test_bodies_are_not_compressed() -> None:
    packed = gzip.compress(b'{"data": {}}')
    answer = ApiClient().send("POST", "/api/tags", packed, **{"Content-Encoding": "gzip"})
    assert errors_of(answer) == [(415, "UNSUPPORTED_MEDIA_TYPE", None)]


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_body_that_is_too_large() -> None:
    answer = ApiClient().send("POST", "/api/tags", b" " * 2000)
    assert errors_of(answer) == [(413, "PAYLOAD_TOO_LARGE", None)]


def test_without_a_token_nothing_is_told() -> None:
    api = ApiClient()
    api.headers.pop("Authorization")
    assert errors_of(api.get("/api/orders")) == [(401, "UNAUTHORIZED", None)]
    assert errors_of(api.get("/api/nothing")) == [(401, "UNAUTHORIZED", None)]
    answer = api.get("/api/orders", Authorization="Bearer forged")
    assert errors_of(answer) == [(401, "INVALID_TOKEN", None)]


def test_every_error_has_all_that_the_contract_says() -> None:
    answer = ApiClient().create("skus", {"code": "A"})
    (error,) = answer.json()["errors"]
    assert error == {
        "title": "can't be blank",
        "detail": "name - can't be blank",
        "code": "VALIDATION_ERROR",
        "status": "422",
        "source": {"pointer": "/data/attributes/name"},
        "meta": {"error": "blank"},
    }


def test_ids_of_url_and_body_agree() -> None:
    api = ApiClient()
    made = api.create("tags", {"name": "new"}).json()["data"]["id"]
    body: Any = {"data": {"type": "tags", "id": "another", "attributes": {}}}
    expected = [(400, "KEY_NOT_INCLUDED_IN_URL", "/data/id")]
    assert errors_of(api.send("PATCH", f"/api/tags/{made}", body)) == expected
    del body["data"]["id"]
    assert errors_of(api.send("PATCH", f"/api/tags/{made}", body)) == expected
