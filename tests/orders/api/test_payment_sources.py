"""Payment sources: made for orders, which are paid with them from then on."""

from typing import Any

import pytest

from orders import lifecycle
from orders.models import EventStore, Order, PaymentSource
from tests.api_client import ApiClient, errors_of
from tests.factories import Line, Shop, moved, order_with, placed_order

pytestmark = pytest.mark.django_db

TOKEN = {"payment_source_token": "tok_1"}
REFUSED = (422, "VALIDATION_ERROR")


def by_card(here: Shop, **fields: Any) -> Order:
    return order_with(here, Line(here.sku()), payment_method=here.card, **fields)


def pays(api: ApiClient, order: Order, **given: Any) -> str:
    answer = api.create("external_payments", {**TOKEN, **given}, order=("orders", order))
    assert answer.status_code == 201, answer.content
    pk: str = answer.json()["data"]["id"]
    return pk


def test_an_order_is_paid_with_what_is_made_for_it(here: Shop, api: ApiClient) -> None:
    order = by_card(here)

    pk = pays(api, order, options={"installments": 3})

    order.refresh_from_db()
    source = order.payment_source
    assert source
    assert (source.pk, source.order_id, source.mode) == (pk, order.pk, "test")
    assert (source.type, source.payment_source_token) == ("external_payments", "tok_1")
    assert source.options == {"installments": 3}
    entry = EventStore.objects.get(resource_id=order.pk, event="update")
    assert entry.payload == {"payment_source": {"from": None, "to": pk}}
    found = api.document(f"/api/orders/{order.pk}", {"include": "payment_source"})["included"]
    assert [(each["type"], each["id"]) for each in found] == [("external_payments", pk)]
    assert api.get(f"/api/wire_transfers/{pk}").status_code == 404
    assert api.update("orders", order.pk, {"_place": True}).status_code == 200


def test_a_wire_transfer_needs_nothing_but_an_order(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()))
    made = api.create("wire_transfers", {"reference": "R"}, order=("orders", order))
    assert made.status_code == 201
    assert Order.objects.get().payment_source_id == made.json()["data"]["id"]
    assert errors_of(api.create("wire_transfers")) == [(*REFUSED, "/data/relationships/order")]


def test_a_source_of_another_kind_than_the_method_is_refused(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()))
    answer = api.create("external_payments", TOKEN, order=("orders", order))
    assert errors_of(answer) == [(*REFUSED, "/data/relationships/order")]
    assert not PaymentSource.objects.exists()


@pytest.mark.parametrize("token", ["4242424242424242", "4242 4242 4242 4242"])
def test_the_number_of_a_card_is_never_kept(here: Shop, api: ApiClient, token: str) -> None:
    given = {"payment_source_token": token}
    answers = [
        api.create("external_payments", given, order=("orders", by_card(here))),
        api.create("customer_payment_sources", given, customer=("customers", here.alice)),
    ]
    for answer in answers:
        found = [(*REFUSED, "/data/attributes/payment_source_token")]
        assert errors_of(answer) == found
    assert not PaymentSource.objects.exists()


def test_a_placed_order_keeps_what_it_was_paid_with(here: Shop, api: ApiClient) -> None:
    order = by_card(here)
    pk = pays(api, order)
    moved(order, lifecycle.place)
    other = by_card(here)

    refused = [
        api.create("external_payments", TOKEN, order=("orders", order)),
        api.update("external_payments", pk, {"options": {"a": 1}}),
        api.update("external_payments", pk, order=("orders", other)),
        api.delete("external_payments", pk),
        api.update("orders", order.pk, {"_nullify_payment_source": True}),
    ]

    assert [answer.status_code for answer in refused] == [422] * 5
    assert f"order {order.number} is placed" in refused[1].json()["errors"][0]["title"]
    order.refresh_from_db()
    assert order.payment_source
    assert (order.payment_source_id, order.payment_source.options) == (pk, {})
    noted = api.update("external_payments", pk, {"metadata": {"a": 1}, "reference": "R"})
    assert noted.status_code == 200


def test_it_can_be_moved_to_another_open_order(here: Shop, api: ApiClient) -> None:
    order, other = by_card(here), by_card(here)
    pk = pays(api, order)

    assert api.update("external_payments", pk, order=("orders", other)).status_code == 200

    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.payment_source_id, other.payment_source_id) == (None, pk)
    assert PaymentSource.objects.get().order == other
    closed = placed_order(here)
    answer = api.update("external_payments", pk, order=("orders", closed))
    assert errors_of(answer) == [(*REFUSED, "/data/relationships/order")]


def test_deleting_it_leaves_the_open_order_unpaid(here: Shop, api: ApiClient) -> None:
    order = by_card(here)
    pk = pays(api, order)
    assert api.delete("external_payments", pk).status_code == 204
    order.refresh_from_db()
    assert order.payment_source is None
    assert not PaymentSource.objects.exists()
    assert EventStore.objects.filter(resource_id=pk, event="destroy").exists()


def test_what_is_kept_in_a_wallet_is_not_deleted(here: Shop, api: ApiClient) -> None:
    order = by_card(here)
    pk = pays(api, order)
    api.update("orders", order.pk, {"_save_payment_source_to_customer_wallet": True})
    assert errors_of(api.delete("external_payments", pk)) == [(*REFUSED, "/data")]
    wallet = api.document(f"/api/external_payments/{pk}/wallet")["data"]
    assert wallet["relationships"].keys() == {
        "customer",
        "payment_method",
        "payment_source",
        "event_stores",
    }


def test_an_order_is_not_paid_with_what_belongs_to_another(here: Shop, api: ApiClient) -> None:
    theirs = pays(api, by_card(here))
    order = by_card(here)
    source = ("external_payments", theirs)
    pointer = "/data/relationships/payment_source"
    assert errors_of(api.update("orders", order.pk, payment_source=source)) == [(*REFUSED, pointer)]
    stranger = here.wallet(here.customer("bob@example.com")).payment_source_id
    source = ("external_payments", stranger)
    assert errors_of(api.update("orders", order.pk, payment_source=source)) == [(*REFUSED, pointer)]
    source = ("external_payments", here.wallet(here.alice).payment_source_id)
    assert api.update("orders", order.pk, payment_source=source).status_code == 200


def test_what_came_from_a_customers_wallet_goes_with_the_customer(
    here: Shop, api: ApiClient
) -> None:
    order = by_card(here)
    wallet = here.wallet(here.alice)
    api.update("orders", order.pk, {"_customer_payment_source_id": wallet.pk})
    order.refresh_from_db()
    assert order.payment_source_id == wallet.payment_source_id

    bob = here.customer("bob@example.com")
    assert api.update("orders", order.pk, customer=("customers", bob)).status_code == 200

    order.refresh_from_db()
    assert (order.customer, order.payment_source) == (bob, None)


def test_a_storefront_pays_its_own_orders_and_no_others(here: Shop) -> None:
    store = ApiClient(kind="sales_channel", market=here.market)
    mine = store.create(
        "orders", {"customer_email": "s@example.com"}, payment_method=("payment_methods", here.card)
    ).json()["data"]["id"]
    foreign = by_card(here)

    made = store.create("external_payments", TOKEN, order=("orders", mine))
    assert made.status_code == 201
    pk = made.json()["data"]["id"]
    assert store.ids("/api/external_payments") == [pk]
    assert store.update("external_payments", pk, {"options": {"a": 1}}).status_code == 200
    answer = store.create("external_payments", TOKEN, order=("orders", foreign))
    assert errors_of(answer) == [(*REFUSED, "/data/relationships/order")]
    assert store.get("/api/customer_payment_sources").status_code == 401
    assert ApiClient().create("external_payments", TOKEN, order=("orders", foreign)).status_code
    assert store.ids("/api/external_payments") == [pk]
