"""Price lists, prices, markets and stock through the API."""

from typing import Any

import pytest
from django.test import Client

from orders.models import (
    EventStore,
    Market,
    MarketStockLocation,
    Price,
    PriceList,
    Sku,
    StockItem,
    StockLocation,
)
from tests.api_client import ApiClient, attributes_of, made, refused
from tests.factories import Shop, order_with, placed_order, unused

pytestmark = pytest.mark.django_db


def price_list(api: ApiClient, **attributes: Any) -> Any:
    return api.create("price_lists", {"name": unused("list"), "currency_code": "EUR", **attributes})


def test_a_shop_is_built_from_nothing(api: ApiClient) -> None:
    prices = made(price_list(api, tax_included=True))["id"]
    near = made(api.create("stock_locations", {"name": "Near", "code": "N"}))["id"]
    far = made(api.create("stock_locations", {"name": "Far"}))["id"]
    market = made(
        api.create(
            "markets",
            {"name": "Europe", "code": "EU", "checkout_url": "https://pay.example"},
            price_list=("price_lists", prices),
            stock_locations=[("stock_locations", near), ("stock_locations", far)],
        )
    )["id"]
    sku = made(api.create("skus", {"code": "MUG", "name": "Mug"}))["id"]
    price = made(
        api.create(
            "prices",
            {"sku_code": "MUG", "amount_cents": 1000, "compare_at_amount_cents": 123456},
            price_list=("price_lists", prices),
        )
    )
    pieces = {"sku_code": "MUG", "quantity": 3}
    stock = made(api.create("stock_items", pieces, stock_location=("stock_locations", near)))
    order = made(api.create("orders", {}, market=("markets", market)))

    assert (
        price["attributes"]
        | {
            "sku_code": "MUG",
            "currency_code": "EUR",
            "amount_cents": 1000,
            "amount_float": 10.0,
            "formatted_amount": "€10,00",
            "original_amount_cents": 1000,
            "formatted_original_amount": "€10,00",
            "formatted_compare_at_amount": "€1.234,56",
        }
        == price["attributes"]
    )
    assert order["attributes"]["currency_code"] == "EUR"
    stored = Price.objects.get(pk=price["id"])
    assert (stored.sku_id, stored.price_list_id, stored.mode) == (sku, prices, "test")
    assert StockItem.objects.get(sku=sku).quantity == 3
    assert Market.objects.get(pk=market).price_list.tax_included
    assert api.ids(f"/api/stock_locations/{near}/stock_items") == [stock["id"]]


def test_stock_is_taken_in_the_order_of_the_list(here: Shop, api: ApiClient) -> None:
    first, second = (StockLocation.objects.create(mode="test", name=unused("l")) for _ in "12")

    def send(*locations: StockLocation) -> list[str]:
        sent = [("stock_locations", each) for each in locations]
        answer = api.update(
            "markets", here.market.pk, {}, "?include=stock_locations", stock_locations=sent
        )
        found = made(answer)["relationships"]["stock_locations"]["data"]
        return [each["id"] for each in found]

    assert send(second, here.warehouse, first) == [second.pk, here.warehouse.pk, first.pk]
    assert send(first, second, first) == [first.pk, second.pk]
    places = MarketStockLocation.objects.filter(market=here.market).order_by("priority")
    assert [place.stock_location_id for place in places] == [first.pk, second.pk]


@pytest.mark.parametrize("code", ["XXX", "XTS", "eur", "EURO", "", "E", 5, None])
def test_a_currency_has_to_be_one(api: ApiClient, code: Any) -> None:
    pointer, title = refused(price_list(api, currency_code=code))
    assert pointer == "/data/attributes/currency_code"
    assert title
    assert not PriceList.objects.exists()


def test_a_list_keeps_the_currency_of_its_prices(here: Shop, api: ApiClient) -> None:
    prices = here.market.price_list
    sku = here.sku()
    answer = api.update("price_lists", prices.pk, {"currency_code": "USD"})
    assert refused(answer) == (
        "/data/attributes/currency_code",
        "cannot be changed: the list has prices in EUR",
    )
    order_with(here)
    sku.prices.all().delete()
    answer = api.update("price_lists", prices.pk, {"currency_code": "USD"})
    assert refused(answer)[1] == "cannot be changed: its markets have orders in EUR"
    made(api.update("price_lists", prices.pk, {"currency_code": "EUR", "name": "Same"}))
    prices.refresh_from_db()
    assert (prices.currency_code, prices.name) == ("EUR", "Same")


def test_so_it_does_in_the_admin(here: Shop, admin_client: Client) -> None:
    prices = here.market.price_list
    here.sku()
    address = f"/admin/orders/pricelist/{prices.pk}/change/"
    sent = {"mode": "test", "name": "Other", "currency_code": "USD", "metadata": "{}"}
    page = admin_client.post(address, sent).content.decode()
    assert "It stays as it is: there are prices or orders in this currency." in page
    assert admin_client.post(address, {**sent, "currency_code": "EUR"}).status_code == 302
    prices.refresh_from_db()
    assert (prices.currency_code, prices.name) == ("EUR", "Other")


def test_an_empty_list_may_change_its_currency(here: Shop, api: ApiClient) -> None:
    prices = here.market.price_list
    made(api.update("price_lists", prices.pk, {"currency_code": "USD"}))
    prices.refresh_from_db()
    assert prices.currency_code == "USD"


@pytest.mark.parametrize("resource", ["price_lists", "stock_locations", "markets"])
@pytest.mark.parametrize("name", ["name", "code"])
def test_names_and_codes_are_taken_once(
    here: Shop, api: ApiClient, resource: str, name: str
) -> None:
    needed: dict[str, Any] = {"price_lists": {"currency_code": "EUR"}}
    others = (
        {"price_list": ("price_lists", here.market.price_list)} if resource == "markets" else {}
    )

    def create() -> Any:
        sent = {"name": unused("name"), **needed.get(resource, {}), name: "Mine"}
        return api.create(resource, sent, **others)

    made(create())
    assert refused(create()) == (f"/data/attributes/{name}", "has already been taken")
    live = ApiClient("live")
    if resource != "markets":  # its price list is of the test world
        answer = live.create(resource, {"name": "Mine", **needed.get(resource, {}), name: "Mine"})
        assert answer.status_code == 201


def test_a_sku_has_one_price_in_a_list(here: Shop, api: ApiClient) -> None:
    sku = here.sku(price=700)
    target = ("price_lists", here.market.price_list)
    answer = api.create("prices", {"amount_cents": 1}, sku=("skus", sku), price_list=target)
    assert refused(answer) == ("/data/relationships/sku", "has already been taken")
    assert sku.prices.get().amount_cents == 700


@pytest.mark.parametrize("name", ["amount_cents", "compare_at_amount_cents"])
def test_a_price_is_not_negative(here: Shop, api: ApiClient, name: str) -> None:
    price = here.sku().prices.get()
    answer = api.update("prices", price.pk, {name: -1})
    message = "must be greater than or equal to 0"
    assert refused(answer) == (f"/data/attributes/{name}", message)


def test_a_sku_is_named_by_itself_or_by_its_code(here: Shop, api: ApiClient) -> None:
    mug, cup = here.sku("MUG", price=100), here.sku("CUP", price=100)
    prices = ("price_lists", made(price_list(api))["id"])

    def create(attributes: Any, **relationships: Any) -> Any:
        return api.create(
            "prices", {"amount_cents": 1, **attributes}, price_list=prices, **relationships
        )

    blank = ("/data/relationships/sku", "can't be blank")
    assert refused(create({})) == blank
    assert refused(create({"sku_code": None})) == blank
    assert refused(create({"sku_code": "?"})) == ("/data/attributes/sku_code", "must exist")
    both = create({"sku_code": "CUP"}, sku=("skus", mug))
    assert refused(both) == ("/data/attributes/sku_code", "is not the code of the SKU")
    pk = made(create({"sku_code": "MUG"}, sku=("skus", mug)))["id"]
    assert made(api.update("prices", pk, {"sku_code": "CUP"}))["attributes"]["sku_code"] == "CUP"
    assert Price.objects.get(pk=pk).sku == cup
    entry = EventStore.objects.get(resource_id=pk, event="update")
    assert entry.payload == {"sku": {"from": mug.pk, "to": cup.pk}}


def test_what_is_asked_of_a_market(here: Shop, api: ApiClient) -> None:
    target = ("price_lists", here.market.price_list)
    assert refused(api.create("markets", {"name": "M"}))[0] == "/data/relationships/price_list"
    answer = api.create("markets", {"name": "M", "checkout_url": "pay"}, price_list=target)
    assert refused(answer) == ("/data/attributes/checkout_url", "is invalid")


@pytest.mark.parametrize("resource", ["markets", "skus"])
def test_switching_off_and_on(here: Shop, api: ApiClient, resource: str) -> None:
    if resource == "markets":
        relations = {"price_list": ("price_lists", here.market.price_list)}
        answer = api.create("markets", {"name": "Off", "_disable": True}, **relations)
    else:
        answer = api.create("skus", {"name": "Off", "code": "OFF", "_disable": True})
    pk, disabled_at = made(answer)["id"], made(answer)["attributes"]["disabled_at"]
    assert disabled_at
    again = made(api.update(resource, pk, {"_disable": True}))
    assert again["attributes"]["disabled_at"] == disabled_at
    assert api.ids(f"/api/{resource}", {"filter[q][disabled_at_not_null]": "true"}) == [pk]
    assert made(api.update(resource, pk, {"_enable": True}))["attributes"]["disabled_at"] is None
    model = {"markets": Market, "skus": Sku}[resource]
    assert model.objects.get(pk=pk).disabled_at is None
    entries = EventStore.objects.filter(resource_id=pk, event="update")
    changes = [entry.payload["disabled_at"] for entry in entries]
    assert {"from": None, "to": disabled_at} in changes
    assert {"from": disabled_at, "to": None} in changes
    assert len(changes) == 2


def test_what_orders_need_stays(here: Shop, api: ApiClient) -> None:
    order = placed_order(here)
    sku = order.line_items.get().sku
    assert sku
    for resource, row in (
        ("markets", here.market),
        ("price_lists", here.market.price_list),
        ("stock_locations", here.warehouse),
        ("skus", sku),
        ("stock_items", sku.stock_items.get()),
    ):
        assert refused(api.delete(resource, row.pk)) == ("/data", "is still in use")
        row.refresh_from_db()


def test_what_nobody_needs_goes(here: Shop, api: ApiClient) -> None:
    sku = here.sku()
    for resource, pk in (
        ("prices", sku.prices.get().pk),
        ("stock_items", sku.stock_items.get().pk),
        ("skus", sku.pk),
        ("markets", here.market.pk),
        ("price_lists", here.market.price_list_id),
        ("stock_locations", here.warehouse.pk),
    ):
        assert api.delete(resource, pk).status_code == 204
        assert api.get(f"/api/{resource}/{pk}").status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "\u00a0"])
def test_a_tag_has_a_name(api: ApiClient, name: str) -> None:
    assert refused(api.create("tags", {"name": name})) == (
        "/data/attributes/name",
        "can't be blank",
    )


@pytest.mark.parametrize("name", [" vip", "vip ", "vip,gold", ","])
def test_a_tag_has_a_name_that_it_can_be_put_on_by(api: ApiClient, name: str) -> None:
    assert refused(api.create("tags", {"name": name})) == (
        "/data/attributes/name",
        "has a comma, or spaces around it",
    )
    assert made(api.create("tags", {"name": "much loved"}))["attributes"]["name"] == "much loved"


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@example.com"])
def test_an_e_mail_address_is_one(here: Shop, api: ApiClient, email: str) -> None:
    order, address = order_with(here), here.address()
    for answer, name in (
        (api.create("customers", {"email": email}), "email"),
        (api.update("orders", order.pk, {"customer_email": email}), "customer_email"),
        (api.update("addresses", address.pk, {"email": email}), "email"),
    ):
        assert refused(answer) == (f"/data/attributes/{name}", "is invalid")


@pytest.mark.parametrize("code", ["1", "D", "D1", "Ä1", "ß", "äö"])
def test_a_country_has_two_letters(here: Shop, api: ApiClient, code: str) -> None:
    answer = api.update("addresses", here.address().pk, {"country_code": code})
    assert refused(answer) == ("/data/attributes/country_code", "is not two letters")


def test_countries_are_kept_in_capitals(here: Shop, api: ApiClient) -> None:
    address = here.address()
    order = order_with(here, shipping_address=address)

    changed = api.update("addresses", address.pk, {"country_code": "it"})

    assert attributes_of(changed)["country_code"] == "IT"
    assert api.ids("/api/orders", {"filter[q][country_code_eq]": "it"}) == [order.pk]
    locked = api.update("orders", order.pk, {"shipping_country_code_lock": "it"})
    assert attributes_of(locked)["shipping_country_code_lock"] == "IT"
    assert refused(api.update("orders", order.pk, {"shipping_country_code_lock": "I1"})) == (
        "/data/attributes/shipping_country_code_lock",
        "is not two letters",
    )
