"""Orders through the API: made, changed, moved through their life, deleted."""

from typing import Any

import pytest

from orders.models import Customer, CustomerAddress, CustomerPaymentSource, Market, Order, Price
from tests.api_client import ApiClient, attributes_of, errors_of, refused
from tests.copying import copied
from tests.factories import (
    Line,
    Shop,
    cancelled_order,
    fulfilled_order,
    market_beside,
    order_with,
    placed_order,
    shop,
    totalled,
)

pytestmark = pytest.mark.django_db


def test_an_order_is_made_of_little(here: Shop, api: ApiClient) -> None:
    answer = api.create("orders", {"customer_email": "New@example.com", "number": None})
    made = attributes_of(answer)
    assert made["status"] == "draft"
    assert made["currency_code"] == "EUR"
    assert made["customer_email"] == "New@example.com"
    assert made["number"]
    assert made["metadata"] == {}
    order = Order.objects.get(pk=answer.json()["data"]["id"])
    assert order.customer == Customer.objects.get(email="New@example.com")
    again = api.create("orders", {"customer_email": "new@EXAMPLE.com"})
    assert attributes_of(again)["status"] == "draft"
    assert Customer.objects.filter(email__iexact="new@example.com").count() == 1


def test_what_an_order_is_not_asked_for_is_refused(api: ApiClient) -> None:
    answer = api.create("orders", {"status": "placed", "total_amount_cents": 1})
    assert errors_of(answer) == [
        (400, "PARAM_NOT_ALLOWED", "/data/attributes/status"),
        (400, "PARAM_NOT_ALLOWED", "/data/attributes/total_amount_cents"),
    ]


def test_without_a_market_there_is_no_order(api: ApiClient) -> None:
    answer = api.create("orders")
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/relationships/market")]


@pytest.mark.parametrize(
    ("triggers", "status", "payment_status", "fulfillment_status"),
    [
        (["_place"], "placed", "authorized", "unfulfilled"),
        (["_place", "_place"], "placed", "authorized", "unfulfilled"),
        (["_cancel"], "cancelled", "voided", "unfulfilled"),
        (["_place", "_approve"], "approved", "authorized", "unfulfilled"),
        (["_place", "_approve", "_capture"], "approved", "paid", "in_progress"),
        (["_place", "_approve_and_capture"], "approved", "paid", "in_progress"),
        (["_place", "_approve_and_capture", "_fulfill"], "approved", "paid", "fulfilled"),
        (["_place", "_approve_and_capture", "_refund"], "cancelled", "refunded", "in_progress"),
    ],
)
def test_the_lifecycle(
    here: Shop,
    api: ApiClient,
    triggers: list[str],
    status: str,
    payment_status: str,
    fulfillment_status: str,
) -> None:
    order = order_with(here, Line(here.sku()))
    for trigger in triggers:
        found = attributes_of(api.update("orders", order.pk, {trigger: True}))
    assert found["status"] == status
    assert found["payment_status"] == payment_status
    assert found["fulfillment_status"] == fulfillment_status


def test_a_transition_that_is_not_allowed(here: Shop, api: ApiClient) -> None:
    draft = order_with(here)
    answer = api.update("orders", draft.pk, {"_place": True, "reference": "never"})
    (error,) = answer.json()["errors"]
    assert (error["status"], error["code"]) == ("422", "VALIDATION_ERROR")
    assert error["source"]["pointer"] == "/data/attributes/status"
    assert error["title"] == "cannot transition from draft to placed"
    draft.refresh_from_db()
    assert draft.reference is None


def test_each_thing_that_is_missing_is_one_error(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()), billing_address=None, payment_method=None)
    missing = {
        (422, "VALIDATION_ERROR", "/data/relationships/billing_address"),
        (422, "VALIDATION_ERROR", "/data/relationships/payment_method"),
    }
    assert set(errors_of(api.update("orders", order.pk, {"_validate": True}))) == missing
    assert set(errors_of(api.update("orders", order.pk, {"_place": True}))) == missing


def test_what_its_shipments_lack_is_said_of_an_order(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()))
    Market.objects.update(requires_shipping_method=True)
    (error,) = api.update("orders", order.pk, {"_place": True}).json()["errors"]
    assert error["source"] == {"pointer": "/data"}
    assert (error["title"], error["detail"]) == (
        "can't be blank",
        "shipping_method - can't be blank",
    )


def test_false_and_null_do_nothing(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()))
    found = attributes_of(api.update("orders", order.pk, {"_place": False, "_cancel": None}))
    assert found["status"] == "pending"


def test_archiving_and_tags(here: Shop, api: ApiClient) -> None:
    order = placed_order(here)
    found = api.update(
        "orders", order.pk, {"_archive": True, "_add_tags": "vip, new"}, query="?include=tags"
    )
    assert attributes_of(found)["archived_at"]
    assert {each["attributes"]["name"] for each in found.json()["included"]} == {"vip", "new"}
    assert (
        attributes_of(api.update("orders", order.pk, {"_unarchive": True}))["archived_at"] is None
    )
    api.update("orders", order.pk, {"_remove_tags": "vip"})
    names = api.document(f"/api/orders/{order.pk}/tags")["data"]
    assert [each["attributes"]["name"] for each in names] == ["new"]


def test_addresses_are_cloned(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()), shipping_address=None, billing_address=None)
    address = here.address(city="Ulm")
    api.update("orders", order.pk, {"_billing_address_clone_id": address.pk})
    api.update("orders", order.pk, {"_shipping_address_same_as_billing": True})
    order.refresh_from_db()
    assert order.billing_address
    assert order.shipping_address
    assert len({address.pk, order.billing_address_id, order.shipping_address_id}) == 3
    assert order.billing_address.city == order.shipping_address.city == "Ulm"
    foreign = shop("live").address()
    answer = api.update("orders", order.pk, {"_shipping_address_clone_id": foreign.pk})
    assert answer.status_code == 422
    api.update("orders", order.pk, {"_save_billing_address_to_customer_address_book": True})
    api.update("orders", order.pk, {"_save_shipping_address_to_customer_address_book": True})
    assert CustomerAddress.objects.filter(customer=order.customer).count() == 1


def test_a_placed_order_keeps_what_was_agreed(here: Shop, api: ApiClient) -> None:
    order = placed_order(here)
    answer = api.update("orders", order.pk, {"coupon_code": "SPRING"})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/attributes/coupon_code")]
    assert attributes_of(api.update("orders", order.pk, {"metadata": {"a": 1}}))["metadata"] == {
        "a": 1
    }


def test_the_wallet(here: Shop, api: ApiClient) -> None:
    order = placed_order(here)
    api.update("orders", order.pk, {"_save_payment_source_to_customer_wallet": True})
    entry = CustomerPaymentSource.objects.get(customer=order.customer)
    other = order_with(here, Line(here.sku()))
    api.update("orders", other.pk, {"_customer_payment_source_id": entry.pk})
    other.refresh_from_db()
    assert other.payment_source_id == order.payment_source_id
    api.update("orders", other.pk, {"_nullify_payment_source": True})
    other.refresh_from_db()
    assert other.payment_source_id is None


def test_prices_are_refreshed(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=1000)
    order = order_with(here, Line(sku, 2, price=700))
    found = attributes_of(api.update("orders", order.pk, {"_refresh_prices": True}))
    assert found["total_amount_cents"] == 2000


def test_an_order_is_deleted_unless_it_was_copied(here: Shop, api: ApiClient) -> None:
    assert api.delete("orders", order_with(here).pk).status_code == 204
    copy = copied(order_with(here, Line(here.sku())))
    for pk in (copy.source_order_id, copy.target_order_id):
        assert errors_of(api.delete("orders", pk)) == [(422, "VALIDATION_ERROR", "/data")]


@pytest.mark.parametrize("make", [placed_order, fulfilled_order, cancelled_order])
def test_what_was_once_placed_is_not_deleted(here: Shop, api: ApiClient, make: Any) -> None:
    order = make(here)
    assert refused(api.delete("orders", order.pk)) == (
        "/data/attributes/status",
        "only orders that are draft or pending can be deleted",
    )
    assert Order.objects.filter(pk=order.pk).exists()


def test_the_audit_trail_names_the_client(here: Shop, api: ApiClient) -> None:
    pk = api.create("orders", {"customer_email": "a@example.com"}).json()["data"]["id"]
    (entry, *_) = api.document(f"/api/orders/{pk}/event_stores")["data"]
    assert set(entry["attributes"]["who"]) == {"application"}
    assert "orders.create" in [
        each["attributes"]["name"] for each in api.document(f"/api/orders/{pk}/events")["data"]
    ]


def test_plain_records(here: Shop, api: ApiClient) -> None:
    made = api.create("skus", {"code": "A", "name": "Apple", "do_not_ship": None, "weight": 1})
    pk = made.json()["data"]["id"]
    assert attributes_of(made)["do_not_ship"] is False
    assert attributes_of(api.update("skus", pk, {"name": "Pear", "weight": None}))["name"] == "Pear"
    taken = api.create("skus", {"code": "A", "name": "Again"})
    assert errors_of(taken) == [(422, "VALIDATION_ERROR", "/data/attributes/code")]
    assert taken.json()["errors"][0]["meta"] == {"error": "taken"}
    wrong = api.create("skus", {"code": "B", "name": "B", "unit_of_weight": "kg"})
    assert wrong.json()["errors"][0]["title"] == "is not included in the list"
    assert api.delete("skus", pk).status_code == 204


def test_a_customer_keeps_a_password_to_itself(api: ApiClient) -> None:
    made = api.create("customers", {"email": "c@example.com", "password": "geheim"})
    found = attributes_of(made)
    assert found["has_password"] is True
    assert "password" not in found
    assert found["status"] == "prospect"
    pk = made.json()["data"]["id"]
    first = Customer.objects.get(pk=pk).password
    assert first not in {None, "geheim"}
    assert api.update("customers", pk, {"password": "anders"}).status_code == 200
    second = Customer.objects.get(pk=pk).password
    told = api.get(f"/api/customers/{pk}/event_stores").content.decode()
    assert told.count("changed") == 2
    for secret in ("geheim", "anders", first, second):
        assert secret not in told


def test_a_customer_with_orders_stays(here: Shop, api: ApiClient) -> None:
    placed_order(here)
    assert errors_of(api.delete("customers", here.alice.pk)) == [(422, "VALIDATION_ERROR", "/data")]


IN_MARKET = "/data/relationships/market"


def test_no_order_begins_in_a_disabled_market(here: Shop, api: ApiClient) -> None:
    order = order_with(here)
    closed = market_beside(here)
    for market in (here.market, closed):
        market.disabled_at = order.created_at
        market.save()
    to = ("markets", closed)
    assert refused(api.create("orders", market=to)) == (IN_MARKET, "is disabled")
    assert refused(api.update("orders", order.pk, market=to)) == (IN_MARKET, "is disabled")
    attributes_of(
        api.update("orders", order.pk, {"reference": "A1"}, market=("markets", here.market))
    )


def test_an_order_that_changes_its_market_costs_what_it_costs_there(
    here: Shop, api: ApiClient
) -> None:
    sku, by_hand = here.sku(price=1000), here.sku(price=500)
    order = order_with(here, Line(sku, 2), Line(by_hand, price=700))
    order.line_items.filter(sku=by_hand).update(external_price=True)
    there = shop().market

    answer = api.update("orders", order.pk, market=("markets", there))
    assert refused(answer) == (IN_MARKET, f"has no price for {sku.code}")

    Price.objects.create(mode="test", sku=sku, price_list=there.price_list, amount_cents=900)
    found = attributes_of(api.update("orders", order.pk, market=("markets", there)))
    assert found["total_amount_cents"] == 2 * 900 + 700


def test_an_order_with_lines_keeps_its_currency(here: Shop, api: ApiClient) -> None:
    dollars = ("markets", shop(currency="USD").market)
    order = totalled(order_with(here, Line(here.sku(price=1000))))
    assert refused(api.update("orders", order.pk, market=dollars)) == (
        IN_MARKET,
        "has prices in USD, and there are lines in EUR",
    )
    empty = api.update("orders", order_with(here).pk, market=dollars)
    assert attributes_of(empty)["currency_code"] == "USD"


def test_an_address_that_is_changed_later_is_another_one_than_was_placed_with(
    here: Shop, api: ApiClient
) -> None:
    address = here.address(city="Ulm")
    at = {"billing_address": address, "shipping_address": address}
    placed, cart = placed_order(here, **at), order_with(here, Line(here.sku()), **at)
    CustomerAddress.objects.create(mode=here.mode, customer=here.alice, address=address)

    api.update("addresses", address.pk, {"city": "Bonn"})

    for order, city in ((placed, "Ulm"), (cart, "Bonn")):
        order.refresh_from_db()
        assert order.billing_address_id == order.shipping_address_id
        assert order.billing_address.city == city  # type: ignore[union-attr]
    (entry, *_) = api.document(f"/api/orders/{placed.pk}/event_stores")["data"]
    assert entry["attributes"]["payload"]["billing_address"] == {
        "from": address.pk,
        "to": placed.billing_address_id,
    }


def test_a_slip_in_the_address_of_a_placed_order_is_put_right(here: Shop, api: ApiClient) -> None:
    order = placed_order(here, shipping_address=here.address(city="Umm"))
    address = order.shipping_address
    assert address
    attributes_of(api.update("addresses", address.pk, {"city": "Ulm"}))
    order.refresh_from_db()
    assert order.shipping_address == address
    address.refresh_from_db()
    assert address.city == "Ulm"


def test_an_empty_text_takes_a_coupon_and_an_e_mail_address_off(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()), coupon_code=here.coupon("SPRING").code)
    found = attributes_of(api.update("orders", order.pk, {"coupon_code": "", "customer_email": ""}))
    assert (found["coupon_code"], found["customer_email"]) == (None, None)


def test_an_order_has_a_number(here: Shop, api: ApiClient) -> None:
    number = "/data/attributes/number"
    for blank in ("", " "):
        assert refused(api.create("orders", {"number": blank})) == (number, "can't be blank")


def test_the_addresses_of_a_placed_order_are_those_it_was_placed_with(
    here: Shop, api: ApiClient
) -> None:
    order, other = placed_order(here), ("addresses", here.address())
    where = "/data/relationships/billing_address"
    for to in (other, None):
        answer = api.update("orders", order.pk, billing_address=to)
        assert refused(answer) == (where, "cannot be changed in an order that is placed")
    for verb, value in (
        ("_billing_address_clone_id", other[1].pk),
        ("_billing_address_same_as_shipping", True),
    ):
        answer = api.update("orders", order.pk, {verb: value})
        assert refused(answer)[1] == "is placed: what is in it cannot be changed"


def test_the_country_of_an_order_is_where_its_shipping_address_is_now(
    here: Shop, api: ApiClient
) -> None:
    nowhere = order_with(here, shipping_address=None)
    british = order_with(here, Line(here.sku()))
    italian = order_with(here, Line(here.sku()), shipping_address=here.address(country_code="IT"))
    target = copied(italian).target_order
    assert target is not None
    assert target.country_code == "IT"

    def orders(**asked: str) -> list[str]:
        return api.ids("/api/orders", asked)

    assert set(orders(**{"filter[q][country_code_eq]": "IT"})) == {italian.pk, target.pk}
    assert orders(sort="country_code")[0] == british.pk
    assert orders(sort="-country_code")[0] == nowhere.pk

    corrected = api.update("addresses", italian.shipping_address_id, {"country_code": "AT"})
    assert corrected.status_code == 200
    assert orders(**{"filter[q][country_code_eq]": "AT"}) == [italian.pk]

    moved = api.update(
        "orders", british.pk, shipping_address=("addresses", here.address(country_code="DE"))
    )
    assert attributes_of(moved)["country_code"] == "DE"
    left = api.update("orders", british.pk, shipping_address=None)
    assert attributes_of(left)["country_code"] is None
