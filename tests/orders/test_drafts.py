"""Draft or pending: an order is pending once it has a customer and something to buy."""

from orders import lifecycle
from orders.models import Event, EventStore, Order
from orders.obstacles import missing
from tests.factories import TESTER, Line, Shop, add_adjustment, add_line, order_with, placed_order


def settled(order: Order) -> str:
    lifecycle.settle([order.pk], who=TESTER)
    order.refresh_from_db()
    return order.status


def test_an_order_settles_with_its_contents(here: Shop) -> None:
    order = order_with(here)
    assert settled(order) == "draft"
    add_adjustment(order, 100)
    assert settled(order) == "draft"
    line = add_line(order, Line(here.sku()))
    assert settled(order) == "pending"
    line.delete()
    assert settled(order) == "draft"


def test_an_order_settles_with_its_customer(here: Shop) -> None:
    order = order_with(here, Line(here.sku()), customer=None)
    assert settled(order) == "draft"
    Order.objects.update(customer=here.alice)
    assert settled(order) == "pending"


def test_settling_tells_and_records_only_changes(here: Shop) -> None:
    changed, same = order_with(here, status="pending"), order_with(here, Line(here.sku()))
    new = order_with(here, Line(here.sku()), status="draft")
    outcome = lifecycle.settle([changed.pk, same.pk, new.pk], who=TESTER)
    assert (outcome.done, outcome.unchanged) == ([changed.pk, new.pk], [same.pk])
    assert list(Event.objects.values_list("name", "resource_id")) == [("orders.pending", new.pk)]
    assert EventStore.objects.count() == 2


def test_settling_leaves_placed_orders_alone(here: Shop) -> None:
    order = placed_order(here)
    order.line_items.all().delete()
    assert settled(order) == "placed"


def test_a_draft_becomes_pending_only_with_what_that_takes(here: Shop) -> None:
    bare = order_with(here, customer=None)
    full = order_with(here, Line(here.sku()), status="draft")
    outcome = lifecycle.make_pending([bare.pk, full.pk], who=TESTER)
    assert outcome.done == [full.pk]
    assert outcome.refused == {bare.pk: [missing("line_items"), missing("customer")]}
