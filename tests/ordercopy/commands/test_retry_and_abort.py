"""`retry_copies` and `abort_copies` move the copies that are meant, and name the others."""

import pytest

from ordercopy.models import OrderCopy, OrderCopyBatch, OrderFactory
from orders.models import Order, StockItem
from tests.copying import asked_for, copied, run, target_of
from tests.factories import Line, Shop, order_with, shop
from tests.ordercopy.commands.running import manage, manage_json
from tests.races import second_connection

pytestmark = pytest.mark.django_db


def failed_copy(here: Shop, code: str = "TEA", **fields: object) -> OrderCopy:
    """A copy that one SKU made fail, and one line of which could be copied."""
    lines = [Line(here.sku(code, stock=0)), Line(here.sku())]
    return copied(order_with(here, *lines, **fields))


def status_of(copy: OrderCopy) -> str:
    return OrderFactory.objects.get(pk=copy.pk).status


def test_failed_copies_are_tried_again_and_run() -> None:
    here = shop()
    copy = failed_copy(here)
    StockItem.objects.filter(sku__code="TEA").update(quantity=5)

    document = manage_json("retry_copies", copy.pk, "--run", "--yes")

    assert (document["mode"], document["done"], document["completed"]) == ("test", [copy.pk], 1)
    assert status_of(copy) == "completed"


def test_one_that_fails_again_exits_with_1() -> None:
    ran = manage("retry_copies", failed_copy(shop()).pk, "--run", "--yes")

    assert ran.code == 1
    assert "TEA is out of stock" in ran.out


def test_without_run_they_wait_for_the_workers() -> None:
    copy = failed_copy(shop())

    assert manage("retry_copies", "--all-failed", "--yes").code == 0
    assert status_of(copy) == "pending"


def test_filters_choose_by_error_status_and_batch() -> None:
    here = shop()
    tea, jam = failed_copy(here, "TEA"), failed_copy(here, "JAM")
    aborted = asked_for(order_with(here, Line(here.sku())))[0]
    manage("abort_copies", aborted.pk, "--yes")

    assert manage_json("retry_copies", "--error", "JAM is out", "--yes")["done"] == [jam.pk]
    assert manage_json("retry_copies", "--status", "aborted", "--yes")["done"] == [aborted.pk]
    assert manage_json("retry_copies", "--error", "out_of_stock", "--yes")["done"] == [tea.pk]
    assert manage_json("retry_copies", "--all-failed", "--yes")["done"] == []


def test_leaving_out_makes_a_new_copy_once_however_often_it_is_asked() -> None:
    here = shop()
    copy = failed_copy(here)

    document = manage_json("retry_copies", "--all-failed", "--leave-out", "--run", "--yes")
    again = manage_json("retry_copies", "--all-failed", "--leave-out", "--run", "--yes")
    by_id = manage("retry_copies", copy.pk, "--leave-out", "--yes", "--json")

    assert document["completed"] == 1
    assert again["done"] == []
    assert (by_id.code, list(by_id.document["refused"])) == (1, [copy.pk])
    assert Order.objects.filter(copied_from=copy.source_order).count() == 1


def test_one_that_is_where_it_cannot_be_moved_from_is_named() -> None:
    here = shop()
    copy = copied(order_with(here, Line(here.sku())))

    ran = manage("retry_copies", copy.pk, "--yes")

    assert ran.code == 1
    assert f"{copy.pk} (completed)" in ran.out
    assert manage("abort_copies", copy.pk, "--yes").code == 1


def test_pending_copies_are_aborted_and_make_nothing() -> None:
    here = shop()
    copies = asked_for(*(order_with(here, Line(here.sku())) for _ in range(3)))

    document = manage_json("abort_copies", "--all-open", "--yes")
    run(copies)

    assert document["done"] == [copy.pk for copy in copies]
    assert not Order.objects.exclude(copied_from=None).exists()


def test_copies_that_wait_again_are_aborted_by_what_made_them_fail() -> None:
    here = shop()
    tea, jam = failed_copy(here, "TEA"), failed_copy(here, "JAM")
    manage("retry_copies", "--all-failed", "--yes")

    assert manage_json("abort_copies", "--error", "TEA", "--yes")["done"] == [tea.pk]
    assert status_of(jam) == "pending"


@pytest.mark.parametrize("command", ["retry_copies", "abort_copies"])
@pytest.mark.parametrize(
    "arguments", [(), ("x", "--status", "failed"), ("nope",), ("--batch", "nope")]
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    command: str, arguments: tuple[str, ...]
) -> None:
    ran = manage(command, *arguments, "--yes")

    assert ran.code
    assert "\n" not in ran.error
    assert ran.out == ""


def test_unknown_ids_are_all_named_and_nothing_is_done() -> None:
    copy = failed_copy(shop())

    ran = manage("retry_copies", copy.pk, "nope", "no such", "--yes")

    assert "nope, no such" in ran.error
    assert status_of(copy) == "failed"


@pytest.mark.parametrize("command", ["retry_copies", "abort_copies"])
def test_copies_of_the_other_mode_are_unknown(command: str) -> None:
    copy = failed_copy(shop("live"))

    assert "in test" in manage(command, copy.pk, "--yes").error
    assert manage_json("retry_copies", "--all-failed", "--yes")["done"] == []
    assert status_of(copy) == "failed"


def test_a_kept_target_is_cancelled_when_it_is_made_again() -> None:
    here = shop()
    source = order_with(here, Line(here.sku()), shipping_address=None)
    copy = copied(source, place_target_order=True)
    kept = target_of(copy)

    manage("retry_copies", copy.pk, "--leave-out", "--yes")

    kept.refresh_from_db()
    assert kept.status == "cancelled"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["retry_copies", "abort_copies"])
def test_one_that_somebody_holds_is_left_alone_and_named(command: str) -> None:
    here = shop()
    copy = (
        failed_copy(here)
        if command == "retry_copies"
        else asked_for(order_with(here, Line(here.sku())))[0]
    )
    before = copy.status
    with second_connection() as other:
        other.execute("SELECT FROM ordercopy_orderfactory WHERE id = %s FOR UPDATE", [copy.pk])
        ran = manage(command, copy.pk, "--yes", "--json")

    assert ran.code == 1
    assert ran.document["locked"] == [copy.pk]
    assert status_of(copy) == before


def test_a_batch_whose_rest_is_aborted_says_so() -> None:
    here = shop()
    order_with(here, Line(here.sku()))
    batch_id = manage_json("copy_orders", "--all", "--yes", "--enqueue")["batch_id"]

    assert len(manage_json("abort_copies", "--batch", batch_id, "--yes")["done"]) == 1
    assert OrderCopyBatch.objects.get().aborted_at is not None
    resumed = manage("copy_orders", "--resume", batch_id, "--json")
    assert (resumed.code, resumed.document["aborted"]) == (1, 1)
