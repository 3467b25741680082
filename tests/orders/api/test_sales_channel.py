"""A storefront at work, through the API itself: what it can do, and what it can never get at."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from orders.models import Order
from tests.factories import NOON, Line, Shop, add_adjustment, order_with, shop
from tests.orders.api.credentials import bearer, code_of, credentials

pytestmark = pytest.mark.django_db

JSON_API = "application/vnd.api+json"


@dataclass(frozen=True)
class Storefront:
    """A sales channel with its token."""

    here: Shop
    token: str

    def get(self, address: str) -> Any:
        return Client().get(f"/api/{address}", headers=bearer(self.token))

    def post(self, kind: str, *, to: dict[str, Any] | None = None, **attributes: Any) -> Any:
        """Create a resource; ``to`` are its relationships, as rows by (type, id)."""
        return self.send("post", kind, {"type": kind}, to or {}, attributes)

    def patch(self, kind: str, pk: str, *, to: dict[str, Any] | None = None, **values: Any) -> Any:
        return self.send("patch", f"{kind}/{pk}", {"type": kind, "id": pk}, to or {}, values)

    def send(
        self,
        method: str,
        address: str,
        name: dict[str, str],
        to: dict[str, tuple[str, str]],
        attributes: dict[str, Any],
    ) -> Any:
        relationships = {
            relationship: {"data": {"type": kind, "id": pk}}
            for relationship, (kind, pk) in to.items()
        }
        data = {**name, "attributes": attributes, "relationships": relationships}
        return getattr(Client(), method)(
            f"/api/{address}",
            {"data": data},
            content_type=JSON_API,
            headers={**bearer(self.token), "Accept": JSON_API},
        )

    def begin_order(self) -> str:
        answer = self.post("orders", customer_email="shopper@example.com")
        assert answer.status_code == 201, answer.content
        pk: str = answer.json()["data"]["id"]
        return pk


@pytest.fixture
def store() -> Storefront:
    return another_store(shop())


def another_store(here: Shop) -> Storefront:
    return Storefront(here, credentials("sales_channel", market=here.market).token())


def ids(answer: Any) -> set[str]:
    return {each["id"] for each in answer.json()["data"]}


def test_an_order_that_it_began_is_seen_by_it_and_by_no_other_storefront(
    store: Storefront,
) -> None:
    order_with(store.here, Line(store.here.sku()))

    mine = store.begin_order()

    assert ids(store.get("orders")) == {mine}
    assert store.get(f"orders/{mine}").status_code == 200
    colleague = another_store(store.here)
    assert ids(colleague.get("orders")) == set()
    assert code_of(colleague.get(f"orders/{mine}")) == (404, "RECORD_NOT_FOUND")
    assert code_of(colleague.patch("orders", mine, reference="x")) == (404, "RECORD_NOT_FOUND")


def test_it_sells_in_its_own_market_only(store: Storefront) -> None:
    elsewhere = shop().market

    answer = store.post("orders", to={"market": ("markets", elsewhere.pk)})

    assert 400 <= answer.status_code < 500
    assert not Order.objects.exists()


def test_an_address_of_a_stranger_cannot_be_had_by_naming_it(store: Storefront) -> None:
    theirs = store.here.address()
    order = store.begin_order()

    for answer in (
        store.patch("orders", order, to={"billing_address": ("addresses", theirs.pk)}),
        store.patch("orders", order, _billing_address_clone_id=theirs.pk),
    ):
        assert 400 <= answer.status_code < 500
    assert Order.objects.get(pk=order).billing_address is None
    assert code_of(store.get(f"addresses/{theirs.pk}")) == (404, "RECORD_NOT_FOUND")


def test_where_an_order_goes_is_settled_once_it_is_placed(store: Storefront) -> None:
    address = store.here.address(city="Ulm").pk
    order = store.begin_order()
    Order.objects.filter(pk=order).update(shipping_address=address)
    assert store.patch("addresses", address, city="Bonn").status_code == 200
    Order.objects.filter(pk=order).update(status="placed", placed_at=NOON)

    assert code_of(store.patch("addresses", address, city="Rome")) == (422, "VALIDATION_ERROR")
    assert store.patch("addresses", address, metadata={"seen": True}).status_code == 200
    kept = store.get(f"addresses/{address}").json()["data"]["attributes"]
    assert (kept["city"], kept["metadata"]) == ("Bonn", {"seen": True})


def test_it_fills_an_order(store: Storefront) -> None:
    mug = store.here.sku("MUG", price=800)
    order = store.begin_order()
    to = {"order": ("orders", order)}

    line = store.post("line_items", to=to, sku_code="MUG", quantity=1).json()["data"]["id"]
    store.post("line_items", to=to, sku_code="MUG", quantity=1, _update_quantity=True)
    store.patch("line_items", line, quantity=3)

    answer = store.get(f"orders/{order}?include=line_items.item").json()
    assert answer["data"]["attributes"]["total_amount_cents"] == 2400
    assert {each["id"] for each in answer["included"]} == {line, mug.pk}
    assert store.get(f"line_items/{line}/item").json()["data"]["id"] == mug.pk
    other = another_store(store.here)
    assert code_of(other.patch("line_items", line, quantity=9)) == (404, "RECORD_NOT_FOUND")
    answer = other.post("line_items", to=to, sku_code="MUG", quantity=1)
    assert code_of(answer) == (422, "VALIDATION_ERROR")


def test_it_sets_no_price_and_touches_no_adjustment(store: Storefront) -> None:
    mug = store.here.sku("MUG", price=800)
    order = store.begin_order()
    to = {"order": ("orders", order)}
    surcharge = add_adjustment(Order.objects.get(pk=order), 500)
    elsewhere = shop().sku("ELSEWHERE")

    for price in ({"unit_amount_cents": 1}, {"_external_price": True}):
        answer = store.post("line_items", to=to, sku_code=mug.code, quantity=1, **price)
        assert code_of(answer) == (401, "UNAUTHORIZED")
    answer = store.post("line_items", to=to, sku_code=elsewhere.code, quantity=1)
    assert code_of(answer) == (422, "VALIDATION_ERROR")
    for answer in (
        store.patch("line_items", surcharge.pk, quantity=2),
        store.send("delete", f"line_items/{surcharge.pk}", {}, {}, {}),
    ):
        assert code_of(answer) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("name", ["_capture", "_refund", "_approve", "_fulfill", "number"])
def test_it_moves_no_money_and_no_goods(store: Storefront, name: str) -> None:
    order = store.begin_order()

    assert code_of(store.patch("orders", order, **{name: True})) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "address",
    [
        "customers",
        "order_copies",
        "order_factories",
        "events",
        "stock_items",
        "tags",
        "orders/{order}/customer",
        "orders/{order}/order_copies",
        "orders/{order}/event_stores",
        "orders?include=customer",
        "orders/{order}?include=order_copies",
    ],
)
def test_what_is_not_its_business_is_refused(store: Storefront, address: str) -> None:
    answer = store.get(address.format(order=store.begin_order()))

    assert answer.status_code in {400, 401}
    assert "data" not in answer.json()
