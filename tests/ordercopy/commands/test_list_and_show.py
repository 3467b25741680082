"""`list_copies` and `show_copy` tell what became of copies."""

import pytest

from orders.models import Order
from tests.copying import asked_for, copied, target_of
from tests.factories import Line, add_adjustment, order_with, shop, totalled
from tests.ordercopy.commands.running import manage, manage_json

pytestmark = pytest.mark.django_db


def test_the_list_has_each_copy_with_its_errors() -> None:
    here = shop()
    good = copied(order_with(here, Line(here.sku())))
    bad = copied(order_with(here, Line(here.sku("TEA", stock=1), 2)))
    waiting = asked_for(good.source_order)[0]

    documents = manage_json("list_copies")

    assert [document["id"] for document in documents] == [waiting.pk, bad.pk, good.pk]
    assert [document["status"] for document in documents] == ["pending", "failed", "completed"]
    assert documents[2]["source_number"] == good.source_order.number
    assert documents[2]["target_number"] == target_of(good).number
    assert documents[1]["target_number"] is None
    (error,) = documents[1]["errors"]
    assert (error["code"], error["sku_code"]) == ("out_of_stock", "TEA")
    assert error["message"] == "TEA is out of stock (2 requested, 1 available)"


def test_an_empty_list_is_a_list() -> None:
    assert manage_json("list_copies") == []
    assert "No such copies in test." in manage("list_copies").out


@pytest.mark.parametrize("error", ["out_of_stock", "tea is OUT", "1 available"])
def test_it_finds_copies_by_the_code_or_a_part_of_an_error(error: str) -> None:
    here = shop()
    bad = copied(order_with(here, Line(here.sku("TEA", stock=1), 2)))
    copied(order_with(here, Line(here.sku("JAM", disabled_at="2020-01-01T00:00Z"))))

    assert [document["id"] for document in manage_json("list_copies", "--error", error)] == [bad.pk]


def test_it_narrows_by_status_source_and_limit() -> None:
    here = shop()
    first, second = (order_with(here, Line(here.sku())) for _ in range(2))
    copied(first)
    copied(second)
    asked_for(first)

    assert len(manage_json("list_copies", "--status", "completed")) == 2
    assert len(manage_json("list_copies", "--source", first.number)) == 2
    assert len(manage_json("list_copies", "--limit", "1")) == 1
    assert "… and more" in manage("list_copies", "--limit", "1").out


def test_the_other_mode_is_not_listed_or_shown() -> None:
    here = shop("live")
    copy = copied(order_with(here, Line(here.sku())))

    assert manage_json("list_copies") == []
    assert "There is no copy" in manage("show_copy", copy.pk).error
    assert len(manage_json("list_copies", "--mode", "live")) == 1


def test_a_source_and_its_untouched_target_are_the_same_line_by_line() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("TEA"), 2, options=[150]), shipping_cost=500)
    copy = copied(totalled(source))

    document = manage_json("show_copy", copy.pk)

    assert document["comparison"]["same"]
    assert document["comparison"]["differences"] == []
    assert [line["change"] for line in document["comparison"]["lines"]] == ["same"]
    assert document["attempts"][0]["status"] == "completed"


def test_differences_are_marked_line_by_line_and_field_by_field() -> None:
    here = shop()
    tea, jam, gone = here.sku("TEA"), here.sku("JAM"), here.sku("GONE", stock=0)
    copy = copied(order_with(here, Line(tea), Line(gone), Line(jam)), skip_errors=True)
    target = target_of(copy)
    target.line_items.filter(sku_code="JAM").update(quantity=3, total_amount_cents=3000)
    add_adjustment(target, 70)
    Order.objects.filter(pk=target.pk).update(language_code="de")

    comparison = manage_json("show_copy", copy.pk)["comparison"]

    assert {line["line"]: line["change"] for line in comparison["lines"]} == {
        "TEA": "same",
        "GONE": "only_in_source",
        "JAM": "changed",
        "adjustment": "only_in_target",
    }
    changed = {pair["name"]: (pair["source"], pair["target"]) for pair in comparison["differences"]}
    assert changed["language_code"] == ("en", "de")
    out = manage("show_copy", copy.pk).out
    assert "-  GONE" in out
    assert "quantity 1 → 3" in out
    assert "~  language_code" in out


def test_an_address_is_compared_by_what_is_in_it() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))
    address = target_of(copy).shipping_address
    assert address is not None
    address.city = "Łódź"
    address.save()

    comparison = manage_json("show_copy", copy.pk)["comparison"]

    assert [pair["name"] for pair in comparison["differences"]] == ["shipping_address"]
    assert "Łódź" in manage("show_copy", copy.pk).out


def test_a_copy_without_target_shows_its_errors() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku("TEA", stock=0))))

    assert manage_json("show_copy", copy.pk)["comparison"] is None
    assert "TEA is out of stock" in manage("show_copy", copy.pk).out


def test_text_from_outside_cannot_play_tricks_on_a_terminal() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), number="\x1b[2J1\u202e\n2")
    copied(source)

    out = manage("list_copies").out

    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[2J1 2" in out
