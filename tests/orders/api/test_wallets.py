"""Customers' wallets and address books."""

from typing import Any

import pytest

from orders.models import (
    CustomerAddress,
    CustomerPaymentSource,
    Order,
    PaymentMethod,
    PaymentSource,
)
from tests.api_client import ApiClient, errors_of
from tests.copying import copied
from tests.factories import Line, Shop, order_with, placed_order, shop

pytestmark = pytest.mark.django_db

REFUSED = (422, "VALIDATION_ERROR")


def created(answer: Any) -> str:
    assert answer.status_code == 201, answer.content
    pk: str = answer.json()["data"]["id"]
    return pk


def test_a_token_is_enough_to_keep_an_external_payment(here: Shop, api: ApiClient) -> None:
    pk = created(
        api.create(
            "customer_payment_sources",
            {"payment_source_token": "tok_1"},
            customer=("customers", here.alice),
            payment_method=("payment_methods", here.card),
        )
    )

    entry = CustomerPaymentSource.objects.get(pk=pk)
    source = entry.payment_source
    assert source
    assert (source.type, source.payment_source_token) == ("external_payments", "tok_1")
    assert (source.wallet, source.from_wallet) == (entry, True)
    order = order_with(here, Line(here.sku()), payment_method=None)
    assert api.ids(f"/api/orders/{order.pk}/available_customer_payment_sources") == [pk]
    assert api.ids(f"/api/customers/{here.alice.pk}/customer_payment_sources") == [pk]
    document = api.document(
        f"/api/customer_payment_sources/{pk}", {"include": "payment_source,customer"}
    )
    assert document["data"]["attributes"]["name"] == "External payment"
    included = {(each["type"], each["id"]) for each in document["included"]}
    assert included == {("external_payments", source.pk), ("customers", here.alice.pk)}

    api.update("orders", order.pk, {"_customer_payment_source_id": pk, "_place": True})
    order.refresh_from_db()
    assert (order.status, order.payment_source) == ("placed", source)
    assert order.payment_method == here.card


def test_the_method_that_comes_with_the_entry_is_charged(here: Shop, api: ApiClient) -> None:
    entry = here.wallet(here.alice)
    PaymentMethod.objects.filter(pk=here.card.pk).update(price_amount_cents=99)
    order = order_with(here, Line(here.sku(price=1000)))
    api.update("orders", order.pk, {"_customer_payment_source_id": entry.pk})
    assert Order.objects.get().total_amount_cents == 1099


def test_an_entry_whose_method_is_not_offered_is_of_no_use(here: Shop, api: ApiClient) -> None:
    entry = here.wallet(here.alice)
    api.update("payment_methods", here.card.pk, {"_disable": True})
    order = order_with(here, Line(here.sku()))
    assert api.ids(f"/api/orders/{order.pk}/available_customer_payment_sources") == []
    answer = api.update("orders", order.pk, {"_customer_payment_source_id": entry.pk})
    assert errors_of(answer) == [(*REFUSED, "/data/relationships/payment_method")]


def test_nobody_keeps_what_is_somebody_elses(here: Shop, api: ApiClient) -> None:
    order = placed_order(here)
    source = ("wire_transfers", order.payment_source)
    pointer = [(*REFUSED, "/data/relationships/payment_source")]
    bob, alice = ("customers", here.customer("bob@example.com")), ("customers", here.alice)

    answer = api.create("customer_payment_sources", customer=bob, payment_source=source)
    assert errors_of(answer) == pointer
    pk = created(api.create("customer_payment_sources", customer=alice, payment_source=source))
    again = api.create("customer_payment_sources", customer=alice, payment_source=source)
    assert errors_of(again) == pointer
    assert errors_of(api.update("customer_payment_sources", pk, customer=bob)) == pointer
    foreign = ("external_payments", shop("live").wallet(shop("live").alice).payment_source)
    answer = api.create("customer_payment_sources", customer=alice, payment_source=foreign)
    assert errors_of(answer) == pointer
    assert CustomerPaymentSource.objects.filter(mode="test").count() == 1


def test_a_source_goes_with_the_entry_unless_an_order_has_it(here: Shop, api: ApiClient) -> None:
    unused, used = here.wallet(here.alice), here.wallet(here.alice)
    order = order_with(here, Line(here.sku()), payment_method=here.card)
    api.update("orders", order.pk, {"_customer_payment_source_id": used.pk})

    for entry in (unused, used):
        assert api.delete("customer_payment_sources", entry.pk).status_code == 204

    source = PaymentSource.objects.get()
    assert (source.pk, source.wallet, source.from_wallet) == (used.payment_source_id, None, True)


def test_what_a_copy_is_paid_with_is_in_the_wallet_already(here: Shop, api: ApiClient) -> None:
    entry = here.wallet(here.alice)
    order = order_with(here, Line(here.sku()), payment_method=here.card)
    api.update("orders", order.pk, {"_customer_payment_source_id": entry.pk})
    target = copied(order).target_order
    assert target
    assert target.payment_source_id not in {None, entry.payment_source_id}

    saved = api.update("orders", target.pk, {"_save_payment_source_to_customer_wallet": True})

    assert saved.status_code == 200
    assert CustomerPaymentSource.objects.get() == entry


def test_an_address_book(here: Shop, api: ApiClient) -> None:
    address, alice = ("addresses", here.address(city="Ulm")), ("customers", here.alice)
    email = {"customer_email": here.alice.email.upper()}

    pk = created(api.create("customer_addresses", email, customer=alice, address=address))

    entry = CustomerAddress.objects.get(pk=pk)
    assert (entry.customer, entry.address.city, entry.mode) == (here.alice, "Ulm", "test")
    found = api.document(f"/api/customer_addresses/{pk}")["data"]["attributes"]
    assert found["customer_email"] == here.alice.email
    assert found["name"] == "Alice Liddell, Folly Bridge 1, OX1 4LA Ulm (GB)"
    assert api.ids(f"/api/customers/{here.alice.pk}/customer_addresses") == [pk]
    again = api.create("customer_addresses", email, address=address)
    assert errors_of(again) == [(*REFUSED, "/data/relationships/address")]
    other = ("addresses", here.address())
    created(api.create("customer_addresses", customer=alice, address=other))
    assert here.alice.customer_addresses.count() == 2
    for nobody in ({}, {"customer_email": None}):
        assert errors_of(api.create("customer_addresses", nobody, address=other)) == [
            (*REFUSED, "/data/attributes/customer_email"),
            (*REFUSED, "/data/relationships/customer"),
        ]
    assert api.delete("customer_addresses", pk).status_code == 204


def test_an_address_is_put_into_the_book_of_the_customer_who_is_meant(
    here: Shop, api: ApiClient
) -> None:
    answer = api.create(
        "customer_addresses",
        {"customer_email": "bob@example.com"},
        customer=("customers", here.alice),
        address=("addresses", here.address()),
    )
    assert errors_of(answer) == [(*REFUSED, "/data/attributes/customer_email")]
    foreign = api.create(
        "customer_addresses",
        {"customer_email": here.alice.email},
        customer=("customers", here.alice),
        address=("addresses", shop("live").address()),
    )
    assert errors_of(foreign) == [(*REFUSED, "/data/relationships/address")]
    assert not CustomerAddress.objects.exists()
