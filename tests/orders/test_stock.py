"""Stock: taken by placing, from where there is some, and given back by whatever ends an order."""

import pytest

from orders import lifecycle
from orders.models import Order, Sku, StockItem
from orders.obstacles import out_of_stock
from tests.factories import (
    TESTER,
    Line,
    Shop,
    cancelled_order,
    fulfilled_order,
    market_beside,
    moved,
    order_with,
    paid_order,
    placed_order,
    shop,
)


def left(sku: Sku) -> dict[str, int]:
    """How many pieces are left where."""
    return dict(sku.stock_items.values_list("stock_location__name", "quantity"))


def taken(order: Order) -> list[tuple[int, str, int]]:
    """What each line has taken from where."""
    return list(
        order.stock_line_items.order_by(
            "line_item__position", "stock_item__stock_location__name"
        ).values_list("line_item__position", "stock_item__stock_location__name", "quantity")
    )


def test_placing_takes_stock_and_remembers_from_where(here: Shop) -> None:
    sku = here.sku(stock=5)
    order = placed_order(here, Line(sku, 2))
    assert left(sku) == {here.warehouse.name: 3}
    assert taken(order) == [(1, here.warehouse.name, 2)]


def test_lines_of_one_sku_add_up(here: Shop) -> None:
    sku = here.sku("MUG", stock=3)
    order = order_with(here, Line(sku, 2), Line(here.sku()), Line(sku, 2))
    outcome = lifecycle.place([order.pk], who=TESTER)
    first = order.line_items.get(position=1)
    assert outcome.refused == {
        order.pk: [out_of_stock("MUG", requested=4, available=3, line_item_id=first.pk)]
    }


def test_stock_is_taken_from_the_first_location_first_and_split_where_needed(here: Shop) -> None:
    sku = here.sku(stock=3)
    attic = here.location(priority=0)
    here.stock(sku, 2, attic)
    order = placed_order(here, Line(sku, 1), Line(sku, 3))
    assert left(sku) == {attic.name: 0, here.warehouse.name: 1}
    assert sorted(taken(order)) == sorted(
        [(1, attic.name, 1), (2, attic.name, 1), (2, here.warehouse.name, 2)]
    )


def test_stock_of_a_foreign_location_does_not_count(here: Shop) -> None:
    sku = here.sku(stock=None)
    here.stock(sku, 9, shop().warehouse)
    order = order_with(here, Line(sku))
    (obstacle,) = lifecycle.place([order.pk], who=TESTER).refused[order.pk]
    assert obstacle.available == 0


@pytest.mark.parametrize("stock", [None, 0, 1])
def test_what_is_not_tracked_is_never_short(here: Shop, stock: int | None) -> None:
    sku = here.sku(stock=stock, do_not_track=True)
    order = placed_order(here, Line(sku, 7))
    assert not order.stock_line_items.exists()
    assert [item.quantity for item in StockItem.objects.all()] == ([] if stock is None else [stock])


def test_first_come_first_served_and_the_loser_leaves_its_share_to_others(here: Shop) -> None:
    mug, pen = here.sku("MUG", stock=3), here.sku("PEN", stock=1)
    first = order_with(here, Line(mug, 2))
    loser = order_with(here, Line(mug, 2), Line(pen))
    last = order_with(here, Line(mug), Line(pen))
    outcome = lifecycle.place([first.pk, loser.pk, last.pk], who=TESTER)
    assert outcome.done == [first.pk, last.pk]
    (obstacle,) = outcome.refused[loser.pk]
    assert obstacle.message == "MUG is out of stock (2 requested, 1 available)"
    assert not StockItem.objects.exclude(quantity=0).exists()


def test_the_order_given_decides_and_not_the_ids(here: Shop) -> None:
    sku = here.sku(stock=1)
    orders = sorted((order_with(here, Line(sku)) for _ in range(3)), key=lambda order: order.pk)
    outcome = lifecycle.place([order.pk for order in reversed(orders)], who=TESTER)
    assert outcome.done == [orders[-1].pk]


def test_markets_with_the_same_locations_draw_from_one_pool(here: Shop) -> None:
    sku = here.sku(stock=3)
    twin = market_beside(here, here.warehouse)
    orders = [
        order_with(here, Line(sku, 2)),
        order_with(here, Line(sku, 2), market=twin),
        order_with(here, Line(sku, 1), market=twin),
    ]
    outcome = lifecycle.place([order.pk for order in orders], who=TESTER)
    assert outcome.done == [orders[0].pk, orders[2].pk]
    assert left(sku) == {here.warehouse.name: 0}


def test_markets_that_share_some_locations_take_turns(here: Shop) -> None:
    """Served together, the first market would take the only piece that the second can have."""
    sku = here.sku(stock=1)
    shared = here.location(priority=0)
    here.stock(sku, 1, shared)
    other = market_beside(here, shared)
    theirs, ours = order_with(here, Line(sku), market=other), order_with(here, Line(sku))
    outcome = lifecycle.place([theirs.pk, ours.pk], who=TESTER)
    assert outcome.done == [theirs.pk, ours.pk]
    assert taken(ours) == [(1, here.warehouse.name, 1)]


def test_both_modes_can_be_placed_in_one_go(db: None) -> None:
    test, live = shop("test"), shop("live")
    orders = [order_with(each, Line(each.sku("MUG", stock=1))) for each in (test, live)]
    assert len(lifecycle.place([order.pk for order in orders], who=TESTER).done) == 2


def test_cancelling_gives_stock_back_to_where_it_came_from(here: Shop) -> None:
    sku = here.sku(stock=1)
    attic = here.location()
    here.stock(sku, 4, attic)
    order = cancelled_order(here, Line(sku, 3))
    assert left(sku) == {here.warehouse.name: 1, attic.name: 4}
    assert not order.stock_line_items.exists()
    lifecycle.cancel([order.pk], who=TESTER)
    assert left(sku) == {here.warehouse.name: 1, attic.name: 4}


def test_a_refund_gives_stock_back_unless_it_was_handed_over(here: Shop) -> None:
    sku = here.sku(stock=5)
    moved(paid_order(here, Line(sku, 2)), lifecycle.refund)
    assert left(sku) == {here.warehouse.name: 5}
    moved(fulfilled_order(here, Line(sku, 2)), lifecycle.refund)
    assert left(sku) == {here.warehouse.name: 3}
