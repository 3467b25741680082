"""Options of lines, and the catalogue that they are chosen from."""

from typing import Any

import pytest

from orders.models import EventStore, LineItemOption, Order, SkuOption
from orders.statements import execute
from tests.api_client import ApiClient, attributes_of, errors_of
from tests.factories import Line, Shop, order_with, placed_order, shop, total

pytestmark = pytest.mark.django_db

OPTION = "/data/relationships/sku_option"


def engraving(here: Shop, **fields: Any) -> SkuOption:
    return SkuOption.objects.create(
        **{"mode": here.mode, "name": "Engraving", "price_amount_cents": 150, **fields}
    )


def chosen(api: ApiClient, order: Order, option: SkuOption, **values: Any) -> Any:
    return api.create(
        "line_item_options",
        {"quantity": 1, "options": {"text": "To Bob"}, **values},
        line_item=("line_items", order.line_items.get()),
        sku_option=("sku_options", option),
    )


def test_options_add_to_their_line_and_its_order(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku(price=1000), 2))

    made = chosen(api, order, engraving(here, delay_hours=36), quantity=2)

    found = attributes_of(made)
    assert (found["name"], found["unit_amount_cents"]) == ("Engraving", 150)
    assert (found["formatted_total_amount"], found["delay_days"]) == ("€3,00", 2)
    assert (total(order), order.line_items.get().options_amount_cents) == (2300, 300)
    pk = made.json()["data"]["id"]
    api.update("line_item_options", pk, {"quantity": 1, "options": {"text": "To Ann"}})
    assert (total(order), LineItemOption.objects.get().options) == (2150, {"text": "To Ann"})
    api.update("line_item_options", pk, {"unit_amount_cents": 50})
    assert total(order) == 2050
    assert api.delete("line_item_options", pk).status_code == 204
    assert (total(order), order.line_items.get().options_amount_cents) == (2000, 0)
    assert EventStore.objects.filter(resource_type="line_item_options").count() == 4


def test_without_autorefresh_the_line_is_right_and_the_order_waits(
    here: Shop, api: ApiClient
) -> None:
    order = order_with(here, Line(here.sku(price=1000)), autorefresh=False)
    chosen(api, order, engraving(here))
    assert (order.line_items.get().total_amount_cents, total(order)) == (1150, 1000)


@pytest.mark.parametrize(
    "fields",
    [{"sku_code_regex": "^MUG"}, {"currency_code": "USD"}, {"market": True}],
    ids=["pattern", "currency", "market"],
)
def test_an_option_has_to_go_with_the_line(
    here: Shop, api: ApiClient, fields: dict[str, Any]
) -> None:
    if "market" in fields:
        fields = {"market": shop().market}
    order = order_with(here, Line(here.sku("BOX-1", price=1000)))
    assert errors_of(chosen(api, order, engraving(here, **fields))) == [
        (422, "VALIDATION_ERROR", OPTION)
    ]
    fits = engraving(here, sku_code_regex=r"^(MUG|BOX)-\d$", currency_code="EUR")
    assert chosen(api, order, fits).status_code == 201


def test_a_line_with_options_keeps_to_skus_that_go_with_them(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku("BOX-1")))
    chosen(api, order, engraving(here, sku_code_regex="^BOX"))
    line = order.line_items.get()
    here.sku("MUG")
    here.sku("BOX-2")
    answer = api.update("line_items", line.pk, {"sku_code": "MUG"})
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/attributes/sku_code")]
    assert api.update("line_items", line.pk, {"sku_code": "BOX-2"}).status_code == 200


def test_an_order_that_was_placed_keeps_its_options(here: Shop, api: ApiClient) -> None:
    order = placed_order(here, Line(here.sku(), options=[50]))
    option = LineItemOption.objects.get()
    refused = (422, "VALIDATION_ERROR")
    for answer in (
        chosen(api, order, engraving(here)),
        api.update("line_item_options", option.pk, {"quantity": 2}),
        api.delete("line_item_options", option.pk),
    ):
        assert [error[:2] for error in errors_of(answer)] == [refused]
    assert api.update("line_item_options", option.pk, {"reference": "x"}).status_code == 200


def test_an_option_needs_a_quantity_and_a_choice(here: Shop, api: ApiClient) -> None:
    order = order_with(here, Line(here.sku()))
    answer = chosen(api, order, engraving(here), quantity=0)
    assert errors_of(answer) == [(422, "VALIDATION_ERROR", "/data/attributes/quantity")]
    foreign = engraving(shop("live"))
    assert errors_of(chosen(api, order, foreign)) == [(422, "VALIDATION_ERROR", OPTION)]


def test_the_catalogue_of_options(here: Shop, api: ApiClient) -> None:
    made = api.create(
        "sku_options",
        {"name": "Wrapping", "price_amount_cents": 250, "delay_hours": 11},
        market=("markets", here.market),
    )
    found = attributes_of(made)
    assert (found["currency_code"], found["formatted_price_amount"]) == ("EUR", "€2,50")
    assert found["delay_days"] == 0
    pk = made.json()["data"]["id"]
    place = "/data/attributes/sku_code_regex"
    for pattern in ("MUG(", r"^(a+)(a+)\1\2$", "(((a{0,30}){0,30}b?){0,9})c"):
        answer = api.update("sku_options", pk, {"sku_code_regex": pattern})
        assert errors_of(answer) == [(422, "VALIDATION_ERROR", place)]
    assert execute("SHOW statement_timeout") == [("0",)]
    literal = {"sku_code_regex": r"^\\1\d$"}
    assert attributes_of(api.update("sku_options", pk, literal))["sku_code_regex"] == r"^\\1\d$"
    assert attributes_of(api.update("sku_options", pk, {"sku_code_regex": "MUG"}))["name"]
    assert api.ids("/api/sku_options", {"filter[q][delay_days_eq]": 0}) == [pk]
    assert api.delete("sku_options", pk).status_code == 204


def test_a_sku_shows_the_options_that_go_with_it(here: Shop, api: ApiClient) -> None:
    mug, box = here.sku("MUG-1"), here.sku("BOX-1")
    of_all = engraving(here)
    of_mugs = engraving(here, sku_code_regex="^MUG-[0-9]$")
    engraving(shop("live"))

    assert set(api.ids(f"/api/skus/{mug.pk}/sku_options")) == {of_all.pk, of_mugs.pk}
    assert api.ids(f"/api/skus/{box.pk}/sku_options") == [of_all.pk]
    found = api.document("/api/skus", {"include": "sku_options"})
    shown = {
        sku["attributes"]["code"]: {
            option["id"] for option in sku["relationships"]["sku_options"]["data"]
        }
        for sku in found["data"]
    }
    assert shown == {"MUG-1": {of_all.pk, of_mugs.pk}, "BOX-1": {of_all.pk}}
    assert len(found["included"]) == 2
