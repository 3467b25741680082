"""An order that is locked to a country is shipped there or not at all."""

import pytest

from ordercopy.copies import errors_log
from ordercopy.models import FactoryStatus
from orders.models import Order
from tests.api_client import ApiClient, attributes_of, refused
from tests.copying import copied, run, target_of
from tests.factories import Line, Shop, order_with, shop

pytestmark = pytest.mark.django_db

IN_FRANCE = (
    "the address is in FR and has to be in IT: choose another, or change shipping_country_code_lock"
)


@pytest.fixture
def here() -> Shop:
    return shop()


@pytest.fixture
def api() -> ApiClient:
    return ApiClient()


def locked(here: Shop, country: str = "IT") -> Order:
    """An order for Italy, with an address in some country."""
    order = order_with(here, Line(here.sku()), shipping_address=here.address(country_code=country))
    Order.objects.filter(pk=order.pk).update(shipping_country_code_lock="IT")
    return order


def test_an_address_in_another_country_is_refused(here: Shop, api: ApiClient) -> None:
    order, abroad = locked(here), here.address(country_code="FR")

    given = api.update("orders", order.pk, shipping_address=("addresses", abroad))
    cloned = api.update("orders", order.pk, {"_shipping_address_clone_id": abroad.pk})

    for answer in (given, cloned):
        assert refused(answer) == ("/data/relationships/shipping_address", IN_FRANCE)
    order.refresh_from_db()
    assert order.country_code == "IT"


def test_an_address_does_not_move_out_of_the_country(here: Shop, api: ApiClient) -> None:
    order = locked(here)

    answer = api.update("addresses", order.shipping_address_id, {"country_code": "fr"})

    assert refused(answer) == ("/data/attributes/country_code", IN_FRANCE)


def test_an_order_is_not_locked_away_from_its_address(here: Shop, api: ApiClient) -> None:
    abroad = ("addresses", here.address(country_code="FR"))
    market = ("markets", here.market)
    new = api.create("orders", {"shipping_country_code_lock": "IT"}, market=market)
    assert attributes_of(new)["shipping_country_code_lock"] == "IT"

    both = api.create(
        "orders", {"shipping_country_code_lock": "IT"}, market=market, shipping_address=abroad
    )
    free = order_with(here, shipping_address=here.address(country_code="FR"))
    lock = api.update("orders", free.pk, {"shipping_country_code_lock": "IT"})

    assert refused(both) == ("/data/relationships/shipping_address", IN_FRANCE)
    assert refused(lock) == ("/data/attributes/shipping_country_code_lock", IN_FRANCE)


def test_a_lock_and_the_address_that_it_asks_for_come_together(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()), shipping_address=here.address(country_code="FR"))
    there = here.address(country_code="IT")

    answer = api.update(
        "orders",
        order.pk,
        {"shipping_country_code_lock": "IT", "_shipping_address_clone_id": there.pk},
    )

    assert attributes_of(answer)["country_code"] == "IT"


def test_what_is_not_sent_may_be_for_anybody(here: Shop, api: ApiClient) -> None:
    download = here.sku(do_not_ship=True)
    abroad = here.address(country_code="FR")
    order = order_with(here, Line(download), shipping_address=abroad, payment_method=here.wire)

    assert attributes_of(api.update("orders", order.pk, {"shipping_country_code_lock": "IT"}))

    placed = api.update("orders", order.pk, {"_place": True})
    assert attributes_of(placed)["status"] == "placed"


def test_an_order_that_broke_its_lock_before_is_not_placed(here: Shop, api: ApiClient) -> None:
    order = locked(here, "FR")

    answer = api.update("orders", order.pk, {"_place": True})

    assert refused(answer) == ("/data/relationships/shipping_address", IN_FRANCE)


def test_a_copy_keeps_the_lock_and_is_placed_only_there(here: Shop, api: ApiClient) -> None:
    source = locked(here, "FR")

    assert copied(source).status == FactoryStatus.COMPLETED
    copy = copied(source, place_target_order=True)

    assert copy.status == FactoryStatus.FAILED
    assert errors_log(copy) == {"shipping_address": [IN_FRANCE]}
    target = target_of(copy)
    assert (target.status, target.shipping_country_code_lock) == ("pending", "IT")
    moved = api.update("addresses", target.shipping_address_id, {"country_code": "IT"})
    assert moved.status_code == 200
    api.update("order_copies", copy.pk, {"_retry": True})
    assert run([copy])[0].status == FactoryStatus.COMPLETED
