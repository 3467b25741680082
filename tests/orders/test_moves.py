"""From every place where an order can stand, every action does what the table here says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from orders import lifecycle
from orders.lifecycle.picture import picture
from orders.models import Event, EventStore, Order, StockItem
from tests.factories import (
    NOON,
    TESTER,
    Line,
    Shop,
    approved_order,
    cancelled_order,
    fulfilled_order,
    order_with,
    paid_order,
    placed_order,
    refunded_order,
)

SAME = "stays as it is"

# Where an order stands, and what becomes of it by which action; any other action is refused.
TABLE = {
    "draft": {
        "make_pending": "pending",
        "cancel": "cancelled",
    },
    "pending": {
        "make_pending": SAME,
        "place": "placed",
        "cancel": "cancelled",
    },
    "placed": {
        "place": SAME,
        "authorize": SAME,
        "approve": "approved",
        "approve_and_capture": "paid",
        "cancel": "cancelled",
    },
    "placed_free": {
        "place": SAME,
        "approve": "approved_free",
        "cancel": "cancelled",
    },
    "placed_unpaid": {
        "place": SAME,
        "authorize": "placed",
        "approve": "approved_unpaid",
        "cancel": "cancelled",
    },
    "approved": {
        "authorize": SAME,
        "approve": SAME,
        "capture": "paid",
        "approve_and_capture": "paid",
        "cancel": "cancelled",
    },
    "approved_free": {
        "approve": SAME,
        "fulfill": "fulfilled_free",
        "cancel": "cancelled",
    },
    "paid": {
        "approve": SAME,
        "capture": SAME,
        "approve_and_capture": SAME,
        "fulfill": "fulfilled",
        "refund": "refunded",
    },
    "fulfilled": {
        "approve": SAME,
        "capture": SAME,
        "approve_and_capture": SAME,
        "fulfill": SAME,
        "refund": "refunded_late",
    },
    "fulfilled_free": {
        "approve": SAME,
        "fulfill": SAME,
    },
    "cancelled": {
        "cancel": SAME,
    },
    "refunded": {
        "cancel": SAME,
        "refund": SAME,
    },
}

STATES = {
    "draft": ("draft", "unpaid", "unfulfilled"),
    "pending": ("pending", "unpaid", "unfulfilled"),
    "placed": ("placed", "authorized", "unfulfilled"),
    "placed_free": ("placed", "free", "unfulfilled"),
    "placed_unpaid": ("placed", "unpaid", "unfulfilled"),
    "approved": ("approved", "authorized", "unfulfilled"),
    "approved_free": ("approved", "free", "unfulfilled"),
    "approved_unpaid": ("approved", "unpaid", "unfulfilled"),
    "paid": ("approved", "paid", "in_progress"),
    "fulfilled": ("approved", "paid", "fulfilled"),
    "fulfilled_free": ("approved", "free", "fulfilled"),
    "cancelled": ("cancelled", "voided", "unfulfilled"),
    "refunded": ("cancelled", "refunded", "in_progress"),
    "refunded_late": ("cancelled", "refunded", "fulfilled"),
}


def placed_unpaid(here: Shop) -> Order:
    """An order that came in from elsewhere, without a payment."""
    order = placed_order(here)
    order.transactions.all().delete()
    Order.objects.filter(pk=order.pk).update(payment_status="unpaid")
    return order


def fulfilled_free(here: Shop) -> Order:
    order = approved_order(here, Line(here.sku(), price=0))
    lifecycle.fulfill([order.pk], who=TESTER)
    return order


MAKE: dict[str, Callable[[Shop], Order]] = {
    "draft": lambda here: order_with(here, Line(here.sku()), status="draft"),
    "pending": lambda here: order_with(here, Line(here.sku())),
    "placed": placed_order,
    "placed_free": lambda here: placed_order(here, Line(here.sku(), price=0)),
    "placed_unpaid": placed_unpaid,
    "approved": approved_order,
    "approved_free": lambda here: approved_order(here, Line(here.sku(), price=0)),
    "paid": paid_order,
    "fulfilled": fulfilled_order,
    "fulfilled_free": fulfilled_free,
    "cancelled": cancelled_order,
    "refunded": refunded_order,
}


def cases() -> list[tuple[str, str, str | None]]:
    return [
        (state, move.name, results.get(move.name))
        for state, results in TABLE.items()
        for move in lifecycle.MOVES
    ]


def state_of(order: Order) -> tuple[str, str, str]:
    order.refresh_from_db()
    return order.status, order.payment_status, order.fulfillment_status


def test_the_table_here_knows_every_move() -> None:
    told_of = {name for results in TABLE.values() for name in results}
    assert told_of == {move.name for move in lifecycle.MOVES}


@pytest.mark.parametrize(("state", "name", "result"), cases())
def test_an_action_does_what_the_table_says(here: Shop, state: str, name: str, result: str) -> None:
    order = MAKE[state](here)
    before = state_of(order)
    assert before == STATES[state]
    told = Event.objects.count(), EventStore.objects.count(), order.transactions.count()

    outcome = getattr(lifecycle, name)([order.pk], who=TESTER, at=NOON)

    if result in {SAME, None}:
        assert outcome.done == []
        assert outcome.unchanged == ([order.pk] if result else [])
        assert list(outcome.refused) == ([] if result else [order.pk])
        assert state_of(order) == before
        assert told == (
            Event.objects.count(),
            EventStore.objects.count(),
            order.transactions.count(),
        )
    else:
        assert outcome.done == [order.pk]
        assert state_of(order) == STATES[result]


@pytest.mark.parametrize(
    ("state", "name", "message"),
    [
        ("draft", "place", "cannot transition from draft to placed"),
        ("cancelled", "place", "cannot transition from cancelled to placed"),
        ("paid", "cancel", "cannot transition from paid to cancelled"),
        ("fulfilled_free", "cancel", "cannot transition from fulfilled to cancelled"),
        ("placed_free", "approve_and_capture", "cannot transition from free to paid"),
        ("placed", "capture", "cannot transition from placed to paid"),
    ],
)
def test_a_refusal_names_what_stands_in_the_way(
    here: Shop, state: str, name: str, message: str
) -> None:
    order = MAKE[state](here)
    outcome = getattr(lifecycle, name)([order.pk], who=TESTER)
    (obstacle,) = outcome.refused[order.pk]
    assert (obstacle.code, obstacle.key) == ("invalid_transition", "status")
    assert obstacle.message == message


def test_one_refused_order_does_not_hold_up_the_others(here: Shop) -> None:
    placed, draft, approved = MAKE["placed"](here), MAKE["draft"](here), MAKE["approved"](here)
    outcome = lifecycle.approve([draft.pk, placed.pk, approved.pk], who=TESTER)
    assert outcome.done == [placed.pk]
    assert outcome.unchanged == [approved.pk]
    assert list(outcome.refused) == [draft.pk]


@pytest.mark.parametrize("name", [*(move.name for move in lifecycle.MOVES), "archive", "settle"])
def test_an_unknown_order_stops_the_action_before_anything_is_done(here: Shop, name: str) -> None:
    order = placed_order(here)
    with pytest.raises(lifecycle.OrdersNotFound, match="nowhere123") as caught:
        getattr(lifecycle, name)([order.pk, "nowhere123"], who=TESTER)
    assert caught.value.order_ids == ("nowhere123",)
    assert state_of(order) == STATES["placed"]


def test_an_order_given_twice_moves_once(here: Shop) -> None:
    order = order_with(here, Line(here.sku(stock=1)))
    assert lifecycle.place([order.pk, order.pk], who=TESTER).done == [order.pk]
    assert StockItem.objects.get().quantity == 0
    assert order.transactions.count() == 1


def test_the_command_prints_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lifecycle_picture")
    assert capsys.readouterr().out.strip() == picture()
    for move in lifecycle.MOVES:
        assert move.name.replace("_", " ") in picture()


def test_the_readme_shows_the_lifecycle_as_it_is() -> None:
    readme = Path(settings.BASE_DIR, "README.md").read_text()
    _, shown = readme.split("<!-- lifecycle -->")
    shown, _ = shown.split("<!-- /lifecycle -->")
    assert shown.strip() == f"```mermaid\n{picture()}\n```"
