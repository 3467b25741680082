"""Making the requests that the documentation shows, in a small shop.

What is different in every run (ids, times, numbers out of a sequence) is written as something that
is always the same, so that an example changes only when the API answers differently.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

from config.jsonapi import registry
from config.jsonapi.resource import Resource
from tests import factories
from tests.api_client import ApiClient
from tests.orders.api import credentials as clients
from tests.orders.api.credentials import ask_for_token, credentials
from tests.worlds import world

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ID = re.compile(r"\b(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10}\b")
# Attributes that are drawn by lot or by a sequence.
DRAWN = {"number": "10248", "token": "0f6cbcd6f1c64c9c", "access_token": "eyJhbGciOi…"}
LETTERS = "bkqwzdfhjmnprstvxcglBKQWZDFHJMNPRSTVXCGL"
SHORT_LIST = 4
CREATED_AT = 1767604500
# A copy is also an order factory: one id, which goes by the first name.
SHARED = {"order_factories"}

Example = dict[str, Any]


class Recorder:
    """Makes requests, and writes down the first of each operation."""

    def __init__(self, monkeypatch: Any) -> None:
        numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
        monkeypatch.setattr(factories, "_running_number", count(1))
        for module in (factories, clients):
            monkeypatch.setattr(module, "unused", lambda name: f"{name} {next(numbers[name])}")
        self.ids = world("test")
        self.api = ApiClient()
        self.operations: dict[str, Example] = {}
        self.errors: dict[str, Example] = {}

    def record(self) -> dict[str, Any]:
        for resource in sorted(registry.registered(), key=lambda each: each.type):
            self.read(resource)
        for operation, (method, address, body) in writes(self.ids).items():
            self.ask(operation, method, address, body)
        for method, address, body in mistakes():
            self.fail(method, address, body)
        self.tokens()
        return {"operations": self.operations, "errors": self.errors}

    def read(self, resource: Resource) -> None:
        """The list is of one: rows of one transaction have no order that lasts."""
        if "list" in resource.actions:
            names = [name for name, _ in resource.readers(None)][:SHORT_LIST]
            query = f"filter[q][id_in]={self.ids[resource.type]}&fields[{resource.type}]="
            query += ",".join(names)
            self.ask(f"{resource.type}_list", "GET", f"/api/{resource.type}?{query}")
        if "retrieve" in resource.actions and not resource.singleton:
            address = f"/api/{resource.type}/{self.ids[resource.type]}"
            self.ask(f"{resource.type}_retrieve", "GET", address)
        if resource.singleton:
            self.ask(f"{resource.type}_only", "GET", f"/api/{resource.singleton}")

    def ask(self, operation: str, method: str, address: str, body: Any = None) -> None:
        answer = self.sent(method, address, body)
        assert answer.status_code < 300, (operation, answer.content)
        self.operations[operation] = self.example(method, address, body, answer)

    def fail(self, method: str, address: str, body: Any) -> None:
        answer = self.sent(method, address, body)
        assert answer.status_code >= 400, (address, answer.content)
        self.errors[str(answer.status_code)] = self.example(method, address, body, answer)

    def tokens(self) -> None:
        client = credentials()
        self.operations["token"] = self.example(
            "POST",
            "/oauth/token",
            {
                "grant_type": "client_credentials",
                "client_id": "CLIENT_ID",
                "client_secret": "CLIENT_SECRET",
            },
            ask_for_token(client.parameters),
        )

    def sent(self, method: str, address: str, body: Any) -> Any:
        if method == "GET":
            return self.api.get(address)
        return self.api.send(method, address, body)

    def example(self, method: str, address: str, body: Any, answer: Any) -> Example:
        found: Example = {"request": f"{method} {address}", "status": answer.status_code}
        if body is not None:
            found["body"] = body
        found["answer"] = json.loads(answer.content)
        ids = {pk: id_like(kind) for kind, pk in self.ids.items() if kind not in SHARED}
        return settled(found, ids)  # type: ignore[no-any-return]


def settled(value: Any, ids: dict[str, str], name: str = "") -> Any:
    """The same with everything that changes from run to run replaced.

    ``ids`` are those that have a name of their own; others are told apart within one example.
    """
    if isinstance(value, dict):
        return {key: settled(each, ids, key) for key, each in value.items()}
    if isinstance(value, list):
        return [settled(each, ids, name) for each in value]
    if name in DRAWN and value is not None:
        return DRAWN[name]
    if not isinstance(value, str):
        return CREATED_AT if name == "created_at" else value
    text = TIME.sub("2026-01-05T09:15:00.000Z", value)
    text = text.replace("http://testserver", "https://shop.example")
    return ID.sub(lambda match: ids.setdefault(match[0], id_like(f"{len(ids)}")), text)


def id_like(name: str) -> str:
    """Something that looks like an id, and is always the same for a name."""
    digest = hashlib.sha256(name.encode()).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:10])


def writes(ids: dict[str, str]) -> dict[str, tuple[str, str, Any]]:
    """One create or update for each of the resources that clients write most."""
    source = {"source_order": {"data": {"type": "orders", "id": ids["orders"]}}}
    market = {"market": {"data": {"type": "markets", "id": ids["markets"]}}}
    return {
        "customers_create": _create("customers", {"email": "bob@example.com"}),
        "order_copies_create": _create("order_copies", {"skip_errors": True}, source),
        "order_copies_update": _update("order_copies", ids, {"metadata": {"asked_by": "Bob"}}),
        "order_copy_batches_create": _create(
            "order_copy_batches", {"source_order_ids": [ids["orders"]]}
        ),
        "order_copy_previews_create": _create("order_copy_previews", {}, source),
        "orders_create": _create("orders", {"customer_email": "bob@example.com"}, market),
        "orders_update": _update("orders", ids, {"_place": True}),
        "tags_create": _create("tags", {"name": "wholesale"}),
    }


def mistakes() -> list[tuple[str, str, Any]]:
    """One request for each error that a client can do something about."""
    return [
        ("GET", "/api/orders?filter[q][colour_eq]=red", None),
        ("GET", "/api/orders/aaaaaaaaaa", None),
        ("PATCH", "/api/order_factories/aaaaaaaaaa", {"data": {"type": "order_factories"}}),
        ("POST", "/api/tags", {"data": {"type": "labels", "attributes": {"name": "new"}}}),
        ("POST", "/api/customers", {"data": {"type": "customers", "attributes": {}}}),
    ]


def _create(kind: str, attributes: Any, relationships: Any = None) -> tuple[str, str, Any]:
    data = {"type": kind, "attributes": attributes, "relationships": relationships or {}}
    return "POST", f"/api/{kind}", {"data": data}


def _update(kind: str, ids: dict[str, str], attributes: Any) -> tuple[str, str, Any]:
    data = {"type": kind, "id": ids[kind], "attributes": attributes}
    return "PATCH", f"/api/{kind}/{ids[kind]}", {"data": data}
