"""The document describes everything that is served, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.jsonapi.registry import registered
from config.jsonapi.urls import NO_METHOD
from tests.api_client import ApiClient, errors_of

NOT_THE_API = ("admin/", "language/", "static/")
NOWHERE = r"api(?:/.*)?\Z"


@pytest.fixture(scope="module")
def document() -> Any:
    answer = Client().get("/api/schema")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()


def test_it_is_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_needs_no_token_and_is_not_sent_twice() -> None:
    answer = Client().get("/api/schema")
    again = Client().get("/api/schema", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().post("/api/schema")["Allow"] == "GET, HEAD"
    assert errors_of(Client().post("/api/schema")) == [(405, "METHOD_NOT_ALLOWED", None)]


def test_every_address_is_in_it(document: Any) -> None:
    described = {resolve(_example(path)).route for path in document["paths"]}
    served = {route for route in _routes(get_resolver()) if not route.startswith(NOT_THE_API)}
    lead_nowhere = {
        resolve(f"/api/{resource.type}/x/{rest}").route
        for resource in registered()
        for rest in ("x", "relationships/x")
        if not resource.relationships
    }
    assert served - described == {"", NOWHERE} | lead_nowhere


def _example(path: str) -> str:
    return path.replace("{id}", "aaaaaaaaaa").replace("{tag}", "orders")


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            if getattr(pattern.callback, "actions", None) != NO_METHOD:
                yield route
        else:
            yield from _routes(pattern, route)


@pytest.mark.django_db
def test_every_method_is_one_that_the_address_takes(document: Any) -> None:
    api = ApiClient()
    for path, item in document["paths"].items():
        refused = api.client.trace(_example(path), headers=api.headers)
        allowed = set(refused["Allow"].split(", ")) - {"HEAD", "OPTIONS"}
        assert {method.upper() for method in item} == allowed, path


def test_it_says_which_clients_may_ask(document: Any) -> None:
    paths = document["paths"]
    kinds = ["integration", "webapp", "sales_channel"]
    assert paths["/api/orders"]["post"]["x-client-kinds"] == kinds
    assert paths["/api/orders/{id}"]["delete"]["x-client-kinds"] == kinds[:2]
    assert paths["/api/orders/{id}/customer"]["get"]["x-client-kinds"] == kinds[:2]
    assert paths["/api/organization"]["get"]["x-client-kinds"] == kinds[:2]


def test_it_says_what_a_create_needs(document: Any) -> None:
    data = document["components"]["schemas"]["order_copies_create"]["properties"]["data"]
    assert data["properties"]["relationships"]["required"] == ["source_order"]
    attributes = data["properties"]["attributes"]["properties"]
    assert "_retry" not in attributes
    assert attributes["reuse_wallet"] == {"type": ["boolean", "null"], "default": True}
    update = document["components"]["schemas"]["order_copies_update"]["properties"]["data"]
    assert set(update["properties"]["attributes"]["properties"]) == {
        *("reference", "reference_origin", "metadata", "_retry", "_abort")
    }


def test_each_resource_and_verb_is_explained(document: Any) -> None:
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    for resource in registered():
        assert tags[resource.type], resource.type
        if "update" not in resource.actions:
            continue
        body = document["components"]["schemas"][f"{resource.type}_update"]
        sent = body["properties"]["data"]["properties"]["attributes"]["properties"]
        for name in resource.triggers.keys() & sent.keys():
            assert sent[name].get("description"), f"{name} of {resource.type} has no docstring"
