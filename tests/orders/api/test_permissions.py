"""What each kind of client may do, and which rows exist for it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from orders.api.caller import Caller
from orders.api.narrowing import OF_SALES_CHANNELS, remember, visible
from orders.api.permissions import EVERYTHING, PERMISSIONS, REST, WRITABLE_BY_SALES_CHANNELS
from orders.models import (
    Address,
    Customer,
    LineItem,
    LineItemOption,
    Market,
    Order,
    PaymentMethod,
    PaymentSource,
    Price,
    Shipment,
    ShippingMethod,
    Sku,
)
from tests.factories import Line, Shop, market_beside, order_with, shop
from tests.orders.api.credentials import KINDS, credentials

CONTRACT = Path("config/jsonapi/contract")


def caller(kind: str, here: Shop) -> Caller:
    market = here.market if kind == "sales_channel" else None
    client = credentials(kind, here.mode, market=market).client
    return Caller(
        id=client.pk,
        client_id=client.client_id,
        name=client.name,
        kind=kind,
        mode=here.mode,
        market_id=client.market_id,
        organization_id="org",
    )


def somebody(kind: str) -> Caller:
    return Caller("id", "client", "name", kind, "test", None, "org")


@pytest.mark.parametrize("action", sorted(EVERYTHING))
@pytest.mark.parametrize("resource", ["orders", "order_copies", "webhooks", "organizations"])
def test_an_integration_may_do_everything(action: str, resource: str) -> None:
    assert somebody("integration").may(action, resource)


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        ("orders", True),
        ("order_copies", True),
        ("customers", True),
        ("webhooks", False),
    ],
)
def test_a_webapp_may_do_all_but_govern_the_shop(resource: str, allowed: bool) -> None:
    assert {somebody("webapp").may(action, resource) for action in EVERYTHING} == {allowed}


@pytest.mark.parametrize("resource", ["applications", "organizations"])
def test_a_webapp_reads_who_it_is_and_where(resource: str) -> None:
    webapp = somebody("webapp")

    assert {each for each in EVERYTHING if webapp.may(each, resource)} == {"list", "retrieve"}


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        ("markets", {"list", "retrieve"}),
        ("skus", {"list", "retrieve"}),
        ("prices", {"list", "retrieve"}),
        ("shipping_methods", {"list", "retrieve"}),
        ("payment_methods", {"list", "retrieve"}),
        ("orders", {"list", "retrieve", "create", "update"}),
        ("line_items", set(EVERYTHING)),
        ("addresses", set(EVERYTHING)),
        ("external_payments", set(EVERYTHING)),
        ("order_copies", set()),
        ("order_factories", set()),
        ("order_subscriptions", set()),
        ("events", set()),
        ("event_stores", set()),
        ("customers", set()),
        ("customer_payment_sources", set()),
        ("stock_items", set()),
        ("coupons", set()),
        ("whatever comes next", set()),
    ],
)
def test_a_sales_channel_may_sell(resource: str, allowed: set[str]) -> None:
    channel = somebody("sales_channel")

    assert {action for action in EVERYTHING if channel.may(action, resource)} == allowed


def test_only_a_sales_channel_is_told_what_it_may_write() -> None:
    assert somebody("integration").may_write("line_items", "unit_amount_cents")
    assert somebody("webapp").may_write("orders", "_capture")


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("line_items", "unit_amount_cents"),
        ("line_item_options", "unit_amount_cents"),
        ("orders", "_capture"),
        ("orders", "_refund"),
        ("orders", "_approve"),
        ("orders", "_fulfill"),
        ("orders", "_customer_payment_source_id"),
        ("orders", "customer"),
        ("orders", "number"),
        ("shipments", "_deliver"),
        ("skus", "name"),
    ],
)
def test_a_sales_channel_sets_no_price_and_moves_no_money(resource: str, name: str) -> None:
    assert not somebody("sales_channel").may_write(resource, name)


@pytest.mark.parametrize("resource", WRITABLE_BY_SALES_CHANNELS)
def test_what_a_sales_channel_may_write_is_there(resource: str) -> None:
    contract = json.loads((CONTRACT / f"{resource}.json").read_text())

    names = set(contract["attributes"]) | set(contract["relationships"])
    assert names >= WRITABLE_BY_SALES_CHANNELS[resource]


def test_what_a_sales_channel_may_read_is_narrowed_to_its_own() -> None:
    assert set(PERMISSIONS["sales_channel"]) - {REST} == set(OF_SALES_CHANNELS)


ROWS: dict[str, QuerySet[Any]] = {
    "markets": Market.objects.all(),
    "skus": Sku.objects.all(),
    "prices": Price.objects.all(),
    "shipping_methods": ShippingMethod.objects.all(),
    "payment_methods": PaymentMethod.objects.all(),
    "orders": Order.objects.all(),
    "line_items": LineItem.objects.all(),
    "line_item_options": LineItemOption.objects.all(),
    "addresses": Address.objects.all(),
    "shipments": Shipment.objects.all(),
    "external_payments": PaymentSource.objects.all(),
    "customers": Customer.objects.all(),
}


def an_order(here: Shop) -> Order:
    order = order_with(here, Line(here.sku(), options=[5]), shipping_cost=500)
    order.payment_sources.create(
        mode=here.mode, type="external_payments", payment_source_token="card"
    )
    return order


def seen(by: Caller, resource: str) -> set[str]:
    return {row.pk for row in visible(ROWS[resource], caller=by, resource=resource)}


def everything(*orders: Order) -> dict[str, set[Any]]:
    """All the rows that belong to orders, and where they are sold."""
    rows: dict[str, list[Model | None]] = {resource: [] for resource in ROWS}
    for order in orders:
        rows["orders"].append(order)
        rows["markets"].append(order.market)
        rows["prices"] += order.market.price_list.prices.all()
        rows["line_items"] += order.line_items.all()
        rows["skus"] += [line.sku for line in order.line_items.all()]
        rows["line_item_options"] += LineItemOption.objects.filter(line_item__order=order)
        rows["addresses"] += [order.billing_address, order.shipping_address]
        rows["shipments"] += order.shipments.all()
        rows["external_payments"] += order.payment_sources.all()
    return {resource: {row.pk for row in found if row} for resource, found in rows.items()}


@pytest.mark.django_db
def test_a_sales_channel_sees_its_market_and_what_it_made_and_nothing_else() -> None:
    here, elsewhere = shop(), shop()
    channel, colleague = caller("sales_channel", here), caller("sales_channel", here)
    mine, theirs, _of_the_shop, _foreign = (
        an_order(place) for place in (here, here, here, elsewhere)
    )
    remember(channel, "orders", mine.pk)
    remember(colleague, "orders", theirs.pk)
    expected = everything(mine)
    expected["prices"] = {price.pk for price in here.market.price_list.prices.all()}
    expected["skus"] = {price.sku_id for price in here.market.price_list.prices.all()}
    # Methods without a market are for every market.
    expected["shipping_methods"] = {here.courier.pk, elsewhere.courier.pk}
    expected["payment_methods"] = {
        method.pk for place in (here, elsewhere) for method in (place.wire, place.card)
    }
    expected["customers"] = set()

    assert {resource: seen(channel, resource) for resource in ROWS} == expected


@pytest.mark.django_db
def test_methods_of_another_market_are_not_offered() -> None:
    here = shop()
    theirs = market_beside(here)
    channel = caller("sales_channel", here)
    ShippingMethod.objects.filter(pk=here.courier.pk).update(market=theirs)
    PaymentMethod.objects.filter(pk=here.wire.pk).update(market=theirs)
    PaymentMethod.objects.filter(pk=here.card.pk).update(market=here.market)

    assert seen(channel, "shipping_methods") == set()
    assert seen(channel, "payment_methods") == {here.card.pk}


@pytest.mark.django_db
def test_an_address_that_a_sales_channel_made_is_its_own_before_an_order_has_it() -> None:
    here = shop()
    channel = caller("sales_channel", here)
    mine, _another = here.address(), here.address()
    remember(channel, "addresses", mine.pk)

    assert seen(channel, "addresses") == {mine.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_the_other_mode_does_not_exist(kind: str) -> None:
    here = shop("test")
    order = an_order(here)
    someone = caller(kind, here)
    remember(someone, "orders", order.pk)
    assert seen(someone, "orders") == {order.pk}

    in_live = replace(someone, mode="live")

    assert {resource: seen(in_live, resource) for resource in ROWS} == {
        resource: set() for resource in ROWS
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["integration", "webapp"])
def test_everybody_else_sees_their_whole_mode(kind: str) -> None:
    here = shop()
    order = an_order(here)

    for resource, rows in everything(order).items():
        assert seen(caller(kind, here), resource) >= rows
