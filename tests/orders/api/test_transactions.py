"""Transactions: what the steps of an order leave behind, to be read."""

from typing import Any

import pytest

from orders import lifecycle
from tests.api_client import ApiClient, errors_of
from tests.factories import Line, cancelled_order, moved, paid_order, placed_order, shop

pytestmark = pytest.mark.django_db


def only(document: Any) -> Any:
    (found,) = document["data"]
    return found


def test_money_that_was_promised_taken_and_given_back() -> None:
    here, api = shop(currency="USD"), ApiClient()
    order = paid_order(here, Line(here.sku(price=1250), 2))

    promised = only(api.document(f"/api/orders/{order.pk}/authorizations"))
    taken = only(api.document(f"/api/orders/{order.pk}/captures"))

    assert (
        promised["attributes"]
        | {
            "amount_cents": 2500,
            "amount_float": 25.0,
            "formatted_amount": "$25.00",
            "currency_code": "USD",
            "succeeded": True,
            "message": None,
            "capture_balance_cents": 0,
            "void_balance_cents": 0,
        }
        == promised["attributes"]
    )
    assert promised["attributes"]["number"] != taken["attributes"]["number"]
    assert taken["attributes"]["formatted_refund_balance"] == "$25.00"
    moved(order, lifecycle.refund)
    given_back = only(api.document("/api/refunds"))
    related = api.document(f"/api/refunds/{given_back['id']}/reference_capture")["data"]
    assert related["id"] == taken["id"]
    assert related["attributes"]["refund_balance_cents"] == 0
    way_back = {"include": "reference_capture.reference_authorization.order"}
    document = api.document(f"/api/refunds/{given_back['id']}", way_back)
    found = {(each["type"], each["id"]) for each in document["included"]}
    assert found == {
        ("captures", taken["id"]),
        ("authorizations", promised["id"]),
        ("orders", order.pk),
    }


def test_a_promise_that_was_let_go() -> None:
    api = ApiClient()
    order = cancelled_order(shop())
    let_go = only(api.document(f"/api/orders/{order.pk}/voids"))
    promise = api.document(f"/api/voids/{let_go['id']}/reference_authorization")["data"]
    assert promise["attributes"]["void_balance_cents"] == 0
    assert api.ids(f"/api/authorizations/{promise['id']}/voids") == [let_go["id"]]
    assert api.ids(f"/api/authorizations/{promise['id']}/captures") == []


def test_all_kinds_stand_in_one_list_and_each_is_what_it_is() -> None:
    api, order = ApiClient(), paid_order(shop())
    listed = api.document(
        f"/api/orders/{order.pk}/transactions", {"fields[authorizations]": "number"}
    )["data"]
    included = api.document(f"/api/orders/{order.pk}", {"include": "transactions"})["included"]
    for found in (listed, included):
        assert {each["type"] for each in found} == {"authorizations", "captures"}
    (capture,) = [each for each in listed if each["type"] == "captures"]
    assert capture["attributes"]["refund_balance_cents"] == order.total_amount_cents


def test_they_are_found_and_never_written() -> None:
    here, api = shop(), ApiClient()
    cheap, dear = (placed_order(here, Line(here.sku(price=price))) for price in (100, 900))
    found = api.document("/api/authorizations", {"filter[q][amount_cents_gt]": "500"})
    (one,) = found["data"]
    number = one["attributes"]["number"]
    assert api.ids("/api/authorizations", {"filter[q][number_eq]": number}) == [one["id"]]
    assert api.ids("/api/orders", {"filter[q][transactions_number_eq]": number}) == [dear.pk]
    ascending = api.document("/api/authorizations", {"sort": "amount_cents"})["data"]
    assert [each["attributes"]["amount_cents"] for each in ascending] == [100, 900]
    answer = api.update("authorizations", one["id"], {"reference": "x"})
    assert errors_of(answer) == [(405, "METHOD_NOT_ALLOWED", None)]
    assert cheap.transactions.count() == 1
