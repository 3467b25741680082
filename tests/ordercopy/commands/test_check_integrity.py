"""`check_integrity` names every row that breaks a promise, whoever broke it."""

import pytest
from django.db import connection

from orders.models import Order
from tests.copying import asked_for, copied, target_of
from tests.factories import Line, Shop, fulfilled_order, order_with, placed_order, refunded_order
from tests.factories import shop as new_shop
from tests.ordercopy.commands.running import manage, manage_json

pytestmark = pytest.mark.django_db


def sabotage(*statements: str) -> None:
    """Write what the code would never write; a constraint that forbids it is dropped before."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


def broken() -> dict[str, list[dict[str, str]]]:
    """The rows that break a promise, by its name."""
    ran = manage("check_integrity", "--json")
    document = ran.document
    found = {check["name"]: check["broken"] for check in document["checks"] if check["broken"]}
    errors = [name for name in found if name != "left_behind"]
    assert (ran.code, document["ok"]) == ((1, False) if errors else (0, True))
    return found


@pytest.fixture
def here() -> Shop:
    return new_shop()


def test_a_shop_full_of_orders_and_copies_keeps_every_promise(here: Shop) -> None:
    tea = here.sku(stock=50)
    placed = placed_order(here, Line(tea, 2, options=[150]))
    fulfilled_order(here, Line(tea))
    refunded_order(here, Line(tea))
    copied(placed, place_target_order=True)
    copied(order_with(here, Line(here.sku(stock=0)), Line(tea)), skip_errors=True)
    copied(order_with(here, Line(here.sku(stock=0))))
    copied(order_with(here, Line(tea), shipping_address=None), place_target_order=True)
    asked_for(placed)
    live = new_shop("live")
    copied(order_with(live, Line(live.sku()), shipping_cost=500))

    ran = manage("check_integrity")

    assert ran.code == 0, ran.out
    assert "none is broken" in ran.out


def test_totals_that_are_not_those_of_the_lines(here: Shop) -> None:
    order = order_with(here, Line(here.sku(price=1000), 2))
    sabotage("UPDATE orders_order SET subtotal_amount_cents = 1999, total_amount_cents = 1999")

    (row,) = broken()["order_totals"]
    assert (row["id"], row["name"], row["mode"]) == (order.pk, order.number, "test")
    assert row["what"] == "subtotal is 1999 and its lines come to 2000"
    assert order.number in manage("check_integrity").out


def test_an_order_that_does_not_refresh_by_itself_may_wait_until_it_is_placed(here: Shop) -> None:
    waiting = order_with(here, Line(here.sku(price=1000), 2), autorefresh=False)
    placed = placed_order(here, Line(here.sku(price=1000), 2), autorefresh=False)
    sabotage("UPDATE orders_order SET subtotal_amount_cents = 1999, total_amount_cents = 1999")

    assert waiting.placed_at is None
    assert [row["id"] for row in broken()["order_totals"]] == [placed.pk]


def test_a_total_that_does_not_add_up(here: Shop) -> None:
    order_with(here, Line(here.sku()))
    sabotage(
        "ALTER TABLE orders_order DROP CONSTRAINT an_order_total_adds_up",
        "UPDATE orders_order SET total_amount_cents = 1",
    )

    assert set(broken()) == {"order_sums", "constraints_there"}


def test_a_line_whose_options_are_left_out_of_its_total(here: Shop) -> None:
    order_with(here, Line(here.sku(), options=[150]))
    sabotage("UPDATE orders_lineitemoption SET unit_amount_cents = 160")

    (row,) = broken()["line_totals"]
    assert "options are 150 and come to 160" in row["what"]


def test_stock_that_is_held_by_an_order_that_is_not_placed(here: Shop) -> None:
    order = placed_order(here, Line(here.sku(), 2))
    sabotage(
        "UPDATE orders_order SET status = 'pending', payment_status = 'unpaid', placed_at = NULL"
    )

    (row,) = broken()["taken_stock"]
    assert (row["id"], row["what"]) == (order.pk, "holds 2 pieces of stock and is pending")


def test_more_stock_than_a_line_needs(here: Shop) -> None:
    placed_order(here, Line(here.sku(), 2))
    sabotage("UPDATE orders_stocklineitem SET quantity = 3")

    assert set(broken()) == {"taken_for_lines"}


@pytest.mark.parametrize(
    "statement",
    [
        """
        UPDATE orders_order o SET customer_id = c.id FROM orders_customer c WHERE c.mode = 'live'
        """,
        """
        INSERT INTO orders_order_tags (order_id, tag_id)
        SELECT o.id, t.id FROM orders_order o CROSS JOIN orders_tag t
        """,
        """
        INSERT INTO orders_marketstocklocation (market_id, stock_location_id)
        SELECT m.id, l.id FROM orders_market m JOIN orders_stocklocation l ON l.mode <> m.mode
         WHERE m.mode = 'test'
        """,
        """
        UPDATE ordercopy_orderfactory SET batch_id = b.id FROM ordercopy_ordercopybatch b
        """,
    ],
)
def test_a_reference_from_one_mode_to_the_other(here: Shop, statement: str) -> None:
    asked_for(order_with(here, Line(here.sku())))
    live = new_shop("live")
    sabotage(
        "INSERT INTO orders_tag (mode, name) VALUES ('live', 'x')",
        "INSERT INTO ordercopy_ordercopybatch (mode, who) VALUES ('live', '{}')",
        statement,
    )

    (row,) = broken()["modes"]
    assert "live" in row["what"]
    assert live.mode == "live"


def test_one_order_with_two_makers(here: Shop) -> None:
    source = order_with(here, Line(here.sku()))
    first, second = copied(source), copied(source)
    sabotage(
        "DROP INDEX one_factory_per_target",
        f"UPDATE ordercopy_orderfactory SET target_order_id = '{first.target_order_id}'",
    )

    (row,) = broken()["one_factory"]
    assert first.pk in row["what"]
    assert second.pk in row["what"]


def test_a_target_that_says_it_is_from_somewhere_else(here: Shop) -> None:
    target = target_of(copied(order_with(here, Line(here.sku()))))
    Order.objects.filter(pk=target.pk).update(copied_from=None)

    (row,) = broken()["lineage"]
    assert f"{target.number} says that it was copied from nothing" in row["what"]


def test_a_completed_copy_without_target(here: Shop) -> None:
    copied(order_with(here, Line(here.sku())))
    sabotage(
        "ALTER TABLE ordercopy_orderfactory DROP CONSTRAINT a_completed_factory_has_a_target",
        "UPDATE ordercopy_orderfactory SET target_order_id = NULL",
    )

    assert "targets" in broken()


def test_errors_and_attempts_that_do_not_agree(here: Shop) -> None:
    copied(order_with(here, Line(here.sku(stock=0))))
    sabotage("UPDATE ordercopy_orderfactory SET errors_count = 5")

    found = broken()

    assert found["errors_counted"][0]["what"] == "counts 5 errors in attempt 1 and has 1"
    assert set(found) == {"errors_counted", "attempts"}


def test_an_attempt_without_record_and_one_that_is_yet_to_come(here: Shop) -> None:
    copied(order_with(here, Line(here.sku())))
    sabotage("UPDATE ordercopy_copyattempt SET number = 2")

    assert set(broken()) == {"attempts", "later_attempts"}


def test_a_copy_whose_worker_is_gone_is_a_warning_only(here: Shop) -> None:
    copy = asked_for(order_with(here, Line(here.sku())))[0]
    sabotage(
        "UPDATE ordercopy_orderfactory SET status = 'in_progress', started_at = now(),"
        " claimed_pid = 0, claimed_at = now() - interval '2 hours', worker = 'gone:1'"
    )

    (row,) = broken()["left_behind"]
    assert row["id"] == copy.pk
    assert "1 warning" in manage("check_integrity").out


def test_a_constraint_that_was_never_validated(here: Shop) -> None:
    sabotage(
        "ALTER TABLE orders_order ADD CONSTRAINT hasty CHECK (number <> '') NOT VALID",
    )

    (row,) = broken()["constraints_valid"]
    assert row["name"] == "hasty of orders_order"


def test_a_mode_narrows_what_is_named() -> None:
    live = new_shop("live")
    order_with(live, Line(live.sku()))
    sabotage("UPDATE orders_order SET subtotal_amount_cents = 1, total_amount_cents = 1")

    assert manage_json("check_integrity", "--mode", "test")["ok"]
    assert not manage_json("check_integrity", "--mode", "live")["ok"]
    assert not manage_json("check_integrity")["ok"]
