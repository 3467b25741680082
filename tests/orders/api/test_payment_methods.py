"""Payment methods: made and switched through the API, and offered to the orders they are for."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order, PaymentMethod, PaymentSource
from tests.api_client import ApiClient, attributes_of, errors_of
from tests.factories import Line, Shop, market_beside, order_with, placed_order

pytestmark = pytest.mark.django_db


def method(here: Shop, **fields: Any) -> PaymentMethod:
    known = {"mode": here.mode, "payment_source_type": "wire_transfers"}
    return PaymentMethod.objects.create(**{**known, **fields})


def test_its_price_comes_in_threes_in_its_own_currency_or_that_of_its_market(
    here: Shop, api: ApiClient
) -> None:
    given = {"name": "Invoice", "payment_source_type": "wire_transfers", "price_amount_cents": 350}
    made = attributes_of(api.create("payment_methods", {**given, "currency_code": "USD"}))
    threes = [made[name] for name in ("price_amount_float", "formatted_price_amount")]
    assert (made["price_amount_cents"], *threes) == (350, 3.5, "$3.50")

    of_market = attributes_of(api.create("payment_methods", given, market=("markets", here.market)))
    assert of_market["formatted_price_amount"] == "€3,50"
    assert attributes_of(api.create("payment_methods", given))["formatted_price_amount"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("payment_source_type", "stripe_payments"),
        ("payment_source_type", "promises"),
        ("price_amount_cents", -1),
        ("price_amount_cents", None),
        ("currency_code", "euro"),
    ],
)
def test_what_cannot_be_is_refused(api: ApiClient, name: str, value: Any) -> None:
    given = {"payment_source_type": "wire_transfers", "price_amount_cents": 0, name: value}

    answer = api.create("payment_methods", given)

    assert errors_of(answer) == [(422, "VALIDATION_ERROR", f"/data/attributes/{name}")]
    assert not PaymentMethod.objects.exists()


def test_it_is_switched_off_and_on(here: Shop, api: ApiClient) -> None:
    off = attributes_of(api.update("payment_methods", here.wire.pk, {"_disable": True}))
    assert off["disabled_at"] is not None
    on = attributes_of(api.update("payment_methods", here.wire.pk, {"_enable": True}))
    assert on["disabled_at"] is None


def test_one_that_orders_were_paid_by_stays(here: Shop, api: ApiClient) -> None:
    placed_order(here)
    assert errors_of(api.delete("payment_methods", here.wire.pk)) == [
        (422, "VALIDATION_ERROR", "/data")
    ]
    assert api.delete("payment_methods", here.card.pk).status_code == 204


def test_an_order_is_offered_what_is_on_for_its_market_and_currency(
    here: Shop, api: ApiClient
) -> None:
    mine = method(here, market=here.market, currency_code="EUR")
    method(here, market=market_beside(here))
    method(here, currency_code="USD")
    api.update("payment_methods", here.card.pk, {"_disable": True})
    here.market.default_payment_method = mine
    here.market.save()
    order = order_with(here, Line(here.sku()))

    assert set(api.ids(f"/api/orders/{order.pk}/available_payment_methods")) == {
        mine.pk,
        here.wire.pk,
    }
    found = api.document(f"/api/orders/{order.pk}/default_payment_method")
    assert found["data"]["id"] == mine.pk


def test_what_many_orders_are_offered_is_found_at_once(here: Shop, api: ApiClient) -> None:
    here.market.default_payment_method = here.wire
    here.market.save()
    beside = market_beside(here)
    theirs = method(here, market=beside)
    one, other = order_with(here), order_with(here, market=beside)
    wallet = here.wallet(here.alice)
    offers = "available_payment_methods,default_payment_method,available_customer_payment_sources"

    def asked() -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as queries:
            document = api.document("/api/orders", {"include": offers})
        return document, len(queries)

    document, few = asked()
    found = {
        each["id"]: {
            name: [key["id"] for key in data] if isinstance(data, list) else data and data["id"]
            for name in offers.split(",")
            for data in [each["relationships"][name]["data"]]
        }
        for each in document["data"]
    }
    shared = {here.wire.pk, here.card.pk}
    assert set(found[one.pk]["available_payment_methods"]) == shared
    assert set(found[other.pk]["available_payment_methods"]) == shared | {theirs.pk}
    assert found[one.pk]["default_payment_method"] == here.wire.pk
    assert found[other.pk]["default_payment_method"] is None
    assert found[one.pk]["available_customer_payment_sources"] == [wallet.pk]
    for _ in range(3):
        order_with(here, customer=here.customer(f"{_}@example.com"))
    assert asked()[1] == few


def test_its_price_is_part_of_what_the_order_costs(here: Shop, api: ApiClient) -> None:
    dear = method(here, price_amount_cents=250)
    order = order_with(here, Line(here.sku(price=1000)))

    found = attributes_of(api.update("orders", order.pk, payment_method=("payment_methods", dear)))

    assert found["payment_method_amount_cents"] == 250
    assert found["total_amount_cents"] == 1250


def test_one_that_is_not_offered_cannot_be_chosen(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()))
    for fields in ({"market": market_beside(here)}, {"currency_code": "USD"}):
        theirs = ("payment_methods", method(here, **fields))
        answer = api.update("orders", order.pk, payment_method=theirs)
        assert errors_of(answer) == [
            (422, "VALIDATION_ERROR", "/data/relationships/payment_method")
        ]
        assert api.create("orders", payment_method=theirs).status_code == 422
    assert Order.objects.get().payment_method == here.wire


def test_another_kind_of_method_lets_the_source_go(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()), payment_method=here.card)
    card = PaymentSource.objects.create(
        mode="test", type="external_payments", payment_source_token="t", order=order
    )
    Order.objects.filter(pk=order.pk).update(payment_source=card)

    api.update("orders", order.pk, payment_method=("payment_methods", here.wire))

    order.refresh_from_db()
    assert (order.payment_method, order.payment_source) == (here.wire, None)


def test_another_market_lets_go_of_what_it_does_not_offer(here: Shop, api: ApiClient) -> None:
    only_here = method(here, market=here.market)
    order = order_with(here, Line(here.sku()), payment_method=only_here)

    answer = api.update("orders", order.pk, market=("markets", market_beside(here)))

    assert answer.status_code == 200
    order.refresh_from_db()
    assert order.payment_method is None
