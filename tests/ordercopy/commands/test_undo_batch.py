"""`undo_batch` takes back what it can and names the rest."""

import pytest

from ordercopy.engine.claiming import claim
from ordercopy.engine.running import run_claimed
from ordercopy.models import OrderCopyBatch
from ordercopy.working import do_all_that_waits
from orders import lifecycle
from orders.models import Order
from tests.copying import batch_of
from tests.factories import TESTER, Line, order_with, shop
from tests.ordercopy.commands.running import manage, manage_json

pytestmark = pytest.mark.django_db


def copied_batch(count: int = 2, *options: str, mode: str = "test") -> OrderCopyBatch:
    here = shop(mode)
    for _ in range(count):
        order_with(here, Line(here.sku()))
    manage("copy_orders", "--all", "--yes", "--mode", mode, *options)
    return OrderCopyBatch.objects.get(mode=mode)


def targets() -> list[Order]:
    return list(Order.objects.exclude(copied_from=None).order_by("number"))


def test_pending_orders_are_deleted_and_the_copies_aborted() -> None:
    batch = copied_batch()

    document = manage_json("undo_batch", batch.pk, "--yes")

    assert (document["mode"], document["deleted_count"], document["is_over"]) == ("test", 2, True)
    assert targets() == []
    assert set(batch.order_copies.values_list("status", flat=True)) == {"aborted"}


def test_placed_orders_are_cancelled_and_what_cannot_be_is_named() -> None:
    batch = copied_batch(2, "--place-target-order")
    paid = targets()[0]
    lifecycle.approve([paid.pk], who=TESTER)
    lifecycle.capture([paid.pk], who=TESTER)

    ran = manage("undo_batch", batch.pk, "--yes")

    assert ran.code == 1
    assert [target.status for target in targets()] == ["approved", "cancelled"]
    assert "cannot transition from paid to cancelled" in ran.out


def test_workers_go_on_where_copies_are_being_made() -> None:
    here = shop()
    batch = batch_of(*[order_with(here, Line(here.sku())) for _ in range(2)])
    at_hand = claim(worker="tester", limit=1)

    ran = manage("undo_batch", batch.pk, "--yes")

    assert (ran.code, "1 copy that waited aborted" in ran.out) == (1, True)
    assert ran.error == "Copies of it are being made; workers go on once these have ended."
    batch.refresh_from_db()
    assert batch.undo_requested_at
    stopped = batch.order_copies.get(status="aborted").pk
    assert "its batch is being undone" in manage("retry_copies", stopped, "--yes").out
    run_claimed(at_hand, worker="tester")
    assert len(targets()) == 1
    do_all_that_waits()
    batch.refresh_from_db()
    assert (targets(), batch.undo_requested_at) == ([], None)


def test_doing_it_twice_is_harmless() -> None:
    batch = copied_batch()
    manage("undo_batch", batch.pk, "--yes")

    ran = manage("undo_batch", batch.pk, "--yes")

    assert ran.code == 0
    assert "0 new orders deleted" in ran.out


def test_a_batch_of_the_other_mode_is_unknown() -> None:
    batch = copied_batch(mode="live")

    assert "There is no batch" in manage("undo_batch", batch.pk, "--yes").error
    assert len(targets()) == 2
