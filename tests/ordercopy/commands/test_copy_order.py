"""`copy_order` copies one order and says what came out."""

import pytest

from ordercopy.models import OrderCopy, OrderFactory
from orders.models import Order
from tests.factories import Line, order_with, placed_order, shop
from tests.ordercopy.commands.running import manage, manage_json

pytestmark = pytest.mark.django_db


def test_it_makes_a_pending_order_and_prints_its_number_and_totals() -> None:
    here = shop()
    source = placed_order(here, Line(here.sku("TEA", price=250), 2))

    ran = manage("copy_order", source.number)

    target = Order.objects.get(copied_from=source)
    assert ran.code == 0
    assert f"of {source.number} (test) completed: {target.number} is pending" in ran.out
    assert "TEA" in ran.out
    assert "€5,00" in ran.out


def test_its_json_is_one_document_with_everything_that_came_out() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("TEA", price=250), 2))

    document = manage_json("copy_order", source.pk)

    target = Order.objects.get(copied_from=source)
    assert document["mode"] == "test"
    assert document["status"] == "completed"
    assert document["source_number"] == source.number
    assert document["target_number"] == target.number
    assert document["target_totals"]["total_amount_cents"] == 500
    assert document["errors_log"] == {}
    assert document["lines"] == [
        {
            "sku_code": "TEA",
            "name": "TEA",
            "quantity": 2,
            "unit_amount_cents": 250,
            "total_amount_cents": 500,
            "outcome": "copied",
            "code": None,
            "message": None,
        }
    ]


def test_a_failed_copy_names_its_errors_and_exits_with_1() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("TEA", stock=1), 3), Line(here.sku("JAM"), 1))

    ran = manage("copy_order", source.number)

    assert ran.code == 1
    assert "line_items: TEA is out of stock (3 requested, 1 available)" in ran.out
    assert not Order.objects.filter(copied_from=source).exists()
    assert OrderCopy.objects.get().status == "failed"


def test_what_is_left_out_is_told_and_no_failure() -> None:
    here = shop()
    source = order_with(here, Line(here.sku("TEA", stock=1), 3), Line(here.sku("JAM"), 1))

    document = manage_json("copy_order", source.number, "--skip-errors")

    assert document["status"] == "completed"
    outcomes = {line["sku_code"]: line["outcome"] for line in document["lines"]}
    assert outcomes == {"TEA": "skipped", "JAM": "copied"}
    assert document["errors"][0]["code"] == "out_of_stock"


def test_all_lines_of_a_sku_that_is_short_are_blocked() -> None:
    here = shop()
    tea = here.sku("TEA", stock=3)
    source = order_with(here, Line(tea, 2), Line(tea, 2))

    document = manage_json("copy_order", source.number)

    assert [line["outcome"] for line in document["lines"]] == ["blocked", "blocked"]
    assert document["errors_count"] == 1


@pytest.mark.parametrize(("stock", "would", "code"), [(5, "complete", 0), (0, "fail", 1)])
def test_a_preview_says_the_same_and_changes_nothing(stock: int, would: str, code: int) -> None:
    here = shop()
    source = order_with(here, Line(here.sku(stock=stock)))

    ran = manage("copy_order", source.number, "--preview", "--json")

    assert ran.code == code
    assert ran.document["would"] == would
    assert ran.document["target_number"] is None
    assert not OrderFactory.objects.exists()
    assert Order.objects.count() == 1


def test_its_options_are_those_of_the_contract() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))

    manage(
        "copy_order",
        source.number,
        *("--place-target-order", "--cancel-source-order", "--no-reuse-wallet"),
        *("--apply-promotions", "--skip-errors", "--ignore-invalid-coupon"),
        *("--reference", "R-1", "--reference-origin", "desk", "--metadata", '{"why": "löschen"}'),
    )

    copy = OrderCopy.objects.get()
    assert copy.target_order is not None
    assert copy.target_order.status == "placed"
    assert copy.source_order.status == "cancelled"
    assert (copy.place_target_order, copy.cancel_source_order, copy.reuse_wallet) == (1, 1, 0)
    assert copy.apply_promotions
    assert copy.skip_errors
    assert copy.ignore_invalid_coupon
    assert (copy.reference, copy.reference_origin) == ("R-1", "desk")
    assert copy.metadata == {"why": "löschen"}
    assert copy.who == {"command": "copy_order"}


def test_options_that_nobody_gave_stay_unset() -> None:
    here = shop()

    manage("copy_order", order_with(here, Line(here.sku())).number)

    copy = OrderCopy.objects.get()
    assert (copy.place_target_order, copy.cancel_source_order) == (None, None)
    assert copy.reuse_wallet


def test_a_number_counts_before_an_id() -> None:
    here = shop()
    by_id = order_with(here, Line(here.sku()))
    by_number = order_with(here, Line(here.sku()), number=by_id.pk)

    assert manage_json("copy_order", by_id.pk)["source_number"] == by_number.number
    assert OrderCopy.objects.get().source_order == by_number


def test_a_number_may_be_written_as_shops_print_it() -> None:
    here = shop()
    order_with(here, Line(here.sku()), number="1001")

    assert manage_json("copy_order", "#1001")["source_number"] == "1001"


@pytest.mark.parametrize("name", ["99", "", "Größe\u202e", "a\0b", "\udcff", "'; --", "x" * 5000])
def test_an_order_that_there_is_not_is_named_and_nothing_is_asked_for(name: str) -> None:
    ran = manage("copy_order", name)

    assert ran.code == 1
    assert "There is no order" in ran.error
    assert "\n" not in ran.error
    assert ran.out == ""
    assert not OrderFactory.objects.exists()


def test_an_order_of_the_other_mode_is_not_touched_and_the_message_says_where_it_is() -> None:
    here = shop("live")
    source = order_with(here, Line(here.sku()), number="1001")

    ran = manage("copy_order", "1001")

    assert ran.code == 1
    assert "1001 is in the other mode" in ran.error
    assert not OrderFactory.objects.exists()
    assert manage_json("copy_order", "1001", "--mode", "live")["mode"] == "live"
    assert Order.objects.filter(copied_from=source, mode="live").count() == 1


@pytest.mark.parametrize(
    "metadata", ["[1]", "null", "{", '{"a": NaN}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', "1"]
)
def test_metadata_that_is_no_object_is_refused(metadata: str) -> None:
    here = shop()
    source = order_with(here, Line(here.sku()))

    ran = manage("copy_order", source.number, "--metadata", metadata)

    assert "--metadata" in ran.error
    assert not OrderFactory.objects.exists()


def test_amounts_are_written_by_the_rules_of_their_currency() -> None:
    here = shop(currency="JPY")
    source = order_with(here, Line(here.sku(price=1500)))

    assert "¥1,500" in manage("copy_order", source.number).out
